import { ProblemError } from '@aegis/contracts/problems';
import type { Tx } from '@aegis/postgres/transaction';
import { type ReadSubtrees, readRoots } from '@aegis/verify/format/merkle';
import { proveConsistency as consistencyProof } from '@aegis/verify/format/proof-consistency';
import { proveInclusion as inclusionProof } from '@aegis/verify/format/proof-inclusion';
import { readHead } from '../store/chain-heads.ts';
import { latestCheckpoint, type StoredCheckpoint } from '../store/checkpoints.ts';
import { findLeaf } from '../store/entries.ts';
import { treeReader } from './read-tree.ts';
import { type CheckpointDependencies, signCheckpoint } from './sign-checkpoint.ts';

/** That an entry stands in the log: all a reader needs beside the key of the log. */
export interface InclusionProof {
  readonly seq: number;
  readonly leaf: string;
  readonly leafHash: string;
  readonly hashes: readonly Buffer[];
  readonly checkpoint: StoredCheckpoint;
}

/**
 * Proves an entry against the last checkpoint, or a new one where the entry came after it.
 *
 * @throws ProblemError `not_found` when the organisation has no entry of this id
 */
export async function proveInclusion(
  dependencies: CheckpointDependencies,
  organizationId: string,
  entryId: string,
): Promise<InclusionProof> {
  const { database } = dependencies;
  const found = await database.read({ organizationId }, async (tx) => {
    const [entry, last, reader] = await Promise.all([
      findLeaf(tx, organizationId, entryId),
      latestCheckpoint(tx, organizationId),
      readerNow(tx, organizationId),
    ]);
    if (entry === null) throw new ProblemError('not_found', 'the log has no entry with this id');
    return last && entry.seq < last.size ? prove(entry, last, reader.read) : entry;
  });
  if ('hashes' in found) return found;
  const checkpoint = await signCheckpoint(dependencies, organizationId);
  return database.read({ organizationId }, async (tx) =>
    prove(found, checkpoint, (await readerNow(tx, organizationId)).read),
  );
}

async function prove(
  entry: Pick<InclusionProof, 'seq' | 'leaf' | 'leafHash'>,
  checkpoint: StoredCheckpoint,
  read: ReadSubtrees,
): Promise<InclusionProof> {
  return { ...entry, checkpoint, hashes: await inclusionProof(entry.seq, checkpoint.size, read) };
}

/** That the log of `to` entries begins with that of `from`. */
export interface ConsistencyProof {
  readonly from: number;
  readonly to: number;
  readonly fromRoot: Buffer;
  readonly toRoot: Buffer;
  readonly hashes: readonly Buffer[];
  /** The checkpoint of `to`, where one was signed. */
  readonly checkpoint: string | null;
}

/** @param to null: the checkpoint of now. @throws ProblemError `invalid_request` when the log is shorter */
export async function proveConsistency(
  dependencies: CheckpointDependencies,
  organizationId: string,
  from: number,
  to: number | null,
): Promise<ConsistencyProof> {
  const checkpoint = to === null ? await signCheckpoint(dependencies, organizationId) : null;
  const end = to ?? checkpoint?.size ?? 0;
  return dependencies.database.read({ organizationId }, async (tx) => {
    const { size, read } = await readerNow(tx, organizationId);
    if (from > end || end > size) {
      throw new ProblemError('invalid_request', `from must not pass to, nor to the ${size} entries of the log`, [
        { path: from > end ? 'from' : 'to', message: 'is larger than the log, or than to' },
      ]);
    }
    const ranges = [from, end].map((last) => ({ begin: 0, end: last }));
    const [fromRoot, toRoot] = await readRoots(ranges, read);
    if (!fromRoot || !toRoot) throw new Error('the tree has no roots');
    return {
      from,
      to: end,
      fromRoot,
      toRoot,
      hashes: await consistencyProof(from, end, read),
      checkpoint: checkpoint?.note ?? null,
    };
  });
}

/** The tree as it stands in this snapshot. */
async function readerNow(tx: Tx, organizationId: string) {
  const size = (await readHead(tx, organizationId))?.treeSize ?? 0;
  return { size, read: treeReader(tx, organizationId, size) };
}
