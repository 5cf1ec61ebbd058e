import type pg from 'pg';

// A sequence that has given nothing yet stands at its first value.
const LAST_ID = 'SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS id FROM outbox_id_seq';
const NEW_XID = 'SELECT pg_current_xact_id()::text AS xid';
const OLDEST_XID = 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid';

const INTERVAL_MS = 100;
const FULL_SCAN_INTERVAL_MS = 60_000;

/**
 * Up to where the outbox is known to be empty for good, so that a read need not step over the dead rows of everything
 * published since the oldest snapshot: minutes' worth of them beside a long export.
 *
 * Ids are not given in commit order, so "published up to id n" alone proves nothing. This does: note the last id given,
 * then a new transaction id x. Whoever took one of those ids had its transaction id before (`appendOutbox` sees to it),
 * hence below x. Once the oldest transaction running is not below x, all of those have ended: a row among them is visible
 * by now or never will be. Long readers have no transaction id and hold nothing up. As a net, everything is read from
 * the start once a minute.
 */
export class OutboxFloor {
  #floor = 0n;
  #settled = 0n;
  #mark: { readonly lastId: bigint; readonly xid: bigint } | undefined;
  #advancedAt = Number.NEGATIVE_INFINITY;
  #fullScanAt = performance.now();
  readonly #intervalMs: number;

  constructor(intervalMs = INTERVAL_MS) {
    this.#intervalMs = intervalMs;
  }

  /** Read rows above this. */
  get(): bigint {
    const now = performance.now();
    if (now - this.#fullScanAt > FULL_SCAN_INTERVAL_MS) {
      this.#fullScanAt = now;
      this.#floor = 0n;
    }
    return this.#floor;
  }

  /** `firstId` is the first row found above `get()`, undefined when there was none. Nothing is left below it. */
  found(firstId: bigint | undefined): void {
    this.#floor = firstId === undefined || firstId > this.#settled ? this.#settled : firstId - 1n;
  }

  /** Learns which ids are settled, at most once an interval. */
  async advance(client: pg.Client): Promise<void> {
    const now = performance.now();
    if (now - this.#advancedAt < this.#intervalMs) return;
    this.#advancedAt = now;
    if (this.#mark) {
      const oldest = await client.query<{ xid: string }>(OLDEST_XID);
      if (BigInt(oldest.rows[0]?.xid ?? 0) < this.#mark.xid) return;
      this.#settled = this.#mark.lastId;
    }
    // Sent together, executed in this order.
    const [last, own] = await Promise.all([
      client.query<{ id: bigint }>(LAST_ID),
      client.query<{ xid: string }>(NEW_XID),
    ]);
    this.#mark = { lastId: last.rows[0]?.id ?? 0n, xid: BigInt(own.rows[0]?.xid ?? 0) };
  }
}
