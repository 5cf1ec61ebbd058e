import type { Delivery } from '@aegis/bus/port';
import { CHAIN_START, type ChainPosition, type ProvenLeaf } from '@aegis/verify/format/leaf-chain';
import { ChainCheck, type Fault } from '../src/domain/chain-check.ts';
import { type PendingEntry, prepareEntry } from '../src/domain/entry.ts';
import { sealLeaf } from '../src/domain/leaf.ts';
import type { StoredEntry } from '../src/domain/stored-entry.ts';
import { readLogEvent } from '../src/inbound/log-event.ts';
import { freshSalt } from './events.ts';

export interface Chain {
  readonly entries: readonly StoredEntry[];
  readonly end: ChainPosition;
}

const RECEIVED_AT = new Date('2026-03-05T10:00:05.000Z');

export function prepare(delivery: Delivery): PendingEntry {
  return prepareEntry(readLogEvent(delivery, RECEIVED_AT), freshSalt);
}

/** An entry as the database would hold it, behind `position`. */
export function store(entry: PendingEntry, position: ChainPosition): StoredEntry {
  const recordedAt = new Date(Date.UTC(2026, 2, 5, 10, 0, position.size)).toISOString();
  const { leaf, leafHash } = sealLeaf(entry.leaf, { seq: position.size, prev: position.head, recordedAt });
  return {
    organizationId: entry.organizationId,
    seq: position.size,
    eventId: entry.eventId,
    type: entry.type,
    actorId: entry.actorId,
    subjectId: entry.subjectId,
    intentId: entry.intentId,
    recordedAt,
    leaf: leaf.toString(),
    leafHash,
    disclosures: Object.fromEntries(entry.disclosures.map(({ path, encoded }) => [path, encoded])),
  };
}

export function chainOf(deliveries: readonly Delivery[]): Chain {
  const entries: StoredEntry[] = [];
  let end = CHAIN_START;
  for (const delivery of deliveries) {
    const stored = store(prepare(delivery), end);
    entries.push(stored);
    end = { size: end.size + 1, head: stored.leafHash };
  }
  return { entries, end };
}

/** The first fault of a chain as it would be read back, in order of its seqs. */
export function firstFault(organizationId: string, entries: readonly StoredEntry[], end: ChainPosition): Fault | null {
  const check = new ChainCheck(organizationId);
  for (const entry of entries.toSorted((a, b) => a.seq - b.seq)) {
    const result = check.next(entry);
    if (!result.ok) return result.fault;
  }
  return check.end(end);
}

/** The entries of a chain that is intact. */
export function checkedEntries(organizationId: string, entries: readonly StoredEntry[]): ProvenLeaf[] {
  const check = new ChainCheck(organizationId);
  return entries.map((entry) => {
    const result = check.next(entry);
    if (!result.ok) throw new Error(`${result.fault.kind} at ${result.fault.seq}`);
    return result.entry;
  });
}
