import type { Operator } from '@aegis/contracts/policy-rules';
import type { Test } from './condition-test.ts';
import type { Formula } from './formula.ts';
import type { Operand } from './operand.ts';
import { Scale } from './scale.ts';

/** Places of a scale, both ends included; none when `to` is below `from`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const ORDERED: readonly Operator[] = ['gt', 'gte', 'lt', 'lte', 'between'];

/**
 * Guesses which share of intents satisfies a condition, from what the conditions of the set tell apart: the more values
 * of a field they name, the fewer intents have one of them. No answer depends on it, only how soon it is found.
 */
export class Selectivity {
  readonly #tests: readonly Test[];
  readonly #valuesOf = new Map<string, Set<Operand>>();
  readonly #scales = new Map<string, Scale>();

  constructor(tests: readonly Test[]) {
    this.#tests = tests;
    const constants = new Map<string, Operand[]>();
    for (const { field, operator, operands } of tests) {
      if (ORDERED.includes(operator)) put(constants, field, () => []).push(...operands);
      else for (const operand of operands) put(this.#valuesOf, field, () => new Set()).add(operand);
    }
    for (const [field, operands] of constants) this.#scales.set(field, new Scale(operands));
  }

  testOf(id: number): Test {
    const test = this.#tests[id];
    if (!test) throw new Error(`no test ${id}`);
    return test;
  }

  /** The places that the ordered conditions on a field tell apart. */
  scaleOf(field: string): Scale {
    return put(this.#scales, field, () => new Scale([]));
  }

  share(formula: Formula): number {
    switch (formula.kind) {
      case 'always':
        return 1;
      case 'test':
        return this.#testShare(this.testOf(formula.id));
      case 'all':
        return formula.parts.reduce((share, part) => share * this.share(part), 1);
      case 'any':
        return 1 - formula.parts.reduce((share, part) => share * (1 - this.share(part)), 1);
    }
  }

  /** Rules name what is unusual: a bound is passed more seldom than its place among the bounds says. */
  shareOf(field: string, span: Span): number {
    return (Math.max(0, span.to - span.from + 1) / this.scaleOf(field).size) ** 2;
  }

  /** The places for which an ordered test holds; null for another test. */
  spanOf(test: Test): Span | null {
    return spanOn(this.scaleOf(test.field), test);
  }

  #testShare(test: Test): number {
    const { field, operator, operands } = test;
    const one = 1 / ((this.#valuesOf.get(field)?.size ?? 0) + 1);
    switch (operator) {
      case 'eq':
      case 'in':
        return operands.length * one;
      case 'neq':
      case 'not_in':
        return 1 - operands.length * one;
      case 'contains':
      case 'starts_with':
      case 'ends_with':
        return one;
      case 'not_contains':
        return 1 - one;
      case 'exists':
        return test.whenMissing ? one : 1 - one;
      case 'matches':
        return 0.5;
      default: {
        const span = this.spanOf(test);
        return span ? this.shareOf(field, span) : 1;
      }
    }
  }
}

/** The places of a scale in which an ordered test can hold, whether or not the scale has its constants; null for another. */
export function spanOn(scale: Scale, { operator, operands }: Test): Span | null {
  const [low, high = low] = operands;
  if (low === undefined || high === undefined || !ORDERED.includes(operator)) return null;
  const [at, end] = [scale.placeOfConstant(low), scale.size - 1];
  // At an odd place the constant is all there is; at an even one there are values on both sides of it.
  const isAlone = at % 2;
  switch (operator) {
    case 'gt':
      return { from: at + isAlone, to: end };
    case 'gte':
      return { from: at, to: end };
    case 'lt':
      return { from: 0, to: at - isAlone };
    case 'lte':
      return { from: 0, to: at };
    default:
      return { from: at, to: scale.placeOfConstant(high) };
  }
}

/** The value of a key, made first where there is none. */
export function put<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
