import type { EncodedEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import { putBudgets } from '../src/usecases/put-budgets.ts';
import { createTransaction } from '../src/usecases/wallet-transactions.ts';
import type { HistoryRules, Limits, Payment, Recorded } from './decision-history.ts';
import { clock, createOrganization, message, type PolicyDatabase } from './policy-database.ts';
import type { Random } from './random.ts';
import { rupees } from './samples.ts';

/** An organisation that asks for several times what its budgets allow, and what was told about it so far. */
export interface World {
  readonly organization: Awaited<ReturnType<typeof createOrganization>>;
  /** The first one asks as often as all others together. */
  readonly agents: readonly string[];
  readonly rules: HistoryRules & { readonly payments: Map<string, Payment> };
  /** Ids of all intents. */
  readonly submitted: Set<string>;
}

export interface WorldOptions {
  /** Agents beside the one that asks most. */
  readonly others: number;
  /** Whether intents are held until they are settled. */
  readonly settles: boolean;
  /** On how many dates of one month its intents fall. */
  readonly dates: number;
}

const MILLION = 1_000_000n;
const MOST_ASKED = 100_000;
const TOLERANCE = 10;
const CATEGORIES = ['Travel', 'travel', 'software', 'SOFTWARE', null];

const part = (percent: bigint, whole: bigint) => (whole * percent) / 100n;
const text = (minor: bigint) => `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;

/** Opens one with limits of every kind; whoever is decided first, some agents meet their own and the rest those of all. */
export async function openWorld(store: PolicyDatabase, { others, settles, dates }: WorldOptions): Promise<World> {
  const database = store.open();
  const deps = { database, clock };
  const organization = await createOrganization(database);
  await organization.policy({
    name: 'Ask a person',
    action: 'require_approval',
    rules: { match: 'all', conditions: [{ field: 'confidence', operator: 'lt', value: 0.5 }] },
  });
  const day = BigInt(others + 1) * MILLION;
  const month = part(90n, day * BigInt(dates));
  const shared: [string, Limits][] = [
    ['', { day, month }],
    ['travel', { day: null, month: part(30n, month) }],
    ['software', { day: part(30n, day), month: null }],
  ];
  const inputs = shared.map(([category, limit]) => ({ ...(category && { category }), ...inputOf(limit) }));
  await putBudgets(deps, organization.caller, inputs);

  const limits = new Map(shared);
  const agents: string[] = [];
  for (let index = 0; index <= others; index += 1) {
    const own = index === 0 ? part(85n, day) : part(60n, day) / BigInt(others);
    const limit = { day: own, month: index % 2 === 0 ? part(75n, own * BigInt(dates)) : null };
    const agentId = await organization.agent({
      ...inputOf(limit),
      ...(settles && { settlement: 'required', settlementTolerancePercent: TOLERANCE }),
      ...(index === 0 && { walletMode: 'enforced' }),
    });
    limits.set(agentId, limit);
    agents.push(agentId);
  }
  const [agentId = ''] = agents;
  const put = part(75n, month);
  const topUp = { id: newId('wtx'), agentId, type: 'top_up', amount: text(put), reference: null, note: null };
  await createTransaction(deps, organization.caller, topUp);
  return {
    organization,
    agents,
    submitted: new Set(),
    rules: {
      limits,
      wallets: new Map([[agentId, put]]),
      tolerancePercent: new Map(settles ? agents.map((id) => [id, BigInt(TOLERANCE)] as const) : []),
      payments: new Map(),
    },
  };
}

function inputOf({ day, month }: Limits) {
  return { ...(day !== null && { dailyLimit: text(day) }), ...(month !== null && { monthlyLimit: text(month) }) };
}

/** An intent of one of two dates, and all that will be said about it; `round` counts the dates. */
export function createIntent(world: World, random: Random, round: number, dates: number): EncodedEvent[] {
  const { organization, agents, rules } = world;
  const agentId = random.below(2) === 0 ? (agents[0] ?? '') : random.pick(agents.slice(1));
  const minor = 1 + random.below(MOST_ASKED);
  const asks = random.below(10) < 3;
  const createdMs = Date.UTC(2026, 2, 1 + ((round + random.below(2)) % dates), 6, random.below(600));
  const { intent, intentId } = submit(world, {
    agentId,
    money: rupees(minor),
    merchantCategory: random.pick(CATEGORIES),
    confidence: asks ? '0.2' : '0.9',
    createdAt: new Date(createdMs).toISOString(),
  });
  const messages = [intent];
  const answer = random.pick(['approved', 'approved', 'rejected', 'expired', null] as const);
  if (asks && answer) messages.push(organization.resolved({ intentId, agentId }, answer));
  if (!rules.tolerancePercent.has(agentId)) return messages;
  const kind = random.pick(['settled', 'settled', 'cancelled', 'cancelled by the agent', null] as const);
  if (kind === null) return messages;
  const captured = kind === 'settled' ? random.below(minor + Math.floor(minor / TOLERANCE)) : 0;
  return [...messages, pay(world, { intentId, agentId, kind, captured })];
}

type Submission = Parameters<World['organization']['submitted']>[1] & { readonly agentId: string };

export function submit({ organization, submitted }: World, { agentId, ...fields }: Submission) {
  const intent = organization.submitted(agentId, fields);
  const { intentId } = JSON.parse(intent.value) as { intentId: string };
  submitted.add(intentId);
  return { intent, intentId };
}

interface Paying {
  readonly intentId: string;
  readonly agentId: string;
  readonly kind: 'settled' | 'cancelled' | 'cancelled by the agent';
  readonly captured: number;
}

function pay({ organization, rules }: World, { intentId, agentId, kind, captured }: Paying): EncodedEvent {
  const confirmed = kind !== 'cancelled by the agent';
  rules.payments.set(intentId, { capturedMinor: BigInt(captured), confirmed });
  return message(organization.organizationId, kind === 'settled' ? 'intent.settled' : 'intent.cancelled', {
    intentId,
    agentId,
    money: rupees(captured),
    reference: kind === 'settled' ? 'payment' : null,
    final: true,
    confirmedBy: confirmed ? 'key_tool' : null,
    recordedAt: '2026-03-05T11:00:00.000Z',
  });
}

/** Nobody answers in time whom nobody has answered yet, and whatever is not paid yet is paid. */
export function restOf(world: World, last: ReadonlyMap<string, Recorded>): EncodedEvent[] {
  const { organization, rules } = world;
  return [...last.values()].flatMap(({ decided }) => {
    const { intentId, agentId, outcome, money } = decided;
    if (outcome === 'pending_approval') return organization.resolved(decided, 'expired');
    if (outcome === 'denied' || !rules.tolerancePercent.has(agentId) || rules.payments.has(intentId)) return [];
    return pay(world, { intentId, agentId, kind: 'settled', captured: Number(money.amountMinor) });
  });
}
