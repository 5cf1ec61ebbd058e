import { ProblemError } from '@aegis/contracts/problems';

/** One field of a request that cannot be what it is. */
export function invalid(path: string, message: string): ProblemError {
  return new ProblemError('invalid_request', `${path} ${message}`, [{ path, message }]);
}
