/** Streams that are under way, so that what they still have to record is recorded before the store is closed. */
export interface InFlight {
  track<T>(stream: AsyncIterable<T>): AsyncIterable<T>;
  /** Resolves when every stream begun so far has ended, its clean-up included. */
  settled(): Promise<void>;
}

export function createInFlight(): InFlight {
  const running = new Set<Promise<void>>();
  return {
    async *track(stream) {
      const { promise, resolve } = Promise.withResolvers<void>();
      running.add(promise);
      try {
        yield* stream;
      } finally {
        running.delete(promise);
        resolve();
      }
    },
    async settled() {
      await Promise.all(running);
    },
  };
}
