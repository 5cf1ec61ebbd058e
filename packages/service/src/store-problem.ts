import { ProblemError } from '@aegis/contracts/problems';
import { isTransient } from '@aegis/postgres/errors';

/**
 * The problem that a failure of the store stands for: `unavailable` where trying again may help. Trying again is safe,
 * because every command given twice counts once.
 *
 * @param whose what cannot be reached, as the beginning of a sentence
 * @returns null for anything else, which is a fault of the program
 */
export function storeProblem(error: unknown, whose: string): ProblemError | null {
  return isTransient(error) ? new ProblemError('unavailable', `${whose} cannot be reached now; try again`) : null;
}
