/** Does both at once. Where one fails, the other is given up and waited for, and the first error is thrown. */
export async function together<A, B>(
  signal: AbortSignal,
  first: (signal: AbortSignal) => Promise<A>,
  second: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> {
  const failure = new AbortController();
  const both = AbortSignal.any([signal, failure.signal]);
  const run = <T>(work: (signal: AbortSignal) => Promise<T>) =>
    work(both).catch((error: unknown) => {
      failure.abort(error);
      throw error;
    });
  const work = [run(first), run(second)] as const;
  await Promise.allSettled(work);
  if (failure.signal.aborted && !signal.aborted) throw failure.signal.reason;
  return Promise.all(work);
}
