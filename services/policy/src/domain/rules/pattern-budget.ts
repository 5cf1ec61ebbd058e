import type { Condition, RuleGroup } from '@aegis/contracts/policy-rules';
import { ProblemError } from '@aegis/contracts/problems';
import { fieldReference, type FieldReference, ignoresCase } from './fields.ts';
import { compilePattern, PatternError } from './pattern.ts';

/**
 * Instructions of all regular expressions of a set together. A text goes through each of them in the worst case, and
 * compiling takes its time as well, while the decisions of other organisations wait.
 */
export const MAX_PATTERN_LOAD = 10_000;

/** A text of the metadata may be 16 KiB long, eight times as long as a reason: its patterns count as many times. */
const METADATA_WEIGHT = 8;

const TOO_MUCH = `makes the regular expressions expand to more than ${MAX_PATTERN_LOAD} instructions together, those for metadata counted ${METADATA_WEIGHT} times; use smaller repeat counts, or contains, starts_with and in`;

/** Reads the regular expressions of policies that belong together, up to what they may expand to. */
export class PatternBudget {
  #left = MAX_PATTERN_LOAD;

  /** What is wrong with a pattern; null for nothing. Once the budget is spent none is compiled any more. */
  faultOf(source: string, reference: FieldReference): string | null {
    if (this.#left >= 0) {
      try {
        this.#left -= weighed(compilePattern(source, ignoresCase(reference)).programSize(), reference);
      } catch (error) {
        if (!(error instanceof PatternError)) throw error;
        this.#left -= weighed(error.programSize, reference);
        return error.message;
      }
    }
    return this.#left < 0 ? TOO_MUCH : null;
  }
}

/** Weighed instructions of the regular expressions in rules. */
export function patternLoad(part: Condition | RuleGroup): number {
  if ('match' in part) return part.conditions.reduce((sum, inner) => sum + patternLoad(inner), 0);
  if (part.operator !== 'matches') return 0;
  const reference = fieldReference(part.field);
  if (!reference) return 0;
  return weighed(compilePattern(String(part.value), ignoresCase(reference)).programSize(), reference);
}

function weighed(instructions: number, { kind }: FieldReference): number {
  return kind === 'metadata' ? METADATA_WEIGHT * instructions : instructions;
}

/** @throws ProblemError `invalid_policy` when the regular expressions of a set expand to too much */
export function requireBearablePatterns(policies: readonly { readonly rules: RuleGroup }[]): void {
  const load = policies.reduce((sum, { rules }) => sum + patternLoad(rules), 0);
  if (load <= MAX_PATTERN_LOAD) return;
  throw new ProblemError('invalid_policy', `rules ${TOO_MUCH}`, [{ path: 'rules', message: TOO_MUCH }]);
}
