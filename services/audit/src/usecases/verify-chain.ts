import type { Database } from '@aegis/postgres/database';
import { CHAIN_START, type ChainPosition } from '@aegis/verify/format/leaf-chain';
import { ChainCheck, type Fault } from '../domain/chain-check.ts';
import { TreeCheck, tileFault } from '../domain/tree-check.ts';
import { readHead } from '../store/chain-heads.ts';
import { lastSeq } from '../store/entries.ts';
import { countTiles, selectTiles } from '../store/tiles.ts';
import { saveVerified } from '../store/verified-positions.ts';
import { catchUpTree } from './grow-tree.ts';
import { readRange } from './read-range.ts';

export interface VerifyProgress {
  readonly checked: number;
  readonly size: number;
  /** Null until the end. */
  readonly result: { readonly fault: Fault | null; readonly head: string } | null;
}

/** A check of a part can start or end at any multiple of this, once a whole check has been there. */
export const VERIFIED_STEP = 65_536;

/**
 * Reads the organisation's chain from its first entry to where it ends now, recomputes every checksum, link and
 * disclosure digest, and builds the Merkle tree again. Reports after each page; the last report has the result: the first
 * fault, if any.
 *
 * Whoever can write to the database can also write a new chain from some entry to the end: only a checksum kept
 * elsewhere tells.
 */
export async function* verifyChain(
  database: Database,
  organizationId: string,
  signal: AbortSignal,
): AsyncGenerator<VerifyProgress> {
  // Where that is not possible, the check itself says why.
  await catchUpTree(database, { organizationId }, organizationId).catch(() => undefined);
  const { end, last, tiles } = await database.read({ organizationId }, async (tx) => ({
    end: (await readHead(tx, organizationId)) ?? NO_CHAIN,
    last: await lastSeq(tx, organizationId),
    tiles: await countTiles(tx, organizationId),
  }));
  const check = new ChainCheck(organizationId);
  const tree = new TreeCheck();
  const passed: ChainPosition[] = [];
  const report = (fault: Fault | null): VerifyProgress => ({
    checked: check.position.size,
    size: end.size,
    result: { fault, head: check.position.head },
  });
  for await (const page of readRange(database, organizationId, { from: 0, to: end.size }, signal)) {
    for (const stored of page) {
      const checked = check.next(stored);
      if (!checked.ok) return yield report(checked.fault);
      tree.append(checked.entry.leafHash);
      if (check.position.size % VERIFIED_STEP === 0) passed.push(check.position);
    }
    const full = tree.takeFull();
    const stored = await database.read({ organizationId }, (tx) => selectTiles(tx, organizationId, full));
    const fault = tileFault(full, stored);
    if (fault) return yield report(fault);
    yield { checked: check.position.size, size: end.size, result: null };
  }
  const beyond = last !== null && last >= end.size ? { seq: end.size, kind: 'beyond' as const } : null;
  const fault = check.end(end) ?? beyond ?? tree.end(end, tiles);
  if (fault === null && end.size > 0) {
    const positions = [...passed, check.position];
    await database.tx({ organizationId }, (tx) => saveVerified(tx, organizationId, positions));
  }
  yield report(fault);
}

const NO_CHAIN = { ...CHAIN_START, treeSize: 0, tree: Buffer.alloc(0) };
