import type { Condition, PolicyAction, RuleGroup } from '@aegis/contracts/policy-rules';
import { fieldsOf, observe, UndecidableError } from '../context.ts';
import { decide, type Verdict } from '../decide.ts';
import type { SubmittedIntent } from '../intent.ts';
import type { Policy } from '../policy.ts';
import { inEvaluationOrder } from '../policy-set.ts';
import type { Fields } from '../rules/fields.ts';
import { type Formula, TestPool } from '../rules/formula.ts';
import type { ExplainableSet } from '../simulate-intent.ts';
import { type RealIntent, type RealIntentOptions, realIntents } from './real-intents.ts';
import { type Outcome, type Question, type Scope, Search, STEPS_A_LOOK } from './search.ts';

/** Looks at values that one question may take, some hundredths of a second; and all questions together, some seconds. */
const LOOKS_A_QUESTION = 200_000;
const MAX_LOOKS = 100_000_000;
/** Intents made for one way to settle conditions, what each costs in looks, and ways for which they are made. */
const LOOKS_AN_INTENT = 200;
const MAX_FAILURES = 3;

/** An intent as one set of policies answers it. */
export interface Answered {
  readonly verdict: Verdict;
  readonly fields: Fields;
}

/** Asks about sets of policies, within bounds; findings are made of its answers. */
export class Inquiry {
  readonly #pool = new TestPool();
  readonly #formulas = new Map<string, Formula>();
  /** Reading rules takes long where they have regular expressions. */
  readonly #parts: Readonly<Record<PolicyAction, Map<Condition | RuleGroup, Formula>>> = {
    allow: new Map(),
    deny: new Map(),
    require_approval: new Map(),
  };
  readonly #options: RealIntentOptions;
  /** Of the regular expressions of all policies, a character of a text. */
  readonly #matchingSteps: number;
  #search: Search | null = null;
  #left = MAX_LOOKS;

  constructor(sets: readonly ExplainableSet[], options: RealIntentOptions) {
    this.#options = options;
    for (const { rules, action } of sets.flatMap(({ policies }) => policies)) this.#addConditions(rules, action);
    this.#matchingSteps = this.#pool.tests.reduce((sum, { programSize }) => sum + programSize, 0);
  }

  /** Each condition by itself: of a group that always holds, some would be left out. */
  #addConditions({ conditions }: RuleGroup, action: PolicyAction): void {
    for (const part of conditions) {
      if ('match' in part) this.#addConditions(part, action);
      else this.formula(part, action);
    }
  }

  get isExhausted(): boolean {
    return this.#left <= 0;
  }

  /** One object for a version of a policy. */
  formulaOf({ id, rules, action }: Pick<Policy, 'id' | 'rules' | 'action'>): Formula {
    const key = `${id} ${action} ${JSON.stringify(rules)}`;
    const known = this.#formulas.get(key) ?? this.formula(rules, action);
    this.#formulas.set(key, known);
    return known;
  }

  /** Of a condition or a group, as a policy with this action reads it. */
  formula(part: Condition | RuleGroup, action: PolicyAction): Formula {
    const parts = this.#parts[action];
    const rules: RuleGroup = 'match' in part ? part : { match: 'all', conditions: [part] };
    const known = parts.get(part) ?? this.#pool.formula(rules, action);
    parts.set(part, known);
    return known;
  }

  /**
   * Whether rules can hold with none in the way, as far as fields can be told to depend on each other: `none` is proven,
   * `found` is not shown.
   */
  canHold(holding: readonly Formula[], obstacle: Question['obstacle'] = () => null): Outcome {
    return this.#ask({ holding, obstacle, accept: () => true });
  }

  /**
   * Whether there is an intent for which rules hold and none is in the way; what it is shows when `check` is given it.
   *
   * @param check whether an intent that was made is what is looked for
   */
  find(question: Omit<Question, 'accept'>, check: (real: RealIntent) => boolean): Outcome {
    let failures = 0;
    let matching = 0;
    const accept = (scope: Scope) => {
      if (failures >= MAX_FAILURES) return false;
      for (const real of realIntents(scope, this.#options)) {
        if (matching > LOOKS_A_QUESTION) break;
        const looks = this.#looksToMatch(real.intent);
        matching += looks;
        this.#left -= LOOKS_AN_INTENT + looks;
        if (check(real)) return true;
      }
      failures += 1;
      return false;
    };
    return this.#ask({ ...question, accept });
  }

  /** What the regular expressions of all policies cost for one intent. */
  #looksToMatch({ reason, merchant }: SubmittedIntent): number {
    return Math.ceil((this.#matchingSteps * (reason.length + (merchant?.length ?? 0))) / STEPS_A_LOOK);
  }

  #ask(question: Question): Outcome {
    if (this.isExhausted) return 'unknown';
    this.#search ??= new Search(this.#pool.tests, this.#options.settings);
    const budget = Math.min(LOOKS_A_QUESTION, this.#left);
    const { outcome, left } = this.#search.ask(question, budget);
    this.#left -= budget - left + LOOKS_AN_INTENT;
    return outcome;
  }
}

/** Decides an intent as it would be decided; null when it makes no sense. */
export function answer(set: ExplainableSet, { intent, account, surroundings }: RealIntent): Answered | null {
  const { compiled } = set;
  try {
    const context = observe(intent, compiled.settings, account, surroundings, compiled.thresholds);
    const verdict = decide(intent, context, compiled);
    return { verdict, fields: fieldsOf(intent, context, verdict.risk.score) };
  } catch (error) {
    if (error instanceof UndecidableError) return null;
    throw error;
  }
}

/** The policies that decide, in the order of evaluation. */
export function decidingPolicies({ policies }: ExplainableSet): Policy[] {
  return inEvaluationOrder(policies).filter(
    ({ isActive, archived, mode }) => isActive && !archived && mode === 'enforce',
  );
}
