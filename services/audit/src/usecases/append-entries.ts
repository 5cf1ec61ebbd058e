import { setImmediate } from 'node:timers/promises';
import type { Database, Scope } from '@aegis/postgres/database';
import { sqlState } from '@aegis/postgres/errors';
import type { Tx } from '@aegis/postgres/transaction';
import type { PendingEntry } from '../domain/entry.ts';
import { sealLeaf } from '../domain/leaf.ts';
import { findKnownEvents, insertDisclosures, insertEntries, type PlacedEntry } from '../store/append.ts';
import type { TreeGrowth } from '../domain/tree-growth.ts';
import { createHeads, type LockedHead, lockHeads, moveHeads } from '../store/chain-heads.ts';
import { insertTiles } from '../store/tiles.ts';
import { catchUpTree, openGrowth } from './grow-tree.ts';

const UNIQUE_VIOLATION = '23505';

/** Entries a statement writes: while the database works on them, the next ones are hashed. */
const CHUNK = 250;

/**
 * Appends the entries to the chains of their organisations, in the order given, and resolves to those that were new:
 * an event that stands in the log already is left out, so that a batch may come any number of times.
 */
export async function appendEntries(
  database: Database,
  scope: Scope,
  entries: readonly PendingEntry[],
): Promise<readonly PlacedEntry[]> {
  if (entries.length === 0) return [];
  return (await appendWith(database, scope, async () => ({ value: null, entries }))).placed;
}

/** What a transaction came to, and the entries that tell of it. */
export interface Told<T> {
  readonly value: T;
  readonly entries: readonly PendingEntry[];
}

/**
 * Runs `work` and appends the entries that tell of it in one transaction: what it wrote and what the log says of it are
 * both there, or neither. The chains are locked last, so for no longer than appending takes, and in one order everywhere:
 * rows of other tables, then chains. `work` may be run again, and does nothing but SQL.
 *
 * The index of the events tells whether one is there already; only then, which is rare, are they looked up first.
 */
export async function appendWith<T>(
  database: Database,
  scope: Scope,
  work: (tx: Tx) => Promise<Told<T>>,
): Promise<{ readonly value: T; readonly placed: readonly PlacedEntry[] }> {
  for (let lookUp: typeof findKnownEvents | null = null; ;) {
    const known = lookUp;
    try {
      return await database.tx(scope, async (tx) => {
        const { value, entries } = await work(tx);
        return { value, placed: entries.length === 0 ? [] : await append(tx, entries, known) };
      });
    } catch (error) {
      if (error instanceof ChainsNotReadyError) await makeReady(database, scope, error);
      else if (known === null && sqlState(error) === UNIQUE_VIOLATION) lookUp = findKnownEvents;
      else throw error;
    }
  }
}

/** Nothing can be appended yet, so nothing else is written either. */
class ChainsNotReadyError extends Error {
  override readonly name = 'ChainsNotReadyError';
  /** Their chains do not exist yet. */
  readonly missing: readonly string[];
  /** Their trees are. */
  readonly behind: readonly string[];

  constructor(missing: readonly string[], behind: readonly string[]) {
    super('chains are missing, or their trees are behind');
    this.missing = missing;
    this.behind = behind;
  }
}

async function makeReady(database: Database, scope: Scope, { missing, behind }: ChainsNotReadyError): Promise<void> {
  // In a transaction of its own: new rows and locks on old ones, taken together, would have no common order.
  if (missing.length > 0) await database.tx(scope, (tx) => createHeads(tx, missing));
  for (const organizationId of behind) await catchUpTree(database, scope, organizationId);
}

