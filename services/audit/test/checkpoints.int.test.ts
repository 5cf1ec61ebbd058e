import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@aegis/contracts/ids';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import { createSecretBox } from '@aegis/runtime/secret-box';
import { openCheckpoint, parseCheckpoint } from '@aegis/verify/format/checkpoint';
import { CompactRange } from '@aegis/verify/format/compact-range';
import { leafHash } from '@aegis/verify/format/hashing';
import { openNote, parseNote, parseVerifierKey } from '@aegis/verify/format/note';
import { verifyConsistency } from '@aegis/verify/format/proof-consistency';
import { verifyInclusion } from '@aegis/verify/format/proof-inclusion';
import { decodeEntries } from '@aegis/verify/format/tiles';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkpointDirectory } from '../src/checkpoint-directory.ts';
import { createSaltPool } from '../src/salt-pool.ts';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { keepCheckpoints } from '../src/usecases/keep-checkpoints.ts';
import { listLogKeys } from '../src/usecases/list-log-keys.ts';
import { createLogSigners, type KeySource } from '../src/usecases/log-signer.ts';
import { proveConsistency, proveInclusion } from '../src/usecases/prove.ts';
import { readLogTile } from '../src/usecases/read-log-tile.ts';
import { signCheckpoint } from '../src/usecases/sign-checkpoint.ts';
import { type AuditDatabase, openAuditDatabase, silent, verified } from './audit-database.ts';
import { prepare } from './chain.ts';
import { AUDITOR, delivered, submitted } from './events.ts';

const ORIGIN = 'audit.example.com';
const clock = { now: () => new Date('2026-03-05T10:00:00.000Z') };
const GENERATED: KeySource = { configured: null, previous: null, box: createSecretBox(randomBytes(32)) };

let db: AuditDatabase;
let directory: string;
let organizationId: string;

beforeAll(async () => {
  db = await openAuditDatabase();
  directory = await mkdtemp(join(tmpdir(), 'aegis-checkpoints-'));
});
afterAll(async () => {
  await db.close();
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  organizationId = randomUUID();
});

const append = (count: number) =>
  appendEntries(
    db.database,
    ALL_ORGANIZATIONS,
    Array.from({ length: count }, () => prepare(delivered(submitted({ organizationId })))),
  );

/** A process of the service: what it remembers of keys is its own. */
function replica(keys: KeySource = GENERATED, options: { origin?: string; outside?: boolean; now?: Clock } = {}) {
  const { origin = ORIGIN, outside = false, now: at = clock } = options;
  const signers = createLogSigners({ database: db.database, nextSalt: createSaltPool(), clock: at, keys, origin });
  const place = outside ? checkpointDirectory(directory) : null;
  return { database: db.database, clock, signers, origin, place, log: silent };
}

const sign = (deps = replica()) => signCheckpoint(deps, organizationId);
const keysOf = async () => (await listLogKeys(db.database, organizationId)).map(({ vkey }) => parseVerifierKey(vkey));
const typesOf = async () =>
  (
    await db.sql<{ type: string }>('SELECT type FROM entries WHERE organization_id = $1 ORDER BY seq', [organizationId])
  ).map(({ type }) => type);
const configured = () => generateKeyPairSync('ed25519').privateKey;

describe('a checkpoint', () => {
  it('is signed by the log’s key over the root of its entries, and again only once the log has grown', async () => {
    await append(300);
    const signed = await sign();
    const opened = openCheckpoint(signed.note, await keysOf());
    expect(opened).toEqual({ origin: `${ORIGIN}/org/${organizationId}`, size: 300, root: signed.root });
    expect(await sign()).toEqual(signed);
    await append(1);
    expect(openCheckpoint((await sign()).note, await keysOf()).size).toBe(301);
  });

  it('of a log without entries is that of the empty tree', async () => {
    expect(openCheckpoint((await sign()).note, await keysOf())).toMatchObject({
      size: 0,
      root: new CompactRange().root(),
    });
  });

  it('is one and the same from replicas that sign at the same moment, the first time too', async () => {
    await append(3);
    const notes = await Promise.all(Array.from({ length: 5 }, () => sign(replica())));
    expect(new Set(notes.map(({ note }) => note)).size).toBe(1);
    expect(await keysOf()).toHaveLength(1);
  });

  it('carries keys and origin of one organisation alone', async () => {
    await append(1);
    await sign();
    const [here] = await keysOf();
    organizationId = randomUUID();
    await append(1);
    const other = await sign();
    expect(() => openNote(other.note, here ? [here] : [])).toThrow('signed by none');
  });
});

