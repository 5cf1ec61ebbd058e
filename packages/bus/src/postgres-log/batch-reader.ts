import type pg from 'pg';
import type { Slice } from '../batch-runner.ts';
import type { Log } from '../log.ts';
import type { Delivery } from '../port.ts';
import type { Claim } from './claim.ts';
import { readRanges } from './read.ts';

/** Messages taken under one claim: offsets `from` up to `to`, less what retention had removed from their start. */
export class ClaimSlice implements Slice {
  readonly claim: Claim;
  readonly deliveries: readonly Delivery[];
  readonly #to: number;
  handled = 0;

  constructor(claim: Claim, to: number, deliveries: readonly Delivery[]) {
    this.claim = claim;
    this.deliveries = deliveries;
    this.#to = to;
  }

  isHeld(): boolean {
    return this.claim.isHeld();
  }

  /** The offset up to which everything is handled, or undefined when nothing is. */
  past(): number | undefined {
    if (this.handled === this.deliveries.length) return this.#to;
    const last = this.deliveries[this.handled - 1];
    return last && Number(last.offset) + 1;
  }
}

/** How many messages wait to be taken under the claims. */
export function backlogOf(claims: Iterable<Claim>): number {
  let backlog = 0;
  for (const claim of claims) backlog += Math.max(0, claim.partition.head - claim.position);
  return backlog;
}

interface Take {
  readonly claim: Claim;
  readonly from: number;
  readonly to: number;
}

/**
 * Takes up to `limit` messages from all partitions together, from memory where they are at hand and by one query where
 * not. Rejects when the query fails; then nothing is taken.
 */
export async function takeBatch(
  pool: pg.Pool,
  claims: Iterable<Claim>,
  limit: number,
  log: Log,
): Promise<ClaimSlice[]> {
  const slices: ClaimSlice[] = [];
  const missing: Take[] = [];
  const takes = shareOut(claims, limit);
  for (const take of takes) {
    const { claim, from, to } = take;
    const recent = claim.partition.recent(from, to - from);
    claim.position = recent ? from + recent.length : to;
    claim.takenAt = performance.now();
    if (recent) slices.push(new ClaimSlice(claim, claim.position, recent));
    else missing.push(take);
  }
  if (missing.length > 0) {
    try {
      slices.push(...(await read(pool, missing, log)));
    } catch (error) {
      for (const { claim, from } of takes) claim.position = from;
      throw error;
    }
  }
  for (const { claim } of takes) claim.partition.trim();
  return slices;
}

/** Shares the room evenly; what short partitions leave over goes to the long ones. */
function shareOut(claims: Iterable<Claim>, limit: number): Take[] {
  let room = limit;
  const waiting = nextInTurn(claims, limit);
  return waiting.map((claim, index) => {
    const from = claim.position;
    const to = Math.min(claim.partition.head, from + Math.ceil(room / (waiting.length - index)));
    room -= to - from;
    return { claim, from, to };
  });
}

/** Shortest backlog first; with more partitions than room, those that were longest without a turn. */
function nextInTurn(claims: Iterable<Claim>, limit: number): Claim[] {
  const waiting = [...claims].filter((claim) => claim.partition.head > claim.position && claim.isHeld());
  if (waiting.length > limit) return waiting.toSorted((a, b) => a.takenAt - b.takenAt).slice(0, limit);
  return waiting.toSorted((a, b) => a.partition.head - a.position - (b.partition.head - b.position));
}

async function read(pool: pg.Pool, takes: readonly Take[], log: Log): Promise<ClaimSlice[]> {
  const ranges = takes.map(({ claim: { partition }, from, to }) => ({
    topic: partition.topic,
    partition: partition.number,
    from,
    to,
  }));
  const lists = await readRanges(pool, ranges);
  return takes.map(({ claim, from, to }, index) => {
    const deliveries = lists[index] ?? [];
    if (deliveries.length < to - from) {
      log.warn({ ...ranges[index], found: deliveries.length }, 'messages were removed before they were read');
    }
    return new ClaimSlice(claim, to, deliveries);
  });
}
