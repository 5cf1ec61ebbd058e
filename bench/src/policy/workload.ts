import type { DecisionContext } from '@aegis/contracts/events/intents';
import type { Condition, PolicyAction, RuleGroup } from '@aegis/contracts/policy-rules';
import { fieldsOf, observe } from '../../../services/policy/src/domain/context.ts';
import type { SubmittedIntent } from '../../../services/policy/src/domain/intent.ts';
import type { Policy } from '../../../services/policy/src/domain/policy.ts';
import { compilePolicySet } from '../../../services/policy/src/domain/policy-set.ts';
import { putBudget } from '../../../services/policy/src/domain/purse.ts';
import { createRandom, type Random } from '../../../services/policy/test/random.ts';
import { account, RUPEES, surroundings } from '../../../services/policy/test/samples.ts';

/** What the conditions look at, as plain values: the form that the other engines get. Text is in lower case already. */
export interface Facts {
  amount: number;
  confidence: number;
  currency: string;
  merchant: string;
  merchant_category: string;
  reason: string;
  agent_id: string;
  agent_risk_level: 'low' | 'medium' | 'high';
  day_of_week: string;
  hour_of_day: number;
  daily_spend: number;
}

export interface Case {
  readonly facts: Facts;
  readonly intent: SubmittedIntent;
  /** The snapshot of budgets, calendar and agent that deciding takes under its lock, and records. */
  readonly context: DecisionContext;
}

export interface Workload {
  /** In the order of evaluation. */
  readonly policies: readonly Policy[];
  readonly cases: readonly Case[];
}

export type Scalar = string | number;

const MERCHANTS = vocabulary(
  ['acme', 'borealis', 'cobalt', 'delta', 'ember', 'fjord', 'garnet', 'harbor', 'indigo', 'juniper'],
  ['stationers', 'travel', 'hotels', 'cloud', 'software', 'catering', 'freight', 'energy', 'media', 'training'],
  200,
);
const AGENTS = Array.from(
  { length: 5_000 },
  (_, index) => `0193f2c3-a1b2-7c4d-8e5f-${String(index).padStart(12, '0')}`,
);
const PROJECTS = Array.from({ length: 10_000 }, (_, index) => `PRJ-${String(index).padStart(5, '0')}`);
const CATEGORIES = Array.from({ length: 40 }, (_, index) => String(5_000 + index * 25));
const CURRENCIES = ['INR', 'EUR', 'USD', 'GBP', 'JPY'];
const LEVELS = ['low', 'medium', 'high'] as const;
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const PURPOSES = ['Supplies', 'A ticket to the customer', 'One more month of the licence', 'Catering at the workshop'];
const ACTIONS: readonly PolicyAction[] = ['allow', 'deny', 'require_approval'];
/** The words of a field that knows few. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  currency: CURRENCIES,
  merchant_category: CATEGORIES,
  agent_risk_level: LEVELS,
  day_of_week: DAYS,
};
/** Intents ask for less, unless they are made to match. */
const USUAL_AMOUNT = 90_000;

/** A case, on average. */
const MAX_TRIES = 2_000;

/**
 * Policies of 1 to 4 conditions under `all` or `any`, ten operators, 95 % active; and intents of which 30 % match in the
 * first tenth of the policies, 30 % in the middle tenths, and 40 % none. A policy under `all` has one condition on what it
 * is about (a merchant, an agent, a project, a very large amount) and others of any kind; under `any` all are of the
 * first sort, or everything would match.
 */
export function createWorkload(size: number, caseCount: number, seed: number): Workload {
  const random = createRandom(seed);
  const policies = Array.from({ length: size }, (_, index) => policyAt(random, index, size));
  const match = compilePolicySet(policies);
  const cases: Case[] = [];
  for (let tries = 0; cases.length < caseCount; tries += 1) {
    if (tries > MAX_TRIES * caseCount) {
      throw new Error(`seed ${seed} makes ${size} policies that hardly anything matches where it should; take another`);
    }
    const share = (cases.length * 7) % 10;
    const [from, to] = share < 3 ? [0, Math.ceil(size / 10)] : [Math.floor(size * 0.4), Math.ceil(size * 0.6)];
    const facts = randomFacts(random);
    if (share < 6) {
      const target = policies[from + random.below(to - from)];
      if (!target?.isActive) continue;
      satisfy(random, target.rules, facts);
    }
    const candidate = caseOf(facts);
    const found = match(fieldsOf(candidate.intent, candidate.context, '0'));
    const rank = found ? policies.indexOf(found) : -1;
    if (share < 6 ? rank >= from && rank < to : rank === -1) cases.push(candidate);
  }
  return { policies, cases };
}

function policyAt(random: Random, index: number, size: number): Policy {
  const count = 1 + random.below(4);
  const match = count > 1 && random.below(2) === 0 ? 'any' : 'all';
  const conditions = Array.from({ length: count }, (_, at) =>
    at === 0 || match === 'any' ? topic(random) : circumstance(random),
  );
  // The policies that intents are to match first must be there in a small set as well.
  const isTarget = index === 0 || index === Math.floor(size / 2);
  return {
    id: `pol_${index.toString(16).padStart(32, '0')}`,
    version: 1,
    name: `Policy ${index}`,
    description: null,
    priority: size - index,
    action: random.pick(ACTIONS),
    rules: { match, conditions: random.shuffled(conditions) },
    mode: 'enforce',
    isActive: isTarget || random.below(100) < 95,
    approval: null,
    archived: false,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
  };
}

