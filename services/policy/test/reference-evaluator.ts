import { formatAmount } from '@aegis/contracts/money';
import type { DecisionContext } from '@aegis/contracts/events/intents';
import type { Condition, RuleGroup } from '@aegis/contracts/policy-rules';
import { RE2JS } from 're2js';
import type { SubmittedIntent } from '../src/domain/intent.ts';
import type { Policy } from '../src/domain/policy.ts';

/**
 * The rules of the API reference, read out one after another: slow, without any of the evaluator's forms or short cuts.
 * Amounts are decimal texts here and are compared as fractions.
 */
export function answeringPolicy(
  policies: readonly Policy[],
  intent: SubmittedIntent,
  context: DecisionContext,
  riskScore: string,
): Policy | null {
  let best: Policy | null = null;
  for (const policy of policies) {
    if (!policy.isActive || policy.archived) continue;
    if (!holds(policy.rules, policy, (field) => valueOf(field, intent, context, riskScore))) continue;
    if (best === null || isAhead(policy, best)) best = policy;
  }
  return best;
}

function isAhead(policy: Policy, other: Policy): boolean {
  if (policy.priority !== other.priority) return policy.priority > other.priority;
  if (policy.createdAt !== other.createdAt) return policy.createdAt < other.createdAt;
  return policy.id < other.id;
}

type Look = (field: string) => unknown;

function holds(part: Condition | RuleGroup, policy: Policy, look: Look): boolean {
  if ('match' in part) {
    const answers = part.conditions.map((inner) => holds(inner, policy, look));
    return part.match === 'all' ? !answers.includes(false) : answers.includes(true);
  }
  const value = look(part.field);
  if (part.operator === 'exists') return (value !== undefined) === (part.value ?? true);
  const operands = Array.isArray(part.value) ? part.value : [part.value];
  const comparable = value !== undefined && isComparable(part.field, value, operands[0]);
  const negations: Partial<Record<Condition['operator'], Condition['operator']>> = {
    neq: 'eq',
    not_in: 'in',
    not_contains: 'contains',
  };
  const opposite = negations[part.operator];
  if (!comparable) return opposite !== undefined && policy.action !== 'allow';
  return opposite
    ? !compare(part.field, opposite, value, operands)
    : compare(part.field, part.operator, value, operands);
}

function isComparable(field: string, value: unknown, operand: unknown): boolean {
  return !field.startsWith('metadata.') || typeof value === typeof operand;
}

const CASELESS = ['merchant', 'merchant_category'];
const MONEY = /^(amount|amount_base|(daily|monthly)_spend(_after)?|merchant_spend_30d|wallet_balance)$/;

function compare(
  field: string,
  operator: Condition['operator'],
  value: unknown,
  operands: readonly unknown[],
): boolean {
  const caseless = CASELESS.includes(field);
  const fold = (text: unknown) => (caseless ? String(text).toLowerCase() : String(text));
  const order = (operand: unknown) => {
    if (MONEY.test(field)) return compareDecimals(String(value), String(operand));
    if (typeof value === 'number' && typeof operand === 'number') return value - operand;
    const [a, b] = [fold(value), fold(operand)];
    return a < b ? -1 : a > b ? 1 : 0;
  };
  const [first, second] = operands;
  switch (operator) {
    case 'eq':
      return order(first) === 0;
    case 'in':
      return operands.some((operand) => order(operand) === 0);
    case 'gt':
      return order(first) > 0;
    case 'gte':
      return order(first) >= 0;
    case 'lt':
      return order(first) < 0;
    case 'lte':
      return order(first) <= 0;
    case 'between':
      return order(first) >= 0 && order(second) <= 0;
    case 'contains':
      return fold(value).includes(fold(first));
    case 'starts_with':
      return fold(value).startsWith(fold(first));
    case 'ends_with':
      return fold(value).endsWith(fold(first));
    case 'matches':
      return RE2JS.compile(String(first), caseless ? RE2JS.CASE_INSENSITIVE : 0)
        .matcher(String(value))
        .find();
    default:
      throw new Error(`${operator} is a negation`);
  }
}

/** Compares decimal texts of any length by their digits. */
function compareDecimals(a: string, b: string): number {
  const scaled = (text: string) => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(20, '0'));
  };
  const difference = scaled(a) - scaled(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function valueOf(field: string, intent: SubmittedIntent, context: DecisionContext, riskScore: string): unknown {
  const base = (minor: bigint) => formatAmount(minor, context.baseExponent);
  const present = (text: string | null) => (text?.trim() ? text : undefined);
  const daily = BigInt(context.dailySpentMinor) + BigInt(context.dailyHeldMinor);
  const monthly = BigInt(context.monthlySpentMinor) + BigInt(context.monthlyHeldMinor);
  const asked = context.amountBaseMinor === null ? null : BigInt(context.amountBaseMinor);
  if (field.startsWith('metadata.')) {
    let value: unknown = intent.metadata;
    for (const key of field.split('.').slice(1)) {
      value =
        value !== null && typeof value === 'object' ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
    }
    return value === null ? undefined : value;
  }
  const values: Record<string, unknown> = {
    amount: formatAmount(BigInt(intent.money.amountMinor), intent.money.exponent),
    amount_base: asked === null ? undefined : base(asked),
    currency: intent.money.currency,
    confidence: Number(intent.confidence),
    reason: intent.reason,
    merchant: present(intent.merchant),
    merchant_category: present(intent.merchantCategory),
    agent_id: intent.agentId,
    agent_name: context.agentName,
    agent_risk_level: context.agentRiskLevel,
    risk_score: Number(riskScore),
    day_of_week: context.dayOfWeek,
    hour_of_day: context.hourOfDay,
    day_of_month: context.dayOfMonth,
    date: context.date,
    daily_spend: base(daily),
    monthly_spend: base(monthly),
    daily_spend_after: asked === null ? undefined : base(daily + asked),
    monthly_spend_after: asked === null ? undefined : base(monthly + asked),
    intents_last_hour: context.features?.intentsLastHour,
    intents_last_day: context.features?.intentsLastDay,
    merchant_seen_before: context.features?.merchant?.seenBefore,
    wallet_balance: context.wallet
      ? base(BigInt(context.wallet.balanceMinor) - BigInt(context.wallet.heldMinor))
      : undefined,
    merchant_spend_30d: context.features?.merchant ? base(BigInt(context.features.merchant.spend30dMinor)) : undefined,
  };
  return values[field];
}
