import { openCheckpoint } from '@aegis/verify/format/checkpoint';
import { CompactRange } from '@aegis/verify/format/compact-range';
import { leafHash } from '@aegis/verify/format/hashing';
import { parseVerifierKey } from '@aegis/verify/format/note';
import { verifyConsistency } from '@aegis/verify/format/proof-consistency';
import { verifyInclusion } from '@aegis/verify/format/proof-inclusion';
import { parseProof } from '@aegis/verify/format/proof-text';
import { decodeEntries, TILE_WIDTH, tilePath } from '@aegis/verify/format/tiles';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Client, newAgent, newPerson, personClient, submitDecided, untilAnswer } from '../src/client.ts';

let admin: Client;
let intentId: string;

beforeAll(async () => {
  const agent = await newAgent();
  admin = await personClient('admin');
  ({ id: intentId } = await submitDecided(agent, { reason: 'to be proved' }));
  await untilAnswer(admin, `/v1/audit?intentId=${intentId}`, ({ body }) => body.data.length === 2);
});

async function verifiers() {
  const { body } = await admin.get('/v1/audit/keys');
  return body.data.map(({ vkey }: { vkey: string }) => parseVerifierKey(vkey));
}

const checkpoint = async () => openCheckpoint((await admin.get('/v1/audit/checkpoint')).text, await verifiers());

const hash = (text: string) => Buffer.from(text, 'base64');

describe('a follower of the log, with nothing but its key', () => {
  it('reads every entry in bundles and arrives at the signed root', async () => {
    const { size, root } = await checkpoint();
    const tree = new CompactRange();
    for (let index = 0; index * TILE_WIDTH < size; index += 1) {
      const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
      const { bytes: bundle } = await admin.get(`/v1/audit/${tilePath({ index, width })}`);
      for (const entry of decodeEntries(bundle)) tree.append(Buffer.from(leafHash(entry.toString()), 'hex'));
    }
    expect(tree.end).toBe(size);
    expect(tree.root()).toEqual(root);
  });

  it('proves one entry, also by the text that stands alone', async () => {
    const { body: page } = await admin.get(`/v1/audit?intentId=${intentId}&type=intent.decided`);
    const { id, seq, checksum } = page.data[0];
    const { body } = await admin.get(`/v1/audit/${id}/proof`);
    expect(body).toMatchObject({ seq, checksum });
    expect(leafHash(body.leaf)).toBe(checksum);
    expect(JSON.parse(body.leaf)).toMatchObject({ seq, type: 'intent.decided' });
    const { text } = await admin.get(`/v1/audit/${id}/proof?format=tlog-proof`);
    const { index, hashes, checkpoint: note } = parseProof(text);
    const { size, root } = openCheckpoint(note, await verifiers());
    expect(index).toBe(seq);
    expect(verifyInclusion({ index, size, leafHash: Buffer.from(checksum, 'hex'), root }, hashes)).toBe(true);
  });

  it('sees that the log only grew since the checkpoint it kept', async () => {
    const kept = await checkpoint();
    await submitDecided(await newAgent(), { reason: 'one more' });
    const { body } = await admin.get(`/v1/audit/consistency?from=${kept.size}`);
    const now = openCheckpoint(body.checkpoint, await verifiers());
    expect(now.size).toBeGreaterThan(kept.size);
    const shown = { from: kept.size, to: now.size, fromRoot: kept.root, toRoot: now.root };
    expect(verifyConsistency(shown, body.hashes.map(hash))).toBe(true);
  });

  it('is refused without audit:read, and finds nothing that is not there', async () => {
    const { client } = await newPerson(['viewer']);
    expect((await client.get('/v1/audit/checkpoint')).status).toBe(403);
    for (const path of [
      'evt_00000000000000000000000000000000/proof',
      'tile/9/000',
      'tile/entries/x999/999',
      'tile/0/1',
    ]) {
      expect((await admin.get(`/v1/audit/${path}`)).status).toBe(404);
    }
  });
});
