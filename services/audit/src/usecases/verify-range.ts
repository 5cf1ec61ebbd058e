import type { Database } from '@aegis/postgres/database';
import { CHAIN_START, type ChainPosition } from '@aegis/verify/format/leaf-chain';
import { splitHashes } from '@aegis/verify/format/tiles';
import type { Fault } from '../domain/chain-check.ts';
import { LinkCheck } from '../domain/link-check.ts';
import type { ChainHead } from '../store/chain-heads.ts';
import { selectLeafRows, type SeqRange } from '../store/entries.ts';
import { saveVerified, verifiedAfter, verifiedBefore } from '../store/verified-positions.ts';
import { readLinks } from './read-range.ts';
import { VERIFIED_STEP } from './verify-chain.ts';

export type RangeVerdict =
  | { readonly ok: true; readonly begin: ChainPosition; readonly end: ChainPosition }
  | { readonly ok: false; readonly fault: Fault };

/**
 * Follows the links of a range and its neighbours on either side: what was recorded, in order, and nothing else. The
 * check starts at the last position before it that an earlier one verified and goes on to the first one behind it; the
 * ends of the chain stand in where there is none. A range rewritten with new checksums cannot meet the old ones at both
 * ends. So a range costs its own length and at most one step more on each side, not the length of the log. `onEntry` is
 * told the checksum of every entry of the range, in order.
 *
 * The database computes checksums and links of a page; the rows of one that is not as it should be are read, to name the
 * fault. Whoever may use the entries checks each again as it is read.
 */
export async function verifyRange(
  database: Database,
  chain: ChainHead,
  range: SeqRange,
  signal: AbortSignal,
  onEntry: (leafHash: Buffer) => void = () => undefined,
): Promise<RangeVerdict> {
  const { organizationId, size, head } = chain;
  const [before, after] = await database.read({ organizationId }, async (tx) => [
    await verifiedBefore(tx, organizationId, Math.max(range.from - 1, 0)),
    await verifiedAfter(tx, organizationId, Math.min(range.to + 1, size)),
  ]);
  const start = before ?? CHAIN_START;
  const stop = after ?? { size, head };
  const check = new LinkCheck(start);
  const at = new Map<number, ChainPosition>([[start.size, start]]);
  const passed: ChainPosition[] = [];
  const pass = (seq: number, leafHash: Buffer): void => {
    if (seq >= range.from && seq < range.to) onEntry(leafHash);
    const reached = seq + 1;
    const isStep = reached % VERIFIED_STEP === 0 || reached === stop.size;
    if (!isStep && reached !== range.from && reached !== range.to) return;
    const position = { size: reached, head: leafHash.toString('hex') };
    at.set(reached, position);
    if (isStep) passed.push(position);
  };
  for await (const page of readLinks(database, organizationId, { from: start.size, to: stop.size }, signal)) {
    if (check.takePage(page)) {
      for (const [index, leafHash] of splitHashes(page.hashes).entries()) pass(page.range.from + index, leafHash);
      continue;
    }
    const rows = await database.read({ organizationId }, (tx) => selectLeafRows(tx, organizationId, page.range));
    for (const row of rows) {
      const fault = check.next(row);
      if (fault) return { ok: false, fault };
      pass(row.seq, Buffer.from(row.leafHash, 'hex'));
    }
  }
  const fault = check.end(stop);
  if (fault) return { ok: false, fault };
  const begin = at.get(range.from);
  const end = at.get(range.to);
  if (!begin || !end)
    throw new RangeError(`the range ${range.from}..${range.to} is not within ${start.size}..${stop.size}`);
  await database.tx({ organizationId }, (tx) => saveVerified(tx, organizationId, passed));
  return { ok: true, begin, end };
}
