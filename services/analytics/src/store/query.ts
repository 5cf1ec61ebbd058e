import { ProblemError } from '@aegis/contracts/problems';
import type { Store } from './store.ts';

const TIMEOUT_MS = 10_000;

export interface QueryOptions {
  /** Gives the query up when aborted. */
  readonly signal: AbortSignal;
}

/**
 * Runs a SELECT with its parameters bound and returns the rows as objects.
 *
 * @throws ProblemError `unavailable`: the statements are fixed and the parameters typed, so a failure is the store's
 */
export async function selectRows<R>(
  { clickhouse, database }: Store,
  query: string,
  parameters: Readonly<Record<string, string | number | null>>,
  { signal }: QueryOptions,
): Promise<R[]> {
  try {
    const result = await clickhouse.query({
      query,
      query_params: { database, ...parameters },
      format: 'JSONEachRow',
      abort_signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    return await result.json<R>();
  } catch (error) {
    const problem = new ProblemError('unavailable', 'the analytics store cannot be queried now; try again');
    problem.cause = error;
    throw problem;
  }
}
