import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { createSecretBox } from '@aegis/runtime/secret-box';
import { CompactRange } from '@aegis/verify/format/compact-range';
import { leafHash } from '@aegis/verify/format/hashing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointDirectory } from '../src/checkpoint-directory.ts';
import { createSaltPool } from '../src/salt-pool.ts';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { createLogSigners } from '../src/usecases/log-signer.ts';
import { signCheckpoint } from '../src/usecases/sign-checkpoint.ts';
import { type AuditDatabase, openAuditDatabase, verified } from './audit-database.ts';
import { prepare } from './chain.ts';
import { decided, delivered, submitted } from './events.ts';

/** Tamperings of each kind; 80 are about a thousand together. */
const RUNS = Number(process.env.AEGIS_TEST_TAMPERINGS ?? 8);

const clock = { now: () => new Date('2026-03-05T10:00:00.000Z') };

let db: AuditDatabase;
let directory: string;

beforeAll(async () => {
  db = await openAuditDatabase();
  directory = await mkdtemp(join(tmpdir(), 'aegis-tampering-'));
});
afterAll(async () => {
  await db.close();
  await rm(directory, { recursive: true });
});

/** A log that was signed, here and outside, at its end. */
interface Log {
  readonly organizationId: string;
  readonly size: number;
  /** The size of an earlier checkpoint. */
  readonly signedBefore: number;
}

const place = () => checkpointDirectory(directory);

async function newLog(size: number): Promise<Log> {
  const organizationId = randomUUID();
  const keys = { configured: null, previous: null, box: createSecretBox(randomBytes(32)) };
  const origin = 'audit.example.com';
  const signers = createLogSigners({ database: db.database, nextSalt: createSaltPool(), clock, keys, origin });
  const signing = { database: db.database, clock, signers, origin, place: place() };
  const append = (from: number, to: number) => {
    const events = Array.from({ length: to - from }, (_, index) =>
      delivered((index % 2 === 0 ? submitted : decided)({ organizationId })),
    );
    return appendEntries(db.database, ALL_ORGANIZATIONS, events.map(prepare));
  };
  const signedBefore = Math.ceil(size / 2);
  await append(0, signedBefore);
  await signCheckpoint(signing, organizationId);
  await append(signedBefore, size);
  const { note } = await signCheckpoint(signing, organizationId);
  await place().keep(organizationId, note, clock.now());
  return { organizationId, size, signedBefore };
}

const tamper = ({ organizationId }: Log, statement: string, ...values: unknown[]) =>
  db.tamper(statement, [organizationId, ...values]);

async function leavesOf({ organizationId }: Log): Promise<string[]> {
  const rows = await db.sql<{ leaf: string }>('SELECT leaf FROM entries WHERE organization_id = $1 ORDER BY seq', [
    organizationId,
  ]);
  return rows.map((row) => row.leaf);
}

const changeAmount = (leaf: string) => leaf.replace('"amountMinor":"500000"', '"amountMinor":"1"');

/** Puts the end of chain and tree, and the tiles, in accord with the entries that are there. */
async function mend(log: Log): Promise<void> {
  const hashes = (await leavesOf(log)).map((leaf) => Buffer.from(leafHash(leaf), 'hex'));
  const tree = new CompactRange();
  const roots: Buffer[] = [];
  for (const hash of hashes) tree.append(hash, ({ level }, root) => level === 8 && roots.push(root));
  await db.sql('BEGIN; SET LOCAL session_replication_role = replica');
  await db.sql('DELETE FROM tiles WHERE organization_id = $1', [log.organizationId]);
  for (const [index, root] of roots.entries()) {
    const content = Buffer.concat(hashes.slice(index * 256, (index + 1) * 256));
    await db.sql('INSERT INTO tiles VALUES ($1, 0, $2, $3, $4)', [log.organizationId, index, root, content]);
  }
  await db.sql('UPDATE chain_heads SET size = $2, tree_size = $2, head = $3, tree = $4 WHERE organization_id = $1', [
    log.organizationId,
    hashes.length,
    hashes.at(-1)?.toString('hex') ?? '0'.repeat(64),
    Buffer.concat(tree.hashes),
  ]);
  await db.sql('COMMIT');
}

/** Writes the log anew from a place on, with right checksums and links throughout, as only an owner of the database can. */
async function rewrite(log: Log, from: number): Promise<void> {
  const leaves = await leavesOf(log);
  let prev = from === 0 ? '0'.repeat(64) : leafHash(leaves[from - 1] ?? '');
  for (const [offset, leaf] of leaves.slice(from).entries()) {
    const changed = (offset === 0 ? changeAmount(leaf) : leaf).replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${prev}"`);
    prev = leafHash(changed);
    await tamper(
      log,
      `UPDATE entries SET leaf = $2, leaf_hash = decode($3, 'hex') WHERE organization_id = $1 AND seq = $4`,
      changed,
      prev,
      from + offset,
    );
  }
  await mend(log);
}

interface Tampering {
  /** Does it at a random place, and names the places at which it may be found. */
  readonly apply: (log: Log, at: number, other: number) => Promise<readonly number[]>;
}

