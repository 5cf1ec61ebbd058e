import { randomUUID } from 'node:crypto';
import type { EventData } from '@aegis/contracts/events/catalog';
import { newId } from '@aegis/contracts/ids';
import type { Database } from '@aegis/postgres/database';
import type { PolicyDraft } from '../src/domain/policy.ts';
import { simulateWindow } from '../src/usecases/simulate-window.ts';
import { createOrganization, createReplica, type PolicyDatabase } from './policy-database.ts';

/** A purchase, in minor units of pounds. */
export interface Purchase {
  readonly card: string;
  readonly createdAt: string;
  readonly amountMinor: bigint;
  readonly merchant: string | null;
  readonly category: string | null;
}

type Draft = Pick<PolicyDraft, 'name' | 'priority' | 'action' | 'rules'>;

const when = (field: string, operator: string, value: unknown) => ({
  match: 'all' as const,
  conditions: [{ field, operator, value }],
});

export const FIVE_POLICIES: readonly Draft[] = [
  { name: 'No cash', priority: 90, action: 'deny', rules: when('merchant_category', 'contains', 'cash') },
  { name: 'Risky', priority: 70, action: 'require_approval', rules: when('risk_score', 'gte', 0.7) },
  { name: 'Large', priority: 50, action: 'require_approval', rules: when('amount_base', 'gt', 2_500) },
  { name: 'Busy', priority: 40, action: 'require_approval', rules: when('intents_last_hour', 'gt', 40) },
  { name: 'Everyday', priority: 10, action: 'allow', rules: when('amount_base', 'lte', 500) },
];

export const STRICTER: readonly Draft[] = [
  { name: 'No cash', priority: 90, action: 'deny', rules: when('merchant_category', 'contains', 'cash') },
  { name: 'Risky', priority: 70, action: 'deny', rules: when('risk_score', 'gte', 0.6) },
  { name: 'Large', priority: 50, action: 'require_approval', rules: when('amount_base', 'gt', 1_000) },
  { name: 'One merchant', priority: 45, action: 'require_approval', rules: when('merchant_spend_30d', 'gt', 3_000) },
  { name: 'Busy', priority: 40, action: 'deny', rules: when('intents_last_hour', 'gt', 20) },
  { name: 'Soft limit', priority: 30, action: 'require_approval', rules: when('daily_spend_after', 'gt', 1_500) },
];

const LIMITS = { dailyLimit: '5000', monthlyLimit: '40000' };
/** Every tenth card pays from a wallet, and must not overdraw it. */
const WALLET_EVERY = 10;
const WALLET_MINOR = 1_500_000n;
const BATCH = 500;

export type Organization = Awaited<ReturnType<typeof createOrganization>>;
export type Decided = EventData<'intent.decided'>;

/** An organisation with these policies, and an agent for each card: limits for all, wallets for some. */
export async function openBooks(
  store: PolicyDatabase,
  database: Database,
  cards: readonly string[],
  policies: readonly Draft[],
) {
  const organization = await createOrganization(database, { baseCurrency: 'GBP', timeZone: 'Europe/London' });
  for (const policy of policies) await organization.policy(policy);
  const agents = new Map<string, string>();
  const wallets: string[] = [];
  for (const [index, card] of cards.entries()) {
    const id = await organization.agent({ id: randomUUID(), name: card, riskLevel: 'low', ...LIMITS });
    agents.set(card, id);
    if (index % WALLET_EVERY === 0) wallets.push(id);
  }
  await store.rows(`UPDATE agents SET wallet_mode = 'enforced', wallet_balance_minor = $2 WHERE agent_id = ANY ($1)`, [
    wallets,
    WALLET_MINOR,
  ]);
  return { organization, agents, wallets };
}

export type Books = Awaited<ReturnType<typeof openBooks>>;

/** Lets the service's consumer decide the purchases in their order, each at its own date. Nobody answers approvals. */
export async function decideAll(
  { organization, agents }: Books,
  database: Database,
  purchases: readonly Purchase[],
  progress: (decided: number) => void = () => undefined,
): Promise<void> {
  const replica = createReplica(database, { maxOpenApprovals: 1_000_000 });
  for (let start = 0; start < purchases.length; start += BATCH) {
    const batch = purchases.slice(start, start + BATCH).map((purchase) =>
      organization.submitted(agents.get(purchase.card) ?? '', {
        intentId: newId('int'),
        money: { amountMinor: purchase.amountMinor.toString(), currency: 'GBP', exponent: 2 },
        merchant: purchase.merchant,
        merchantCategory: purchase.category,
        confidence: '1',
        reason: 'Card purchase',
        createdAt: purchase.createdAt,
      }),
    );
    await replica.handle(...batch);
    progress(start + batch.length);
  }
}

