import type { Database } from '@aegis/postgres/database';
import { CHAIN_START, type ChainPosition } from '@aegis/verify/format/leaf-chain';
import type { Fault } from '../domain/chain-check.ts';
import { LinkCheck } from '../domain/link-check.ts';
import type { LeafRow } from '../domain/stored-entry.ts';
import type { ChainHead } from '../store/chain-heads.ts';
import type { SeqRange } from '../store/entries.ts';
import { saveVerified, verifiedAfter, verifiedBefore } from '../store/verified-positions.ts';
import { readLeafRange } from './read-range.ts';
import { VERIFIED_STEP } from './verify-chain.ts';

export type RangeVerdict =
  | { readonly ok: true; readonly begin: ChainPosition; readonly end: ChainPosition }
  | { readonly ok: false; readonly fault: Fault };

/**
 * Follows the links of a range and its neighbours on either side: what was recorded, in order, and nothing else. The
 * check starts at the last position before it that an earlier one verified and goes on to the first one behind it; the
 * ends of the chain stand in where there is none. A range rewritten with new checksums cannot meet the old ones at both
 * ends. So a range costs its own length and at most one step more on each side, not the length of the log. `onEntry` is
 * told of every entry of the range that was found in order.
 */
export async function verifyRange(
  database: Database,
  chain: ChainHead,
  range: SeqRange,
  signal: AbortSignal,
  onEntry: (row: LeafRow) => void = () => undefined,
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
  for await (const page of readLeafRange(database, organizationId, { from: start.size, to: stop.size }, signal)) {
    for (const row of page) {
      const fault = check.next(row);
      if (fault) return { ok: false, fault };
      if (row.seq >= range.from && row.seq < range.to) onEntry(row);
      const position = check.position;
      if (position.size === range.from || position.size === range.to) at.set(position.size, position);
      if (position.size % VERIFIED_STEP === 0 || position.size === stop.size) passed.push(position);
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
