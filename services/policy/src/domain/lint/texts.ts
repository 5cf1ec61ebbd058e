import type { Operator } from '@aegis/contracts/policy-rules';
import type { Test } from '../rules/condition-test.ts';
import { sampleOf } from './pattern-sample.ts';

/** A condition that is to hold, or not to. */
export interface Literal {
  readonly test: Test;
  readonly wanted: boolean;
}

/** What is asked of a text that is there. */
interface Demand {
  readonly operator: Operator;
  readonly operands: readonly string[];
  readonly wanted: boolean;
}

const OPPOSITES: Partial<Record<Operator, Operator>> = { neq: 'eq', not_in: 'in', not_contains: 'contains' };

/** What literals demand of a text; null when none can do, whatever it says. */
function demandsOn(literals: readonly Literal[]): Demand[] | null {
  const demands: Demand[] = [];
  for (const { test, wanted } of literals) {
    const operands = test.operands.filter((operand) => typeof operand === 'string');
    if (operands.length === 0) {
      // It asks whether anything is there, or compares metadata with another type: every text answers alike.
      if (test.holds('any text') !== wanted) return null;
      continue;
    }
    const opposite = OPPOSITES[test.operator];
    demands.push({ operator: opposite ?? test.operator, operands, wanted: opposite ? !wanted : wanted });
  }
  return demands;
}

/**
 * True when certainly no text meets all literals, provided that no text does which they name. False says nothing: what
 * regular expressions exclude is not looked into.
 */
export function refutesTexts(literals: readonly Literal[]): boolean {
  const demands = demandsOn(literals);
  if (demands === null) return true;
  const wanted = demands.filter((demand) => demand.wanted);
  if (wanted.some(({ operator }) => operator === 'eq' || operator === 'in')) return true;
  const refused = demands.filter((demand) => !demand.wanted);
  return (
    wanted.some((demand) => refused.some((other) => implies(demand, other))) ||
    wanted.some((demand) => wanted.some((other) => disagree(demand, other)))
  );
}

/** Whether a text that meets the one demand has what the other asks for. */
function implies(demand: Demand, other: Demand): boolean {
  const [has = '', part = ''] = [demand.operands[0], other.operands[0]];
  if (demand.operator === other.operator && has === part) return true;
  switch (other.operator) {
    case 'contains':
      return demand.operator !== 'matches' && has.includes(part);
    case 'starts_with':
      return demand.operator === 'starts_with' && has.startsWith(part);
    case 'ends_with':
      return demand.operator === 'ends_with' && has.endsWith(part);
    default:
      return false;
  }
}

/** Two beginnings, or two ends, of which neither is part of the other. */
function disagree(demand: Demand, other: Demand): boolean {
  if (demand.operator !== other.operator) return false;
  const [a = '', b = ''] = [demand.operands[0], other.operands[0]];
  if (demand.operator === 'starts_with') return !a.startsWith(b) && !b.startsWith(a);
  return demand.operator === 'ends_with' && !a.endsWith(b) && !b.endsWith(a);
}

/** No text of an intent is longer. */
const MAX_TEXT = 2_000;

/**
 * A text put together of what literals ask for, such as a beginning and an end; null when none of a few tries will do, or
 * when there is no time for more.
 */
export function composeText(literals: readonly Literal[], caseless: boolean, hasTime: () => boolean): string | null {
  const wanted = (demandsOn(literals) ?? []).filter((demand) => demand.wanted);
  const parts = (operator: Operator) =>
    wanted
      .filter((demand) => demand.operator === operator)
      .flatMap(({ operands }) => operands)
      .toSorted((a, b) => b.length - a.length);
  const [start = ''] = parts('starts_with');
  const [end = ''] = parts('ends_with');
  const middle = parts('contains');
  const samples = parts('matches').flatMap((pattern) => sampleOf(pattern) ?? []);
  const overlaps = [...middle, ...samples].map((text) => joined([start, text, end], ''));
  const tries = [
    ...samples,
    joined([start, end], ''),
    joined([start, ...middle, ...samples, end], ' '),
    joined([start, ...middle, ...samples, end], ''),
    joined([start, ...samples, ...middle, end], ' '),
    ...overlaps,
  ].map((text) => (caseless ? text.toLowerCase() : text));
  const fits = (text: string) =>
    literals.every(({ test, wanted: expected }) => hasTime() && test.holds(text) === expected);
  return tries.find((text) => text.trim() !== '' && text.length <= MAX_TEXT && fits(text)) ?? null;
}

/** Parts one after the other; what a part begins with and the text already ends with is written once. */
function joined(parts: readonly string[], separator: string): string {
  return parts
    .filter((part) => part !== '')
    .reduce((text, part) => {
      if (text === '' || text.endsWith(part)) return text || part;
      return part.startsWith(text) ? part : `${text}${separator}${part}`;
    }, '');
}
