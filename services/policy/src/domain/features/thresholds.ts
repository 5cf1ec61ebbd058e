import type { Condition, RuleGroup } from '@aegis/contracts/policy-rules';
import { comparableOperand, COMPARED_DECIMALS } from '../exact.ts';
import type { Policy } from '../policy.ts';

/**
 * The amounts from which on the active policies that decide treat an intent differently, in minor units of the base currency,
 * ascending: what somebody would split a payment to stay below.
 */
export function amountThresholds(policies: readonly Policy[], baseExponent: number): bigint[] {
  const found = new Set<bigint>();
  for (const policy of policies) {
    if (!policy.isActive || policy.archived || policy.mode !== 'enforce') continue;
    for (const value of boundaries(policy.rules)) {
      const minor = toMinor(value, baseExponent);
      if (minor !== null && minor > 1n) found.add(minor);
    }
  }
  return [...found].toSorted((a, b) => (a < b ? -1 : 1));
}

/** Each with whether the boundary itself still belongs to the amounts below. */
type Boundary = readonly [value: unknown, inclusive: boolean];

function boundaries(group: RuleGroup): Boundary[] {
  return group.conditions.flatMap((part) => ('match' in part ? boundaries(part) : boundariesOf(part)));
}

function boundariesOf({ field, operator, value }: Condition): Boundary[] {
  if (field !== 'amount' && field !== 'amount_base') return [];
  switch (operator) {
    case 'gte':
    case 'lt':
      return [[value, false]];
    case 'gt':
    case 'lte':
      return [[value, true]];
    case 'between':
      return Array.isArray(value)
        ? [
            [value[0], false],
            [value[1], true],
          ]
        : [];
    default:
      return [];
  }
}

/** The first amount in minor units that lies behind the boundary. */
function toMinor([value, inclusive]: Boundary, baseExponent: number): bigint | null {
  if (typeof value !== 'number') return null;
  const operand = comparableOperand(value);
  if (typeof operand === 'string') return null;
  const unit = 10n ** BigInt(COMPARED_DECIMALS - baseExponent);
  const compared = BigInt(operand);
  const down = compared / unit;
  if (compared % unit !== 0n) return down + 1n;
  return inclusive ? down + 1n : down;
}