const TAMPERINGS: Readonly<Record<string, Tampering['apply']>> = {
  async 'a character of a leaf'(log, at, other) {
    const leaf = (await leavesOf(log))[at] ?? '';
    const position = other % leaf.length;
    const put = leaf[position] === 'x' ? 'y' : 'x';
    const changed = leaf.slice(0, position) + put + leaf.slice(position + 1);
    await tamper(log, 'UPDATE entries SET leaf = $2 WHERE organization_id = $1 AND seq = $3', changed, at);
    return [at];
  },
  async 'a leaf with its checksum'(log, at) {
    const leaf = changeAmount((await leavesOf(log))[at] ?? '');
    const statement = `UPDATE entries SET leaf = $2, leaf_hash = decode($3, 'hex') WHERE organization_id = $1 AND seq = $4`;
    await tamper(log, statement, leaf, leafHash(leaf), at);
    // The entry after it names the checksum; where a checkpoint or the end comes first, that tells.
    return [at, at + 1];
  },
  async 'every leaf from one on, with all checksums, links and the tree'(log, at) {
    await rewrite(log, at);
    return [log.signedBefore - 1, log.size - 1].filter((seq) => seq >= at);
  },
  async 'the same, the checkpoints in the database gone'(log, at) {
    await rewrite(log, at);
    await tamper(log, 'DELETE FROM checkpoints WHERE organization_id = $1');
    return [log.size - 1];
  },
  async 'an entry away'(log, at) {
    await tamper(log, 'DELETE FROM entries WHERE organization_id = $1 AND seq = $2', at);
    return [at];
  },
  async 'several entries away'(log, at, other) {
    const count = 1 + (other % 5);
    await tamper(log, 'DELETE FROM entries WHERE organization_id = $1 AND seq >= $2 AND seq < $3', at, at + count);
    return [at];
  },
  async 'two entries for each other'(log, at, other) {
    const second = other % log.size === at ? (at + 1) % log.size : other % log.size;
    await tamper(
      log,
      `UPDATE entries e SET leaf = o.leaf, leaf_hash = o.leaf_hash FROM entries o
       WHERE e.organization_id = $1 AND o.organization_id = $1
         AND (e.seq, o.seq) IN (($2::bigint, $3::bigint), ($3::bigint, $2::bigint))`,
      at,
      second,
    );
    return [Math.min(at, second)];
  },
  async 'an entry put in between'(log, at) {
    await tamper(log, 'UPDATE entries SET seq = seq + 1001 WHERE organization_id = $1 AND seq >= $2', at);
    await tamper(log, 'UPDATE entries SET seq = seq - 1000 WHERE organization_id = $1 AND seq > 1000');
    await tamper(
      log,
      `INSERT INTO entries SELECT organization_id, $2::bigint, recorded_at, leaf_hash, 'evt_forged', type, actor_id, subject_id,
                                  intent_id, leaf
       FROM entries WHERE organization_id = $1 AND seq = $3`,
      at,
      at === 0 ? 1 : at - 1,
    );
    return [at];
  },
  async 'an entry put behind the end'(log) {
    await tamper(
      log,
      `INSERT INTO entries SELECT organization_id, $2::bigint, recorded_at, leaf_hash, 'evt_forged', type, actor_id, subject_id,
                                  intent_id, leaf
       FROM entries WHERE organization_id = $1 AND seq = $2::bigint - 1`,
      log.size,
    );
    return [log.size];
  },
  async 'the end cut off'(log, at) {
    await tamper(log, 'DELETE FROM entries WHERE organization_id = $1 AND seq >= $2', at);
    return [at];
  },
  async 'the end cut off, with all that tells of it in the database'(log, at) {
    await tamper(log, 'DELETE FROM entries WHERE organization_id = $1 AND seq >= $2', at);
    await tamper(log, 'DELETE FROM checkpoints WHERE organization_id = $1 AND size > $2', at);
    await mend(log);
    return [at];
  },
  async 'a disclosed text'(log, at) {
    const [row] = await db.sql<{ seq: string }>(
      `SELECT seq FROM disclosures WHERE organization_id = $1 ORDER BY abs(seq - $2::bigint) LIMIT 1`,
      [log.organizationId, at],
    );
    await tamper(
      log,
      `UPDATE disclosures SET disclosures = jsonb_set(disclosures, ARRAY[(SELECT min(k) FROM jsonb_object_keys(disclosures) k)],
                                                      '"WyJzIiwiL2RhdGEvcmVhc29uIiwieCJd"')
       WHERE organization_id = $1 AND seq = $2`,
      row?.seq,
    );
    return [Number(row?.seq)];
  },
  async 'what is looked up by'(log, at, other) {
    const column = ['actor_id', 'subject_id', 'type', 'event_id'][other % 4];
    await tamper(log, `UPDATE entries SET ${column} = 'forged' WHERE organization_id = $1 AND seq = $2`, at);
    return [at];
  },
};

describe.each(Object.entries(TAMPERINGS))('tampering with a log: %s', (_, apply) => {
  it('is found, and the place is named', { timeout: 600_000 }, async () => {
    // One log in four is long enough for a tile of its tree to be whole.
    const sizes = fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 2, max: 60 }) },
      fc.integer({ min: 260, max: 300 }),
    );
    const property = fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, pick, other) => {
      const log = await newLog(size);
      expect((await verified(db.database, log.organizationId, place())).result?.fault).toBeNull();
      const places = await apply(log, pick % size, other);
      const fault = (await verified(db.database, log.organizationId, place())).result?.fault;
      if (!fault) expect.fail(`not found at ${places.join(' or ')} of ${size}`);
      expect(places).toContain(fault.seq);
    });
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  });
});
