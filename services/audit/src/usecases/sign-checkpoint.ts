import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import type { Clock } from '@aegis/runtime/clock';
import { type Checkpoint, parseCheckpoint, signCheckpoint as signNoteOf } from '@aegis/verify/format/checkpoint';
import { readRoots } from '@aegis/verify/format/merkle';
import { parseNote } from '@aegis/verify/format/note';
import { logOrigin } from '../domain/log-key.ts';
import { openTree } from '../domain/tree-growth.ts';
import { type ChainHead, readHead } from '../store/chain-heads.ts';
import { insertCheckpoint, latestCheckpoint, type StoredCheckpoint } from '../store/checkpoints.ts';
import type { CheckpointPlace } from './checkpoint-place.ts';
import { catchUpTree } from './grow-tree.ts';
import type { LogSigners } from './log-signer.ts';
import { treeReader } from './read-tree.ts';

export interface CheckpointDependencies {
  readonly database: Database;
  readonly clock: Pick<Clock, 'now'>;
  readonly signers: LogSigners;
  readonly origin: string;
  readonly place: CheckpointPlace | null;
}

const EMPTY = { size: 0, treeSize: 0, tree: Buffer.alloc(0) };

/**
 * The checkpoint of the log as it is now: the last one where the log has not grown since, otherwise a new one. Nothing
 * is signed that does not begin with what was signed before, here or outside: whoever cut or rewrote the log in the
 * database gets no signature under it.
 *
 * @throws ProblemError `log_contradicts_checkpoint`
 */
export async function signCheckpoint(
  dependencies: CheckpointDependencies,
  organizationId: string,
): Promise<StoredCheckpoint> {
  const { database, signers, origin, place } = dependencies;
  const scope = { organizationId };
  // First, because a change of key is an entry.
  const signedBy = await signers.signersOf(organizationId);
  await catchUpTree(database, scope, organizationId);
  const outside = await place?.latest(organizationId);
  const kept = outside == null ? null : parseCheckpoint(parseNote(outside).text);
  return database.tx(scope, async (tx) => {
    const last = await latestCheckpoint(tx, organizationId);
    const head = (await readHead(tx, organizationId)) ?? { organizationId, ...EMPTY };
    for (const earlier of [last, kept]) if (earlier) await assertExtends(tx, head, earlier);
    if (last?.size === head.treeSize) return last;
    const root = openTree(head).root();
    const checkpoint = { origin: logOrigin(origin, organizationId), size: head.treeSize, root };
    const signed = { size: head.treeSize, root, note: signNoteOf(checkpoint, signedBy) };
    await insertCheckpoint(tx, organizationId, signed);
    return signed;
  });
}

async function assertExtends(
  tx: Tx,
  head: Pick<ChainHead, 'organizationId' | 'treeSize' | 'tree'>,
  earlier: Pick<Checkpoint, 'size' | 'root'>,
): Promise<void> {
  const { organizationId, treeSize } = head;
  const range = { begin: 0, end: earlier.size };
  const [root] = earlier.size > treeSize ? [] : await readRoots([range], treeReader(tx, organizationId, treeSize));
  if (root?.equals(earlier.root)) return;
  throw new ProblemError(
    'log_contradicts_checkpoint',
    `the log of ${treeSize} entries does not begin with the ${earlier.size} that were signed before: verify it, and restore it from a backup`,
  );
}
