import type pg from 'pg';
import type { Log } from '../log.ts';
import { CHANNEL, encodeHint } from './hint.ts';
import type { Partition } from './partition.ts';

const NOTIFY = {
  name: 'bus-notify',
  text: `SELECT set_config('synchronous_commit', 'off', true), pg_notify('${CHANNEL}', payload)
           FROM unnest($1::text[]) AS payload`,
};

/**
 * Sends hints to the other processes, one statement at a time: what comes up meanwhile rides in the next.
 * A transaction that notifies holds a lock of the whole server until it has committed, so a NOTIFY inside the append would
 * make every commit with one wait for the others' disk writes; in a transaction of its own that waits for no disk, it
 * holds the lock for microseconds.
 */
export class Announcer {
  readonly #pool: pg.Pool;
  readonly #from: string;
  readonly #log: Log;
  #partitions = new Set<Partition>();
  #groups = new Set<string>();
  #sending: Promise<void> | undefined;

  constructor(pool: pg.Pool, from: string, log: Log) {
    this.#pool = pool;
    this.#from = from;
    this.#log = log;
  }

  grew(partition: Partition): void {
    this.#partitions.add(partition);
    this.#sending ??= this.#send();
  }

  groupChanged(group: string): void {
    this.#groups.add(group);
    this.#sending ??= this.#send();
  }

  async drain(): Promise<void> {
    await this.#sending;
  }

  async #send(): Promise<void> {
    // The rest of this turn's announcements come along.
    await Promise.resolve();
    while (this.#partitions.size + this.#groups.size > 0) {
      const heads = [...this.#partitions].map(({ topic, number, head }) => ({ topic, partition: number, head }));
      const payloads = encodeHint({ from: this.#from, heads, groups: [...this.#groups] });
      this.#partitions = new Set();
      this.#groups = new Set();
      try {
        await this.#pool.query({ ...NOTIFY, values: [payloads] });
      } catch (error) {
        this.#log.debug({ err: error }, 'hint not sent; the others will notice at their next sweep');
      }
    }
    this.#sending = undefined;
  }
}
