import { randomFillSync, randomUUID } from 'node:crypto';
import { TreeGrowth } from '@aegis/audit/domain/tree-growth';
import { createHeads, moveHeads } from '@aegis/audit/store/chain-heads';
import { insertTiles } from '@aegis/audit/store/tiles';
import { proveInclusion } from '@aegis/audit/usecases/prove';
import { type CheckpointDependencies, signCheckpoint } from '@aegis/audit/usecases/sign-checkpoint';
import { openCheckpoint } from '@aegis/verify/format/checkpoint';
import { HASH_BYTES } from '@aegis/verify/format/merkle';
import { verifyInclusion } from '@aegis/verify/format/proof-inclusion';
import { TILE_WIDTH } from '@aegis/verify/format/tiles';
import { leafHash } from '@aegis/verify/format/hashing';
import type { AuditDatabase } from './database.ts';

/** Leaves hashed before their tiles are written. */
const STEP = 65_536;
const PROVEN = 200;

/**
 * A log of `size` entries of which only the tree is real, but for those that will be proved and the last ones, which no
 * whole tile holds yet: what a proof costs depends on the tree alone.
 */
export async function growBigTree({ database, operator }: AuditDatabase, size: number): Promise<string> {
  const organizationId = randomUUID();
  const scope = { organizationId };
  const proven = new Set(Array.from({ length: PROVEN }, () => Math.floor(Math.random() * size)));
  const tail = size - (size % TILE_WIDTH);
  const growth = new TreeGrowth({ treeSize: 0, tree: Buffer.alloc(0) });
  const rows: { seq: number; leaf: string; hash: string }[] = [];
  const pool = Buffer.alloc(HASH_BYTES * STEP);
  await database.tx(scope, (tx) => createHeads(tx, [organizationId]));
  for (let begin = 0; begin < size; begin += STEP) {
    randomFillSync(pool);
    for (let seq = begin; seq < Math.min(begin + STEP, size); seq += 1) {
      const offset = (seq - begin) * HASH_BYTES;
      let hash: Buffer = pool.subarray(offset, offset + HASH_BYTES);
      if (proven.has(seq) || seq >= tail) {
        const leaf = JSON.stringify({ org: organizationId, seq });
        hash = Buffer.from(leafHash(leaf), 'hex');
        rows.push({ seq, leaf, hash: hash.toString('hex') });
      }
      growth.append(hash);
    }
    // A step is a number of whole tiles, so nothing that is kept points into the pool, which is filled again.
    const tiles = growth.takeFull();
    await database.tx(scope, (tx) => insertTiles(tx, [{ organizationId, tiles }]));
  }
  await operator.query(
    `INSERT INTO audit.entries (organization_id, seq, recorded_at, leaf_hash, event_id, type, actor_id, subject_id, leaf)
     SELECT $1, seq, now(), decode(hash, 'hex'), 'evt_' || seq, 'bench', 'bench', 'bench', leaf
     FROM unnest($2::bigint[], $3::text[], $4::text[]) AS r (seq, leaf, hash)`,
    [organizationId, rows.map(({ seq }) => seq), rows.map(({ leaf }) => leaf), rows.map(({ hash }) => hash)],
  );
  const head = { organizationId, size, head: rows.at(-1)?.hash ?? '', recordedAtMs: 0, ...growth.head };
  await database.tx(scope, (tx) => moveHeads(tx, [head]));
  return organizationId;
}

/** Milliseconds of each proof of an entry, from its id to the Merkle path; every one of them is checked. */
export async function proofTimes(
  { operator }: AuditDatabase,
  dependencies: CheckpointDependencies,
  organizationId: string,
): Promise<number[]> {
  const { note } = await signCheckpoint(dependencies, organizationId);
  const [signer] = await dependencies.signers.signersOf(organizationId);
  if (!signer) throw new Error('nobody signs');
  const { size, root } = openCheckpoint(note, [signer.verifier]);
  const { rows } = await operator.query<{ id: string; seq: string }>(
    `SELECT event_id AS id, seq FROM audit.entries WHERE organization_id = $1 ORDER BY random() LIMIT ${PROVEN}`,
    [organizationId],
  );
  const times: number[] = [];
  for (const { id, seq } of rows) {
    const startedAt = performance.now();
    const proof = await proveInclusion(dependencies, organizationId, id);
    times.push(performance.now() - startedAt);
    const inclusion = { index: Number(seq), size, leafHash: Buffer.from(leafHash(proof.leaf), 'hex'), root };
    if (!verifyInclusion(inclusion, proof.hashes)) throw new Error(`the proof of ${id} is wrong`);
  }
  return times;
}
