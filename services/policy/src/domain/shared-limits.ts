import { invalid } from './invalid.ts';
import { readLimit } from './agent.ts';
import { caseless } from './caseless.ts';
import type { Settings } from './organization.ts';

/** A shared budget as somebody gives it; limits are decimal texts, and an empty or absent one is unlimited. */
export interface SharedBudgetInput {
  /** Absent: the whole organisation's. */
  readonly category?: string | undefined;
  readonly dailyLimit?: string | undefined;
  readonly monthlyLimit?: string | undefined;
}

/** Limits of one shared budget in minor units; the category is in the form that compares without case, or empty. */
export interface SharedLimits {
  readonly category: string;
  readonly dailyLimit: bigint | null;
  readonly monthlyLimit: bigint | null;
}

const MAX_BUDGETS = 200;
const MAX_CATEGORY = 128;

/** @throws ProblemError `invalid_request`, `amount_*` naming the budget at fault by its place in the list */
export function readSharedLimits(inputs: readonly SharedBudgetInput[], settings: Settings): SharedLimits[] {
  if (inputs.length > MAX_BUDGETS) throw invalid('budgets', `must hold at most ${MAX_BUDGETS} budgets`);
  const seen = new Set<string>();
  return inputs.map(({ category: given, dailyLimit = '', monthlyLimit = '' }, index) => {
    const path = `budgets[${index}]`;
    const category = given === undefined ? '' : caseless(given);
    if (category === undefined || category.length > MAX_CATEGORY) {
      throw invalid(`${path}.category`, `must have 1 to ${MAX_CATEGORY} characters`);
    }
    if (seen.has(category)) throw invalid(`${path}.category`, 'is given twice; case does not matter');
    seen.add(category);
    return {
      category,
      dailyLimit: readLimit(`${path}.dailyLimit`, dailyLimit, settings),
      monthlyLimit: readLimit(`${path}.monthlyLimit`, monthlyLimit, settings),
    };
  });
}
