import type pg from 'pg';
import { backOffMs } from '../back-off.ts';
import type { Log } from '../log.ts';
import type { Claim } from './claim.ts';
import { commitOffsets, type Member } from './group-store.ts';

const INTERVAL_MS = 50;

/**
 * Writes down how far the group has come, beside the handling rather than between batches: the first offset at once,
 * what follows within 50 ms in one statement. A crash in that time only delivers messages again.
 */
export class OffsetCommitter {
  readonly #pool: pg.Pool;
  readonly #me: Member;
  readonly #log: Log;
  #pending = new Map<Claim, number>();
  #writing: Promise<boolean> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastAt = 0;
  #failures = 0;
  #closed = false;

  constructor(pool: pg.Pool, me: Member, log: Log) {
    this.#pool = pool;
    this.#me = me;
    this.#log = log;
  }

  add(claim: Claim, past: number): void {
    this.#pending.set(claim, past);
    this.#schedule(INTERVAL_MS);
  }

  /** Resolves when all that was added is committed or no longer ours to commit. Rejects when the database cannot do it. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    while (this.#pending.size > 0) {
      if (!(await this.#write())) throw new Error('offsets could not be committed');
    }
  }

  /** Gives up what is not committed: it will be delivered again. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(intervalMs: number): void {
    if (this.#timer || this.#writing || this.#closed) return;
    const waitMs = this.#lastAt + intervalMs - performance.now();
    if (waitMs <= 0) void this.#write();
    else this.#timer = setTimeout(() => void this.#write(), waitMs);
  }

  #write(): Promise<boolean> {
    this.#timer = undefined;
    this.#writing ??= this.#commit().then((succeeded) => {
      this.#writing = undefined;
      if (this.#pending.size > 0) this.#schedule(succeeded ? INTERVAL_MS : backOffMs(this.#failures));
      return succeeded;
    });
    return this.#writing;
  }

  async #commit(): Promise<boolean> {
    const batch = [...this.#pending].filter(([claim]) => !claim.isLost());
    this.#pending = new Map();
    this.#lastAt = performance.now();
    if (batch.length === 0) return true;
    try {
      const offsets = batch.map(([{ partition }, past]) => ({
        topic: partition.topic,
        partition: partition.number,
        past,
      }));
      this.#drop(batch, await commitOffsets(this.#pool, this.#me, offsets));
      this.#failures = 0;
      return true;
    } catch (error) {
      this.#failures += 1;
      for (const [claim, past] of batch) if (!this.#pending.has(claim)) this.#pending.set(claim, past);
      this.#log.warn({ err: error, group: this.#me.group }, 'committing offsets failed, trying again');
      return false;
    }
  }

  /** The database moved only the offsets that were ours; the other partitions belong to somebody else by now. */
  #drop(batch: readonly [Claim, number][], moved: readonly { topic: string; partition: number }[]): void {
    if (moved.length === batch.length) return;
    for (const [claim] of batch) {
      const { topic, number } = claim.partition;
      if (moved.some((row) => row.topic === topic && row.partition === number)) continue;
      claim.lose();
      this.#log.warn({ group: this.#me.group, topic, partition: number }, 'fenced: the partition has another owner');
    }
  }
}