describe('a change of key', () => {
  it('stands in the log, signed by both keys, before the new one signs', async () => {
    await append(2);
    const before = await sign();
    await replica().signers.rotate(organizationId, AUDITOR);
    const after = await sign();
    const [old, current] = await keysOf();
    if (!old || !current) throw new Error('two keys were expected');
    expect(await typesOf()).toEqual(['intent.submitted', 'intent.submitted', 'log.key_rotated']);
    const [row] = await db.sql<{ leaf: string }>('SELECT leaf FROM entries WHERE organization_id = $1 AND seq = 2', [
      organizationId,
    ]);
    const { data, actor } = JSON.parse(row?.leaf ?? '{}') as { data: { note: string }; actor: object };
    expect(actor).toMatchObject({ id: AUDITOR.id });
    expect(openNote(data.note, [old, current]).signedBy).toEqual([old, current]);
    // Whoever trusts only one of them can still follow.
    expect(openCheckpoint(after.note, [old]).size).toBe(3);
    expect(openCheckpoint(after.note, [current]).size).toBe(3);
    expect(openCheckpoint(before.note, [old]).size).toBe(2);
    expect((await verified(db.database, organizationId)).result?.fault).toBeNull();
  });

  it('is recorded once, however many replicas come upon it', async () => {
    await append(1);
    const [first, second] = [configured(), configured()];
    await sign(replica({ configured: first, previous: null, box: null }));
    const changed: KeySource = { configured: second, previous: first, box: null };
    await Promise.all(Array.from({ length: 4 }, () => sign(replica(changed))));
    expect((await typesOf()).filter((type) => type === 'log.key_rotated')).toHaveLength(1);
    expect(await keysOf()).toHaveLength(2);
  });

  it('needs the old key, unless it is said to be lost', async () => {
    await append(1);
    await sign(replica({ configured: configured(), previous: null, box: null }));
    const next = configured();
    await expect(sign(replica({ configured: next, previous: null, box: null }))).rejects.toThrow(
      'AUDIT_PREVIOUS_SIGNING_KEY',
    );
    const { note } = await sign(replica({ configured: next, previous: 'lost', box: null }));
    expect(parseNote(note).signatures).toHaveLength(1);
  });

  it('needs the old key no more once the log tells of it, in a process that starts later either', async () => {
    const [old, next] = [configured(), configured()];
    await append(1);
    await sign(replica({ configured: old, previous: null, box: null }));
    await sign(replica({ configured: next, previous: old, box: null }));
    await append(1);
    const { note } = await sign(replica({ configured: next, previous: null, box: null }));
    expect(openCheckpoint(note, await keysOf()).size).toBe(3);
  });

  it('follows a change of the origin, which is a part of the key’s name', async () => {
    await append(1);
    await sign();
    const { note } = await sign(replica(GENERATED, { origin: 'other.example.com' }));
    expect(parseCheckpoint(parseNote(note).text)).toMatchObject({
      origin: `other.example.com/org/${organizationId}`,
      size: 2,
    });
    expect((await verified(db.database, organizationId)).result?.fault).toBeNull();
  });

  it('follows an exchange of AEGIS_SECRET_KEY; the old one is needed no more afterwards', async () => {
    const [old, next] = [randomBytes(32), randomBytes(32)];
    const under = (keys: Uint8Array[]) => ({ configured: null, previous: null, box: createSecretBox(keys) });
    const later = { now: () => new Date(Date.now() + 2 * 3_600_000) };
    await append(1);
    await sign(replica(under([old])));
    // Both orders side by side, as while replicas are replaced: nobody makes a key in turn.
    for (const keys of [
      [old, next],
      [next, old],
      [old, next],
    ]) {
      await append(1);
      await sign(replica(under(keys)));
    }
    expect(await keysOf()).toHaveLength(1);
    await append(1);
    const { note } = await sign(replica(under([next, old]), { now: later }));
    expect(parseNote(note).signatures).toHaveLength(2);
    await append(1);
    const alone = await sign(replica(under([next]), { now: later }));
    expect(openCheckpoint(alone.note, await keysOf()).size).toBe(7);
    expect((await typesOf()).filter((type) => type === 'log.key_rotated')).toHaveLength(1);
    expect((await verified(db.database, organizationId)).result?.fault).toBeNull();
    await expect(sign(replica(under([old]), { now: later }))).rejects.toThrow('another AEGIS_SECRET_KEY');
  });

  it('from generated keys to a configured one is crossed as well', async () => {
    await append(1);
    await sign();
    const { note } = await sign(replica({ configured: configured(), previous: null, box: GENERATED.box }));
    expect(parseNote(note).signatures).toHaveLength(2);
  });

  it('of a configured key is made in the configuration', async () => {
    const deps = replica({ configured: configured(), previous: null, box: null });
    await expect(deps.signers.rotate(organizationId, AUDITOR)).rejects.toMatchObject({ code: 'wrong_state' });
  });
});

