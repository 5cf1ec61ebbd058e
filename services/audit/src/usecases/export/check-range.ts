import type { Database } from '@aegis/postgres/database';
import type { Checkpoint } from '@aegis/verify/format/checkpoint';
import { proveRange, RangeCheck } from '@aegis/verify/format/proof-range';
import type { ExportDefinition } from '../../domain/export/definition.ts';
import { readHead } from '../../store/chain-heads.ts';
import { treeReader } from '../read-tree.ts';
import { verifyRange } from '../verify-range.ts';
import type { CheckedRange } from './records-pass.ts';
import { refusal, refuse } from './refusal.ts';

/**
 * Reads the entries of the range and grows them into the signed tree. Resolves to the range's ends, once every entry of
 * it was found in order and in the tree.
 *
 * @throws ProblemError `export_refused` naming the entry that is not, or that the tree fails
 */
export async function checkRange(
  database: Database,
  organizationId: string,
  range: ExportDefinition['range'],
  signed: Pick<Checkpoint, 'size' | 'root'>,
  signal: AbortSignal,
): Promise<CheckedRange> {
  const { chain, tree } = await database.read({ organizationId }, async (tx) => {
    const head = await readHead(tx, organizationId);
    if (head === null) return refuse('the log is gone');
    const read = treeReader(tx, organizationId, head.treeSize);
    return { chain: head, tree: new RangeCheck(range, signed.size, await proveRange(range, signed.size, read)) };
  });
  const verdict = await verifyRange(database, chain, { from: range.begin, to: range.end }, signal, (leafHash) =>
    tree.next(leafHash),
  );
  if (!verdict.ok) throw refusal(verdict.fault);
  if (!tree.root().equals(signed.root)) refuse('the tree does not give the root that was signed: verify the log');
  return verdict;
}
