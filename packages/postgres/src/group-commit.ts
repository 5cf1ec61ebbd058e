import { isPermanent, OverloadedError } from './errors.ts';

export interface GroupCommitOptions<T, R> {
  /** Writes all items in one transaction and answers each, in their order; rejects when it wrote none of them. */
  readonly flush: (items: readonly T[]) => Promise<readonly R[]>;
  /** Most items in one flush. Default 500. */
  readonly maxBatch?: number;
  /** Most items waiting; beyond it `submit` rejects with `OverloadedError`. Default 10,000. */
  readonly maxQueued?: number;
  /** Flushes in flight at once. Default 1: while one waits for the disk, the next one grows. */
  readonly concurrency?: number;
  /** Whether an error is the fault of some item, rather than of the infrastructure. Default `isPermanent`. */
  readonly isItemFault?: (error: unknown) => boolean;
}

export interface GroupCommit<T, R> {
  /** Resolves to the item's own answer once its transaction has committed; rejects with its own error. */
  submit(item: T): Promise<R>;
  /** Resolves when nothing is queued or in flight any more. */
  drain(): Promise<void>;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Concurrent submissions share a transaction: what arrives while a flush is in flight rides in the next. There is no
 * timer, so a lone item waits for nothing but the sockets that are readable in the same turn of the event loop.
 * A batch that fails for an item's fault is cut in half until that item stands alone; the others are written.
 */
export function createGroupCommit<T, R>(options: GroupCommitOptions<T, R>): GroupCommit<T, R> {
  const { flush, maxBatch = 500, maxQueued = 10_000, concurrency = 1, isItemFault = isPermanent } = options;
  let queue: Waiting<T, R>[] = [];
  let flushing = 0;
  let scheduled = false;
  let drained: (() => void)[] = [];

  async function write(batch: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await flush(batch.map((waiting) => waiting.item));
      if (results.length !== batch.length) throw new Error(`${results.length} answers for ${batch.length} items`);
      for (const [index, result] of results.entries()) batch[index]?.resolve(result);
    } catch (error) {
      if (batch.length === 1 || !isItemFault(error)) {
        for (const waiting of batch) waiting.reject(error);
        return;
      }
      const middle = batch.length >> 1;
      await write(batch.slice(0, middle));
      await write(batch.slice(middle));
    }
  }

  function pump(): void {
    scheduled = false;
    while (queue.length > 0 && flushing < concurrency) {
      const batch = queue.slice(0, maxBatch);
      queue = queue.slice(maxBatch);
      flushing += 1;
      void write(batch).then(() => {
        flushing -= 1;
        pump();
      });
    }
    if (queue.length === 0 && flushing === 0) {
      for (const resolve of drained) resolve();
      drained = [];
    }
  }

  return {
    submit(item) {
      if (queue.length >= maxQueued) return Promise.reject(new OverloadedError(`${maxQueued} writes are waiting`));
      const { promise, resolve, reject } = Promise.withResolvers<R>();
      queue.push({ item, resolve, reject });
      if (flushing < concurrency && !scheduled) {
        scheduled = true;
        setImmediate(pump);
      }
      return promise;
    },
    drain() {
      if (queue.length === 0 && flushing === 0) return Promise.resolve();
      return new Promise((resolve) => drained.push(resolve));
    },
  };
}
