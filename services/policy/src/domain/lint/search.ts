import { POLICY_FIELDS } from '@aegis/contracts/policy-rules';
import type { Settings } from '../organization.ts';
import type { Test } from '../rules/condition-test.ts';
import { type Fields, ignoresCase } from '../rules/fields.ts';
import type { Formula } from '../rules/formula.ts';
import { type Candidate, candidatesOf, VOCABULARIES } from './candidates.ts';
import { assignment } from './assignment.ts';
import { composeText, type Literal, refutesTexts } from './texts.ts';

/** What is left of the values that fields may have, once some conditions are to hold and others not to. */
export interface Scope {
  readonly candidates: ReadonlyMap<string, readonly Candidate[]>;
  /** The conditions that were settled, by field. */
  readonly literals: ReadonlyMap<string, readonly Literal[]>;
}

export interface Question {
  /** Rules that all have to hold. */
  readonly holding: readonly Formula[];
  /** Rules that hold for these values and must not, if there are any. */
  readonly obstacle: (fields: Fields) => Formula | null;
  /** Whether something real comes of such values; what it is, is up to who asks. */
  readonly accept: (scope: Scope) => boolean;
}

/**
 * `found`: it was accepted. `none`: there is nothing, which is proven. `unknown`: neither, as the search came to its end,
 * or to texts or amounts of which it cannot tell.
 */
export type Outcome = 'found' | 'none' | 'unknown';

/** Conditions that may be settled on one way, so that the way back fits the stack. */
const MAX_DEPTH = 1_200;

/** What it costs to ask a whole set of policies, and to match a regular expression. */
const LOOKS_A_TRY = 200;
const LOOKS_A_MATCH = 20;
/** Steps of a regular expression, an instruction at a character each, that take as long as a look. */
export const STEPS_A_LOOK = 20;

/** Values that are kept of answers to single conditions: some tens of megabytes. */
const MAX_REMEMBERED = 4_000_000;

/**
 * Looks for values of fields that make rules hold and others not. Fields are taken to be independent of each other; as
 * that allows more than there is, what is found has to be made real and checked by `accept`, and when nothing is found
 * there is nothing.
 *
 * It goes through the ways in which conditions can be settled, and tries values as soon as the wanted rules hold: which
 * others are in the way shows then, so that of many rules few are looked at.
 */
export class Search {
  readonly #tests: readonly Test[];
  readonly #start: Scope;
  readonly #first = new Map<Test, readonly Candidate[]>();
  #remembered = 0;
  #left = 0;
  #depth = 0;
  #complete = true;

  constructor(tests: readonly Test[], settings: Settings) {
    this.#tests = tests.map((test) => this.#remembering(test));
    const byField = Map.groupBy(tests, ({ field }) => field);
    const candidates = new Map(
      [...new Set([...Object.keys(POLICY_FIELDS), ...byField.keys()])].map((field) => [
        field,
        candidatesOf(field, byField.get(field) ?? [], settings),
      ]),
    );
    this.#start = { candidates, literals: new Map() };
  }

  /** @param budget how many values may be looked at; `left` is what is left of it */
  ask(question: Question, budget: number): { readonly outcome: Outcome; readonly left: number } {
    this.#left = budget;
    this.#depth = 0;
    this.#complete = true;
    const found = this.#settleAll(question.holding, true, this.#start, (scope) =>
      this.#try(question, scope, new Set()),
    );
    const outcome = found ? 'found' : this.#complete ? 'none' : 'unknown';
    return { outcome, left: Math.max(0, this.#left) };
  }

  #try(question: Question, scope: Scope, removed: ReadonlySet<Formula>): boolean {
    this.#left -= LOOKS_A_TRY;
    const obstacle = question.obstacle(assignment(scope.candidates));
    if (obstacle === null) return question.accept(scope) || this.#giveUp();
    // Metadata inside metadata: what was settled of both cannot be written down together.
    if (removed.has(obstacle)) return this.#giveUp();
    const next = new Set(removed).add(obstacle);
    return this.#settle(obstacle, false, scope, (narrowed) => this.#try(question, narrowed, next));
  }