/** A condition on what a policy is about. */
function topic(random: Random): Condition {
  switch (random.below(5)) {
    case 0:
      return random.below(2) === 0
        ? { field: 'merchant', operator: 'eq', value: random.pick(MERCHANTS) }
        : { field: 'agent_id', operator: 'eq', value: random.pick(AGENTS) };
    case 1:
      return random.below(2) === 0
        ? { field: 'merchant', operator: 'in', value: several(random, MERCHANTS, 10) }
        : { field: 'agent_id', operator: 'in', value: several(random, AGENTS, 10) };
    case 2:
      return { field: 'merchant', operator: 'starts_with', value: random.pick(MERCHANTS).slice(0, -1) };
    case 3:
      return { field: 'reason', operator: 'contains', value: random.pick(PROJECTS) };
    default:
      return { field: 'amount', operator: random.pick(['gt', 'gte']), value: USUAL_AMOUNT + random.below(100_000) };
  }
}

/** A condition that many intents meet. */
function circumstance(random: Random): Condition {
  const number = random.pick([
    () => ({ field: 'amount', value: random.below(USUAL_AMOUNT) }),
    () => ({ field: 'confidence', value: random.below(100) / 100 }),
    () => ({ field: 'hour_of_day', value: random.below(24) }),
    () => ({ field: 'daily_spend', value: random.below(500_000) }),
  ])();
  const [field, words] = random.pick(Object.entries(WORDS));
  const operator = random.pick(['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'not_in'] as const);
  switch (operator) {
    case 'eq':
    case 'neq':
      return { field, operator, value: random.pick(words) };
    case 'in':
    case 'not_in':
      return { field, operator, value: several(random, words, Math.ceil(words.length / 2)) };
    default:
      return { ...number, operator };
  }
}

function randomFacts(random: Random): Facts {
  return {
    amount: 1 + random.below(USUAL_AMOUNT - 1),
    confidence: random.below(101) / 100,
    currency: random.pick(CURRENCIES),
    merchant: random.pick(MERCHANTS),
    merchant_category: random.pick(CATEGORIES),
    reason: `${random.pick(PURPOSES)} for ${random.pick(PROJECTS)}`,
    agent_id: random.pick(AGENTS),
    agent_risk_level: random.pick(LEVELS),
    day_of_week: random.pick(DAYS),
    hour_of_day: random.below(24),
    daily_spend: random.below(500_000),
  };
}

/** Changes facts so that the rules hold, as far as one condition does not undo another. */
function satisfy(random: Random, { match, conditions }: RuleGroup, facts: Facts): void {
  for (const condition of match === 'any' ? [random.pick(conditions)] : conditions) {
    if ('match' in condition) continue;
    Object.assign(facts, { [condition.field]: satisfying(random, condition) });
  }
}

function satisfying(random: Random, { field, operator, value }: Condition): Scalar {
  const values = (Array.isArray(value) ? value : [value]) as Scalar[];
  const number = Number(value);
  switch (operator) {
    case 'gt':
      return field === 'confidence'
        ? Math.min(1, number + 0.01)
        : Math.min(number + 1, field === 'hour_of_day' ? 23 : Infinity);
    case 'lt':
      return field === 'confidence' ? Math.max(0, number - 0.01) : Math.max(1, number - 1);
    case 'neq':
    case 'not_in':
      return random.pick((WORDS[field] ?? []).filter((word) => !values.includes(word)));
    case 'starts_with':
      return random.pick(MERCHANTS.filter((merchant) => merchant.startsWith(String(value))));
    case 'contains':
      return `${random.pick(PURPOSES)} for ${String(value)}`;
    default:
      return random.pick(values);
  }
}

/** The intent as it is read off the bus, and the snapshot as it is taken, for the same facts. */
function caseOf(facts: Facts): Case {
  const { currency, merchant, merchant_category: merchantCategory, reason, agent_id: agentId } = facts;
  const exponent = currency === 'JPY' ? 0 : 2;
  const intent: SubmittedIntent = {
    intentId: 'int_0193f2c3a1b27c4d8e5f60718293a4b5',
    agentId,
    money: { amountMinor: String(facts.amount * 10 ** exponent), currency, exponent },
    confidence: String(Math.round(facts.confidence * 100) / 100),
    reason,
    merchant,
    merchantCategory,
    metadata: null,
    submitter: { type: 'agent', id: agentId, role: null, authMethod: 'api_key' },
    keyCreatorId: null,
    // A Monday of a month without a change of the clock in India, and the days after it.
    createdAt: `2026-03-0${2 + DAYS.indexOf(facts.day_of_week)}T${String(facts.hour_of_day).padStart(2, '0')}:00:00.000+05:30`,
  };
  const spender = account({ agentId, riskLevel: facts.agent_risk_level });
  const date = intent.createdAt.slice(0, 10);
  const spent = BigInt(facts.daily_spend * 100);
  putBudget(spender, { kind: 'day', start: date, spent: spent - spent / 4n, held: spent / 4n });
  putBudget(spender, { kind: 'month', start: '2026-03-01', spent, held: 0n });
  const submitted = JSON.parse(JSON.stringify(intent)) as SubmittedIntent;
  return { facts: { ...facts }, intent: submitted, context: observe(submitted, RUPEES, spender, surroundings(), []) };
}

function several<T>(random: Random, items: readonly T[], most: number): T[] {
  return [...new Set(Array.from({ length: 1 + random.below(most) }, () => random.pick(items)))];
}

function vocabulary(first: readonly string[], second: readonly string[], numbers: number): string[] {
  return first.flatMap((one) =>
    second.flatMap((two) => Array.from({ length: numbers }, (_, index) => `${one} ${two} ${index + 100}`)),
  );
}
