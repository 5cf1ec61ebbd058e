export interface StartedStream<T> {
  readonly first: T | undefined;
  /** The first message too. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Waits for the first message, so that a refusal becomes a proper answer, and then passes all of them on as bytes. The
 * next message is asked for only when the one before was taken; giving up ends the source.
 */
export async function startStream<T>(
  messages: AsyncIterable<T>,
  encode: (message: T) => Uint8Array,
): Promise<StartedStream<T>> {
  const source = messages[Symbol.asyncIterator]();
  const first = await source.next();
  async function* pass() {
    try {
      for (let next = first; !next.done; next = await source.next()) {
        const bytes = encode(next.value);
        if (bytes.length > 0) yield bytes;
      }
    } finally {
      await source.return?.();
    }
  }
  return { first: first.done ? undefined : first.value, bytes: pass() };
}