/** @throws ChainsNotReadyError before anything is written */
async function append(
  tx: Tx,
  entries: readonly PendingEntry[],
  lookUp: typeof findKnownEvents | null,
): Promise<readonly PlacedEntry[]> {
  const organizationIds = [...new Set(entries.map((entry) => entry.organizationId))].sort();
  const [heads] = await Promise.all([lockHeads(tx, organizationIds), seal(entries.slice(0, CHUNK))]);
  const missing = organizationIds.filter((organizationId) => !heads.has(organizationId));
  const behind = [...heads.values()].filter((head) => head.treeSize < head.size).map((head) => head.organizationId);
  if (missing.length > 0 || behind.length > 0) throw new ChainsNotReadyError(missing, behind);
  // Under the lock, so that what is not there now will not come in between.
  const known = lookUp ? await lookUp(tx, entries) : new Set<number>();
  const trees = await openTrees(tx, heads, entries);
  const fresh = newEntries(entries, known);
  const placed: PlacedEntry[] = [];
  const writes: Promise<void>[] = [];
  const write = (written: Promise<void>) => {
    // It may fail before anybody waits for it.
    written.catch(() => undefined);
    writes.push(written);
  };
  for (let at = 0; at < fresh.length; at += CHUNK) {
    const chunk = placeEntries(fresh.slice(at, at + CHUNK), heads, trees);
    placed.push(...chunk);
    const disclosed = chunk.filter(({ entry }) => entry.disclosures.length > 0);
    write(insertEntries(tx, chunk));
    if (disclosed.length > 0) write(insertDisclosures(tx, disclosed));
    // Leaves the database to it, and only then hashes what comes next.
    await setImmediate();
  }
  if (placed.length === 0) return placed;
  const grown = [...trees].map(([organizationId, tree]) => ({ organizationId, tiles: tree.takeFull() }));
  const moved = [...heads.values()].map((head) => ({ ...head, ...trees.get(head.organizationId)?.head }));
  // Sent together; the first failure is the transaction's.
  await Promise.all([...writes, insertTiles(tx, grown), moveHeads(tx, moved)]);
  return placed;
}

/** What needs no lock of the first piece; that of the others is done in the time that the database takes to write. */
async function seal(entries: readonly PendingEntry[]): Promise<void> {
  for (const entry of entries) entry.seal();
}

/** Those that are not known, each event once. */
function newEntries(entries: readonly PendingEntry[], known: ReadonlySet<number>): PendingEntry[] {
  const seen = new Set<string>();
  return entries.filter((entry, place) => {
    const identity = `${entry.organizationId} ${entry.eventId}`;
    return !known.has(place) && seen.size < seen.add(identity).size;
  });
}

async function openTrees(
  tx: Tx,
  heads: ReadonlyMap<string, LockedHead>,
  entries: readonly PendingEntry[],
): Promise<Map<string, TreeGrowth>> {
  const counts = new Map<string, number>();
  for (const { organizationId } of entries) counts.set(organizationId, (counts.get(organizationId) ?? 0) + 1);
  const open = [...heads.values()].map(
    async (head) => [head.organizationId, await openGrowth(tx, head, counts.get(head.organizationId) ?? 0)] as const,
  );
  return new Map(await Promise.all(open));
}

/** Gives every entry its place, time and hash, and moves `heads` and `trees` along. */
function placeEntries(
  entries: readonly PendingEntry[],
  heads: Map<string, LockedHead>,
  trees: ReadonlyMap<string, TreeGrowth>,
): PlacedEntry[] {
  const placed: PlacedEntry[] = [];
  for (const entry of entries) {
    const head = heads.get(entry.organizationId);
    if (!head) continue;
    // A clock that was set back must not make the chain go back in time.
    const recordedAtMs = Math.max(head.nowMs, head.recordedAtMs);
    const recordedAt = new Date(recordedAtMs).toISOString();
    const sealed = sealLeaf(entry.leaf, { seq: head.size, prev: head.head, recordedAt });
    trees.get(entry.organizationId)?.append(Buffer.from(sealed.leafHash, 'hex'));
    placed.push({ entry, seq: head.size, recordedAt, ...sealed });
    heads.set(entry.organizationId, { ...head, size: head.size + 1, head: sealed.leafHash, recordedAtMs });
  }
  return placed;
}
