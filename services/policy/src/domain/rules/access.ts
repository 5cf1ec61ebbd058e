import type { Operator } from '@aegis/contracts/policy-rules';
import type { Formula } from './formula.ts';
import type { Operand } from './operand.ts';
import type { Selectivity, Span } from './selectivity.ts';

/** Where in a text another one must stand. */
export type Position = 'start' | 'end' | 'anywhere';

/** Something that holds for the value of a field; a policy is found by it. */
export type Key =
  | { readonly kind: 'value'; readonly field: string; readonly value: Operand }
  | ({ readonly kind: 'span'; readonly field: string } & Span)
  | { readonly kind: 'text'; readonly field: string; readonly position: Position; readonly text: string };

/** Keys of which at least one holds whenever the policy matches, and the share of intents that have one of them. */
export interface Access {
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
 * What to find a policy by: of conditions that must all hold the most selective one, of alternatives each. Null when the
 * policy must be looked at for every intent; no keys when it can never match.
 */
export function accessOf(formula: Formula, selectivity: Selectivity): Access | null {
  switch (formula.kind) {
    case 'always':
      return null;
    case 'test':
      return testAccess(formula, selectivity);
    case 'any': {
      const parts = formula.parts.map((part) => accessOf(part, selectivity));
      if (!parts.every((part) => part !== null)) return null;
      return { keys: parts.flatMap(({ keys }) => keys), share: parts.reduce((sum, { share }) => sum + share, 0) };
    }
    case 'all': {
      const parts = [
        ...formula.parts.map((part) => accessOf(part, selectivity)),
        ...overlaps(formula.parts, selectivity),
      ];
      return parts.reduce((best, part) => (part && (!best || part.share < best.share) ? part : best), null);
    }
  }
}

function testAccess(formula: Extract<Formula, { kind: 'test' }>, selectivity: Selectivity): Access | null {
  const test = selectivity.testOf(formula.id);
  if (test.whenMissing) return null;
  const { field, operator, operands } = test;
  const share = selectivity.share(formula);
  const position = POSITIONS[operator];
  if (position) {
    const keys = operands.map((text) => ({ kind: 'text', field, position, text: String(text) }) as const);
    return { keys, share: share * TEXT_WEIGHT };
  }
  if (operator === 'eq' || operator === 'in') {
    return { keys: operands.map((value) => ({ kind: 'value', field, value }) as const), share };
  }
  const span = selectivity.spanOf(test);
  return span && spanAccess(field, span, selectivity);
}

/** What conditions on the same field leave together: `gte 5` and `lt 10` is one span. */
function overlaps(parts: readonly Formula[], selectivity: Selectivity): Access[] {
  const spans = new Map<string, Span>();
  for (const part of parts) {
    if (part.kind !== 'test') continue;
    const test = selectivity.testOf(part.id);
    const span = selectivity.spanOf(test);
    if (!span) continue;
    const other = spans.get(test.field) ?? span;
    spans.set(test.field, { from: Math.max(span.from, other.from), to: Math.min(span.to, other.to) });
  }
  return [...spans].map(([field, span]) => spanAccess(field, span, selectivity));
}

function spanAccess(field: string, span: Span, selectivity: Selectivity): Access {
  const keys = span.from <= span.to ? [{ kind: 'span', field, ...span } as const] : [];
  return { keys, share: selectivity.shareOf(field, span) };
}
