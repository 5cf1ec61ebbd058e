import type { Database } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import { parseCheckpoint } from '@aegis/verify/format/checkpoint';
import { type BoundaryLeaf, encodeProofFile } from '@aegis/verify/format/export/proof-file';
import { type ReadSubtrees, readRoots } from '@aegis/verify/format/merkle';
import { parseNote } from '@aegis/verify/format/note';
import { proveConsistency } from '@aegis/verify/format/proof-consistency';
import { proveInclusion } from '@aegis/verify/format/proof-inclusion';
import { proveRange } from '@aegis/verify/format/proof-range';
import { encodeProof } from '@aegis/verify/format/proof-text';
import type { ExportDefinition } from '../../domain/export/definition.ts';
import { readHead } from '../../store/chain-heads.ts';
import { selectLeaves } from '../../store/entries.ts';
import { treeReader } from '../read-tree.ts';
import { refuse } from './refusal.ts';

/**
 * The text of `proof.json`.
 *
 * @throws ProblemError `export_refused` when the tree does not give the signed root, or does not begin with the checkpoint
 *   that was kept
 */
export function buildProof(database: Database, definition: ExportDefinition): Promise<string> {
  const { organizationId, range, log, prior } = definition;
  return database.read({ organizationId }, async (tx) => {
    const read = treeReader(tx, organizationId, (await readHead(tx, organizationId))?.treeSize ?? 0);
    await assertRoot(
      read,
      log.size,
      Buffer.from(log.root, 'base64'),
      'the tree does not give the root that was signed',
    );
    const boundary = (index: number) => boundaryLeaf(tx, definition, index, read);
    return encodeProofFile({
      ...(await proveRange(range, log.size, read)),
      before: range.begin > 0 ? await boundary(range.begin - 1) : null,
      after: range.end < log.size ? await boundary(range.end) : null,
      prior: prior === null ? null : { checkpoint: prior, hashes: await priorProof(prior, log.size, read) },
    });
  });
}

async function priorProof(note: string, size: number, read: ReadSubtrees): Promise<readonly Buffer[]> {
  const prior = parseCheckpoint(parseNote(note).text);
  await assertRoot(read, prior.size, prior.root, 'the log does not begin with the checkpoint that was kept');
  return proveConsistency(prior.size, size, read);
}

async function assertRoot(read: ReadSubtrees, size: number, expected: Buffer, otherwise: string): Promise<void> {
  const [root] = await readRoots([{ begin: 0, end: size }], read);
  if (!root?.equals(expected)) refuse(otherwise);
}

async function boundaryLeaf(
  tx: Tx,
  { organizationId, log }: ExportDefinition,
  index: number,
  read: ReadSubtrees,
): Promise<BoundaryLeaf> {
  const [leaf] = await selectLeaves(tx, organizationId, index, index + 1);
  if (leaf === undefined) return refuse(`seq ${index}: the entry is missing`);
  const hashes = await proveInclusion(index, log.size, read);
  return { leaf, proof: encodeProof({ index, hashes, checkpoint: log.checkpoint }) };
}