describe('a proof', () => {
  it('shows an entry in the last checkpoint, or in a new one where it came later', async () => {
    const placed = await append(300);
    const old = await sign();
    const later = await append(5);
    for (const [found, size] of [
      [placed[7], 300],
      [later[2], 305],
    ] as const) {
      if (!found) throw new Error('the entry was not appended');
      const { entry, seq } = found;
      const proof = await proveInclusion(replica(), organizationId, entry.eventId);
      const checkpoint = openCheckpoint(proof.checkpoint.note, await keysOf());
      expect(checkpoint.size).toBe(size);
      const hash = Buffer.from(leafHash(proof.leaf), 'hex');
      expect(proof.seq).toBe(seq);
      expect(verifyInclusion({ index: seq, size, leafHash: hash, root: checkpoint.root }, proof.hashes)).toBe(true);
    }
    const grown = await proveConsistency(replica(), organizationId, 300, null);
    expect(verifyConsistency({ ...grown, fromRoot: old.root }, grown.hashes)).toBe(true);
    expect(openCheckpoint(grown.checkpoint ?? '', await keysOf()).root).toEqual(grown.toRoot);
  });

  it('is refused for an entry of another organisation as for one that is not there', async () => {
    const [placed] = await append(1);
    organizationId = randomUUID();
    for (const id of [placed?.entry.eventId ?? '', newId('evt')]) {
      await expect(proveInclusion(replica(), organizationId, id)).rejects.toMatchObject({ code: 'not_found' });
    }
    await expect(proveConsistency(replica(), organizationId, 0, 1)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('tiles', () => {
  it('hold the entries whose hashes they hold', async () => {
    await append(260);
    const tile = await readLogTile(db.database, organizationId, 'tile/0/001.p/4');
    const entries = decodeEntries(await readLogTile(db.database, organizationId, 'tile/entries/001.p/4'));
    expect(entries.map((entry) => leafHash(entry.toString())).join('')).toBe(tile.toString('hex'));
    for (const path of ['tile/entries/001.p/5', 'tile/entries/001', 'tile/0/002', 'tile/x', 'tile/1/000.p/2']) {
      await expect(readLogTile(db.database, organizationId, path)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect((await readLogTile(db.database, organizationId, 'tile/1/000.p/1')).length).toBe(32);
  });
});

describe('checkpoints kept outside', () => {
  const outside = () => replica(GENERATED, { outside: true });
  const keep = () => keepCheckpoints(outside(), { all: true, olderThanMs: 0 }, new AbortController().signal);
  const faultNow = async () =>
    (await verified(db.database, organizationId, checkpointDirectory(directory))).result?.fault ?? null;

  it('are written whole, one file a day, and never replaced by that of a smaller log', async () => {
    await append(2);
    await keep();
    const first = await sign();
    const folder = join(directory, organizationId);
    expect(await readdir(folder)).toEqual(['2026-03-05.checkpoint']);
    await append(2);
    await keep();
    const place = checkpointDirectory(directory);
    await place.keep(organizationId, first.note, clock.now());
    const kept = await place.list(organizationId);
    expect(kept.map((note) => parseCheckpoint(parseNote(note).text).size)).toEqual([4]);
  });

  it('show that the end was cut off, even where head, tree and checkpoints were cut with it', async () => {
    await append(600);
    await sign();
    await append(10);
    await keep();
    expect(await faultNow()).toBeNull();
    await db.tamper('DELETE FROM entries WHERE organization_id = $1 AND seq >= 600', [organizationId]);
    await db.tamper('DELETE FROM checkpoints WHERE organization_id = $1 AND size > 600', [organizationId]);
    const [last] = await db.sql<{ hash: Buffer }>(
      'SELECT leaf_hash AS hash FROM entries WHERE organization_id = $1 AND seq = 599',
      [organizationId],
    );
    const tree = new CompactRange();
    for (const { hash } of await db.sql<{ hash: Buffer }>(
      'SELECT leaf_hash AS hash FROM entries WHERE organization_id = $1 ORDER BY seq',
      [organizationId],
    ))
      tree.append(hash);
    await db.tamper(
      'UPDATE chain_heads SET size = 600, tree_size = 600, head = $2, tree = $3 WHERE organization_id = $1',
      [organizationId, last?.hash.toString('hex'), Buffer.concat(tree.hashes)],
    );
    expect((await verified(db.database, organizationId)).result?.fault).toBeNull();
    expect(await faultNow()).toEqual({ seq: 600, kind: 'cut' });
    await expect(sign(outside())).rejects.toMatchObject({ code: 'log_contradicts_checkpoint' });
    // Logs of other tests have keys that this process does not.
    expect(await keep()).toBeGreaterThan(0);
  });

  it('show a log of another content, and a note that this log’s keys did not sign', async () => {
    await append(3);
    await keep();
    const file = join(directory, organizationId, '2026-03-05.checkpoint');
    const note = await readFile(file, 'utf8');
    await writeFile(file, note.replace('3\n', '2\n'));
    expect(await faultNow()).toEqual({ seq: 0, kind: 'outside' });
    await writeFile(file, note);
    expect(await faultNow()).toBeNull();
  });
});

describe('whoever changes checkpoints in the database is found out', () => {
  it.each([
    [
      'the root',
      `UPDATE checkpoints SET root = sha256('x') WHERE organization_id = $1`,
      { seq: 299, kind: 'checkpoint' },
    ],
    [
      'the note',
      `UPDATE checkpoints SET note = replace(note, '300', '299') WHERE organization_id = $1`,
      { seq: 299, kind: 'checkpoint' },
    ],
    ['its place', `UPDATE checkpoints SET size = 200 WHERE organization_id = $1`, { seq: 199, kind: 'checkpoint' }],
    [
      'its place, beyond the log',
      `UPDATE checkpoints SET size = 301 WHERE organization_id = $1`,
      { seq: 300, kind: 'cut' },
    ],
    ['the keys', `DELETE FROM log_keys WHERE organization_id = $1`, { seq: 299, kind: 'checkpoint' }],
  ] as const)('changing %s', async (_, statement, fault) => {
    await append(300);
    await sign();
    await db.tamper(statement, [organizationId]);
    expect((await verified(db.database, organizationId)).result?.fault).toEqual(fault);
  });

  it('and the database refuses it to the service', async () => {
    await append(1);
    await sign();
    for (const statement of [
      'UPDATE checkpoints SET size = 2',
      'DELETE FROM checkpoints',
      'DELETE FROM log_keys',
      'DELETE FROM tiles',
    ]) {
      await expect(db.database.tx({ organizationId }, (tx) => tx.query(statement))).rejects.toThrow(
        'permission denied',
      );
      await expect(db.sql(statement)).rejects.toThrow('append-only');
    }
  });
});
