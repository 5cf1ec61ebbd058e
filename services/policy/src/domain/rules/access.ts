import type { Operator } from '@aegis/contracts/policy-rules';
import type { Formula } from './formula.ts';
import type { Operand } from './operand.ts';
import { Scale } from './scale.ts';
import type { Position } from './gram-source.ts';
import type { Span } from './source.ts';
import type { Test } from './condition-test.ts';

/** Something that holds for an intent's value in a slot; a policy is found by it. */
export type Key =
  | { readonly kind: 'value'; readonly slot: number; readonly value: Operand }
  | ({ readonly kind: 'span'; readonly slot: number } & Span)
  | { readonly kind: 'text'; readonly slot: number; readonly position: Position; readonly text: string };

/** Keys of which at least one holds whenever the policy matches, and the share of intents that have one of them. */
interface Access {
  readonly keys: readonly Key[];
  readonly share: number;
}

const POSITIONS: Partial<Record<Operator, Position>> = {
  starts_with: 'start',
  ends_with: 'end',
  contains: 'anywhere',
};

/** Looking for a text anywhere takes longer than looking a value up. */
const TEXT_WEIGHT = 2;

/**
 * Chooses what to find each policy by: of the conditions that must all hold the most selective one, of alternatives each.
 * How selective one is can only be guessed, from what the conditions of the set tell apart: the more values of a field
 * they name, the fewer intents have one of them.
 */
export class AccessPaths {
  readonly #tests: readonly Test[];
  readonly #slotOf: (id: number) => number;
  readonly #valuesOf = new Map<number, Set<Operand>>();
  readonly #scales = new Map<number, Scale>();

  constructor(tests: readonly Test[], slotOf: (id: number) => number) {
    this.#tests = tests;
    this.#slotOf = slotOf;
    const constants = new Map<number, Operand[]>();
    for (const [id, { operator, operands }] of tests.entries()) {
      const slot = slotOf(id);
      if (isOrdered(operator)) put(constants, slot, () => []).push(...operands);
      else for (const operand of operands) put(this.#valuesOf, slot, () => new Set()).add(operand);
    }
    for (const [slot, operands] of constants) this.#scales.set(slot, new Scale(operands));
  }

  scaleOf(slot: number): Scale {
    return put(this.#scales, slot, () => new Scale([]));
  }

  /** Null when the policy must be looked at for every intent; no keys when it can never match. */
  keysOf(formula: Formula): readonly Key[] | null {
    return this.#access(formula)?.keys ?? null;
  }

  #access(formula: Formula): Access | null {
    switch (formula.kind) {
      case 'always':
        return null;
      case 'test':
        return this.#testAccess(formula.id);
      case 'any': {
        const parts = formula.parts.map((part) => this.#access(part));
        if (!parts.every((part) => part !== null)) return null;
        return { keys: parts.flatMap(({ keys }) => keys), share: sum(parts.map(({ share }) => share)) };
      }
      case 'all': {
        const parts = [...formula.parts.map((part) => this.#access(part)), ...this.#overlaps(formula.parts)];
        return parts.reduce((best, part) => (part && (!best || part.share < best.share) ? part : best), null);
      }
    }
  }

  #testAccess(id: number): Access | null {
    const test = this.#tests[id];
    if (!test || test.whenMissing) return null;
    const slot = this.#slotOf(id);
    const { operator, operands } = test;
    const known = (this.#valuesOf.get(slot)?.size ?? 0) + 1;
    const position = POSITIONS[operator];
    if (position) {
      const keys = operands.map((text) => ({ kind: 'text', slot, position, text: String(text) }) as const);
      return { keys, share: TEXT_WEIGHT / known };
    }
    if (operator === 'eq' || operator === 'in') {
      const keys = [...new Set(operands)].map((value) => ({ kind: 'value', slot, value }) as const);
      return { keys, share: keys.length / known };
    }
    const span = this.#spanOf(test, slot);
    return span && this.#spanAccess(slot, span);
  }

  /** What conditions on the same field leave together: `gte 5` and `lt 10` is one span. */
  #overlaps(parts: readonly Formula[]): Access[] {
    const spans = new Map<number, Span>();
    for (const part of parts) {
      if (part.kind !== 'test') continue;
      const slot = this.#slotOf(part.id);
      const span = this.#spanOf(this.#tests[part.id], slot);
      if (!span) continue;
      const other = spans.get(slot) ?? span;
      spans.set(slot, { from: Math.max(span.from, other.from), to: Math.min(span.to, other.to) });
    }
    return [...spans].map(([slot, span]) => this.#spanAccess(slot, span));
  }

  #spanAccess(slot: number, span: Span): Access {
    const length = Math.max(0, span.to - span.from + 1);
    return { keys: length > 0 ? [{ kind: 'span', slot, ...span }] : [], share: length / this.scaleOf(slot).size };
  }

  #spanOf(test: Test | undefined, slot: number): Span | null {
    const [low, high = low] = test?.operands ?? [];
    if (!test || low === undefined || high === undefined || !isOrdered(test.operator)) return null;
    const scale = this.scaleOf(slot);
    const [at, end] = [scale.placeOf(low), scale.size - 1];
    switch (test.operator) {
      case 'gt':
        return { from: at + 1, to: end };
      case 'gte':
        return { from: at, to: end };
      case 'lt':
        return { from: 0, to: at - 1 };
      case 'lte':
        return { from: 0, to: at };
      default:
        return { from: at, to: scale.placeOf(high) };
    }
  }
}

function isOrdered(operator: Operator): boolean {
  return ['gt', 'gte', 'lt', 'lte', 'between'].includes(operator);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
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
