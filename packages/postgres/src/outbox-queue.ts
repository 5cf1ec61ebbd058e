import type { BusMessage } from '@aegis/bus/port';
import type pg from 'pg';
import { OutboxFloor } from './outbox-floor.ts';

export interface OutboxEntry {
  readonly id: bigint;
  readonly message: BusMessage;
}

export interface Backlog {
  /** Rows waiting, counted up to 10,000. */
  readonly lag: number;
  /** How long the first of them has waited. */
  readonly oldestAgeMs: number;
}

interface OutboxRow {
  readonly id: bigint;
  readonly topic: string;
  readonly key: string;
  readonly headers: string;
  readonly value: string;
}

// Claimed by state: what is there is unpublished, whenever its transaction committed. A cursor would pass late commits.
const NEXT = {
  name: 'outbox-next',
  text: 'SELECT id, topic, key, headers, value FROM outbox WHERE id > $1 ORDER BY id LIMIT $2',
};
const DELETE = { name: 'outbox-delete', text: 'DELETE FROM outbox WHERE id = ANY($1::bigint[])' };
const BACKLOG = {
  name: 'outbox-backlog',
  text: `SELECT count(*)::int AS lag, extract(epoch FROM clock_timestamp() - min(created_at))::float * 1000 AS age
         FROM (SELECT created_at FROM outbox WHERE id > $1 ORDER BY id LIMIT 10000) AS waiting`,
};

/** Settings of the session that reads the queue. */
export const QUEUE_SESSION = {
  statement_timeout: 5_000,
  // A delete lost in a crash publishes again; consumers take duplicates anyway, and nobody waits for the disk.
  synchronous_commit: 'off',
  // The table is empty or huge, never what its statistics say: always read it by its key, and never plan again.
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_sort: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/** The unpublished rows of one schema, as seen by the connection that publishes them. */
export class OutboxQueue {
  readonly #client: pg.Client;
  readonly #floor: OutboxFloor;

  constructor(client: pg.Client, floor = new OutboxFloor()) {
    this.#client = client;
    this.#floor = floor;
  }

  /** Forgets what was published and reads what comes next, in id order; both in one round trip. */
  async next(published: readonly bigint[], limit: number): Promise<OutboxEntry[]> {
    const [, { rows }] = await Promise.all([
      published.length > 0 ? this.#client.query({ ...DELETE, values: [published] }) : undefined,
      this.#client.query<OutboxRow>({ ...NEXT, values: [this.#floor.get(), limit] }),
    ]);
    this.#floor.found(rows[0]?.id);
    return rows.map(({ id, topic, key, headers, value }) => ({
      id,
      message: { topic, key, headers: JSON.parse(headers), value },
    }));
  }

  /** Keeps the reads short; cheap enough to call after every one. */
  async tidy(): Promise<void> {
    await this.#floor.advance(this.#client);
  }

  async backlog(): Promise<Backlog> {
    const { rows } = await this.#client.query<{ lag: number; age: number | null }>({
      ...BACKLOG,
      values: [this.#floor.get()],
    });
    return { lag: rows[0]?.lag ?? 0, oldestAgeMs: rows[0]?.age ?? 0 };
  }
}