/** What was approved and what is held, three ways: by the decisions, by the budgets of months, by the wallets. */
export async function reconcile(store: PolicyDatabase, { organization, wallets }: Books) {
  const { organizationId } = organization;
  const [decisions] = await store.rows<{ count: number; spent: string; held: string }>(
    `SELECT count(*)::int AS count,
            coalesce(sum((decided #>> '{money,amountMinor}')::numeric) FILTER (WHERE decided ->> 'outcome' = 'approved'), 0) AS spent,
            coalesce(sum((decided #>> '{money,amountMinor}')::numeric) FILTER (WHERE decided ->> 'outcome' = 'pending_approval'), 0) AS held
     FROM decision_log WHERE organization_id = $1`,
    [organizationId],
  );
  const budgetsOf = (kind: string) =>
    store.rows<{ spent: string; held: string }>(
      `SELECT coalesce(sum(spent_minor), 0) AS spent, coalesce(sum(held_minor), 0) AS held
       FROM budgets WHERE organization_id = $1 AND window_kind = $2`,
      [organizationId, kind],
    );
  const [[months], [days]] = await Promise.all([budgetsOf('month'), budgetsOf('day')]);
  const [ledger] = await store.rows<{ spent: string; held: string; by_decisions: string; held_by_decisions: string }>(
    `SELECT $3::numeric * count(*) - sum(wallet_balance_minor) AS spent, sum(wallet_held_minor) AS held,
            (SELECT coalesce(sum((decided #>> '{money,amountMinor}')::numeric), 0) FROM decision_log
             WHERE organization_id = $1 AND agent_id = ANY ($2) AND decided ->> 'outcome' = 'approved') AS by_decisions,
            (SELECT coalesce(sum((decided #>> '{money,amountMinor}')::numeric), 0) FROM decision_log
             WHERE organization_id = $1 AND agent_id = ANY ($2)
               AND decided ->> 'outcome' = 'pending_approval') AS held_by_decisions
     FROM agents WHERE organization_id = $1 AND agent_id = ANY ($2)`,
    [organizationId, wallets, WALLET_MINOR],
  );
  if (!decisions || !months || !days || !ledger) throw new Error('nothing to reconcile');
  return { decisions, months, days, ledger };
}

/** Everything of a decision that two organisations can have in common. */
export function comparable({
  outcome,
  policyDecision,
  matchedPolicy,
  guards,
  reasons,
  risk,
  context,
}: Decided): string {
  return JSON.stringify([outcome, policyDecision, matchedPolicy.name, guards, reasons, risk, context]);
}

export interface Comparison {
  readonly intents: number;
  readonly changed: number;
  readonly differences: number;
  readonly firstDifference: readonly [predicted: string, real: string] | null;
  readonly seconds: number;
}

/** Simulates the policies over one organisation's history and compares each answer with another's, in recorded order. */
export async function compareWith(
  store: PolicyDatabase,
  database: Database,
  past: Books,
  proposed: readonly Draft[],
  real: Books,
  progress: (replayed: number) => void = () => undefined,
): Promise<Comparison> {
  const policies = proposed.map((draft) => ({
    description: null,
    isActive: true,
    mode: 'enforce',
    approval: null,
    ...draft,
  }));
  const window = { from: null, to: null, policies, defaultAction: null, assumption: 'unanswered' } as const;
  let seconds = 0;
  let intents = 0;
  let differences = 0;
  let firstDifference: Comparison['firstDifference'] = null;
  const { caller, organizationId } = past.organization;
  const steps = simulateWindow({ database }, caller, window, new AbortController().signal);
  for (;;) {
    // The comparison's own reading is not the simulation's time.
    const startedAt = performance.now();
    const { value: step, done } = await steps.next();
    seconds += (performance.now() - startedAt) / 1_000;
    if (done) throw new Error(`the simulation of ${organizationId} has no end`);
    if (step.report) return { intents, changed: step.report.changed, differences, firstDifference, seconds };
    const decided = await store.rows<{ decided: Decided }>(
      'SELECT decided FROM decision_log WHERE organization_id = $1 ORDER BY seq OFFSET $2 LIMIT $3',
      [real.organization.organizationId, intents, step.intents.length],
    );
    for (const [index, { after }] of step.intents.entries()) {
      const other = decided[index]?.decided;
      const [predicted, actual] = [comparable(after), other ? comparable(other) : ''];
      if (predicted === actual) continue;
      differences += 1;
      firstDifference ??= [predicted, actual];
    }
    intents += step.intents.length;
    progress(step.replayed);
  }
}
