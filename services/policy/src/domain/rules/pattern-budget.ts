import type { Condition, RuleGroup } from '@aegis/contracts/policy-rules';
import { ProblemError } from '@aegis/contracts/problems';
import { fieldReference, ignoresCase } from './fields.ts';
import { compilePattern, PatternError } from './pattern.ts';

/**
 * Instructions of all regular expressions of a set together. A text goes through each of them in the worst case, and
 * compiling takes its time as well, while the decisions of other organisations wait.
 */
export const MAX_PATTERN_LOAD = 10_000;

const TOO_MUCH = `makes the regular expressions expand to more than ${MAX_PATTERN_LOAD} instructions together; use smaller repeat counts, or contains, starts_with and in`;

/** Reads the regular expressions of policies that belong together, up to what they may expand to. */
export class PatternBudget {
  #left = MAX_PATTERN_LOAD;

  /** What is wrong with a pattern; null for nothing. Once the budget is spent none is compiled any more. */
  faultOf(source: string, caseless: boolean): string | null {
    if (this.#left >= 0) {
      try {
        this.#left -= compilePattern(source, caseless).programSize();
      } catch (error) {
        if (!(error instanceof PatternError)) throw error;
        this.#left -= error.programSize;
        return error.message;
      }
    }
    return this.#left < 0 ? TOO_MUCH : null;
  }
}

/** Instructions of the regular expressions in rules. */
export function patternLoad(part: Condition | RuleGroup): number {
  if ('match' in part) return part.conditions.reduce((sum, inner) => sum + patternLoad(inner), 0);
  if (part.operator !== 'matches') return 0;
  const reference = fieldReference(part.field);
  return compilePattern(String(part.value), reference !== null && ignoresCase(reference)).programSize();
}

/** @throws ProblemError `invalid_policy` when the regular expressions of a set expand to too much */
export function requireBearablePatterns(policies: readonly { readonly rules: RuleGroup }[]): void {
  const load = policies.reduce((sum, { rules }) => sum + patternLoad(rules), 0);
  if (load <= MAX_PATTERN_LOAD) return;
  throw new ProblemError('invalid_policy', `rules ${TOO_MUCH}`, [{ path: 'rules', message: TOO_MUCH }]);
}
