import { ProblemError } from '@aegis/contracts/problems';
import { CommitUnknownError, isTransient, OverloadedError } from '@aegis/postgres/errors';

/** The refusal behind a failure of the store; undefined when the store is not to blame. */
export function translateError(error: unknown): ProblemError | undefined {
  if (error instanceof CommitUnknownError) {
    return new ProblemError(
      'unavailable',
      'the outcome is not known; repeat with the same Idempotency-Key to learn it',
    );
  }
  if (error instanceof OverloadedError)
    return new ProblemError('unavailable', 'too much to do at once; try again soon');
  return isTransient(error)
    ? new ProblemError('unavailable', 'the store cannot be used now; try again soon')
    : undefined;
}