  #giveUp(): false {
    this.#complete = false;
    return false;
  }

  #settle(formula: Formula, wanted: boolean, scope: Scope, go: (scope: Scope) => boolean): boolean {
    switch (formula.kind) {
      case 'always':
        return wanted && go(scope);
      case 'test':
        return this.#settleTest(formula.id, wanted, scope, go);
      case 'all':
      case 'any': {
        if ((formula.kind === 'all') === wanted) return this.#settleAll(formula.parts, wanted, scope, go);
        if (formula.parts.some((part) => this.#isSettled(part, wanted, scope))) return go(scope);
        return formula.parts.some((part) => this.#settle(part, wanted, scope, go));
      }
    }
  }

  #settleAll(
    parts: readonly Formula[],
    wanted: boolean,
    scope: Scope,
    go: (scope: Scope) => boolean,
    index = 0,
  ): boolean {
    const part = parts[index];
    if (!part) return go(scope);
    return this.#settle(part, wanted, scope, (narrowed) => this.#settleAll(parts, wanted, narrowed, go, index + 1));
  }

  #settleTest(id: number, wanted: boolean, scope: Scope, go: (scope: Scope) => boolean): boolean {
    const test = this.#testOf(id);
    const candidates = scope.candidates.get(test.field) ?? [];
    if (this.#left < 0 || this.#depth >= MAX_DEPTH) return this.#giveUp();
    const fitting = this.#fitting(test, wanted, candidates);
    if (fitting.length === candidates.length) return this.#descend(scope, go);
    const literals = [...(scope.literals.get(test.field) ?? []), { test, wanted }];
    const left = fitting.length > 0 ? fitting : this.#compose(test, literals);
    return left.length > 0 && this.#descend(narrow(scope, test.field, left, literals), go);
  }

  #descend(scope: Scope, go: (scope: Scope) => boolean): boolean {
    this.#depth += 1;
    const found = go(scope);
    this.#depth -= 1;
    return found;
  }

  /** Most questions begin with the same conditions, and find few values in long lists. */
  #fitting(test: Test, wanted: boolean, candidates: readonly Candidate[]): readonly Candidate[] {
    const isWhole = wanted && candidates === this.#start.candidates.get(test.field);
    const known = isWhole ? this.#first.get(test) : undefined;
    if (known) return known;
    this.#left -= candidates.length * (test.operator === 'matches' ? LOOKS_A_MATCH : 1);
    const fitting = candidates.filter(({ value }) => this.#left >= 0 && test.holds(value) === wanted);
    // Cut short: what was not looked at may fit as well.
    if (this.#left < 0) this.#giveUp();
    else if (isWhole && this.#remembered < MAX_REMEMBERED) {
      this.#remembered += fitting.length;
      this.#first.set(test, fitting);
    }
    return fitting;
  }

  /** A text that no condition names may still meet all. */
  #compose({ reference, field }: Test, literals: readonly Literal[]): Candidate[] {
    const isText = reference.kind === 'metadata' || (reference.type === 'text' && !VOCABULARIES.has(field));
    if (!isText) return [];
    this.#left -= literals.length ** 2;
    const text = composeText(literals, ignoresCase(reference), () => this.#left >= 0);
    if (text !== null) return [{ value: text }];
    if (!refutesTexts(literals)) this.#giveUp();
    return [];
  }

  #isSettled(formula: Formula, wanted: boolean, scope: Scope): boolean {
    if (this.#left < 0) return false;
    if (formula.kind === 'always') return wanted;
    if (formula.kind === 'test') {
      const test = this.#testOf(formula.id);
      const candidates = scope.candidates.get(test.field) ?? [];
      const other = candidates.findIndex(({ value }) => this.#left < 0 || test.holds(value) !== wanted);
      this.#left -= (other < 0 ? candidates.length : other + 1) * (test.operator === 'matches' ? LOOKS_A_MATCH : 1);
      return other < 0;
    }
    const isSettled = (part: Formula) => this.#isSettled(part, wanted, scope);
    return (formula.kind === 'all') === wanted ? formula.parts.every(isSettled) : formula.parts.some(isSettled);
  }

  /** Regular expressions take long, and are asked about the same texts again and again. */
  #remembering(test: Test): Test {
    if (test.operator !== 'matches') return test;
    const known = new Map<unknown, boolean>();
    const holds = (value: unknown) => {
      const before = known.get(value);
      if (before !== undefined) return before;
      this.#left -= Math.ceil((test.programSize * String(value).length) / STEPS_A_LOOK);
      const answer = test.holds(value);
      known.set(value, answer);
      return answer;
    };
    return { ...test, holds };
  }

  #testOf(id: number): Test {
    const test = this.#tests[id];
    if (!test) throw new Error(`no test ${id}`);
    return test;
  }
}

function narrow(scope: Scope, field: string, left: readonly Candidate[], literals: readonly Literal[]): Scope {
  return {
    candidates: new Map(scope.candidates).set(field, left),
    literals: new Map(scope.literals).set(field, literals),
  };
}
