import type { ApprovalResolution, Facts, IntentFact, OrganizationFact } from '../domain/facts.ts';
import { dateTime64, type Store } from './store.ts';

const TIMEOUT_MS = 30_000;

/** A table's columns, each with the value that a fact gives it. */
type Columns<F> = Readonly<Record<string, (fact: F) => string | number | null>>;

const INTENTS: Columns<IntentFact> = {
  organization_id: (fact) => fact.organizationId,
  intent_id: (fact) => fact.intentId,
  agent_id: (fact) => fact.agentId,
  stage: (fact) => fact.stage,
  status: (fact) => fact.status,
  currency: (fact) => fact.currency,
  exponent: (fact) => fact.exponent,
  amount_minor: (fact) => fact.amountMinor.toString(),
  base_currency: (fact) => fact.baseCurrency ?? '',
  amount_base_minor: (fact) => fact.amountBaseMinor?.toString() ?? null,
  created_at: (fact) => dateTime64(fact.createdAt),
};

const APPROVAL_RESOLUTIONS: Columns<ApprovalResolution> = {
  organization_id: (fact) => fact.organizationId,
  approval_id: (fact) => fact.approvalId,
  outcome: (fact) => fact.outcome,
  requested_at: (fact) => dateTime64(fact.requestedAt),
  resolved_at: (fact) => dateTime64(fact.resolvedAt),
};

const ORGANIZATIONS: Columns<OrganizationFact> = {
  organization_id: (fact) => fact.organizationId,
  base_currency: (fact) => fact.baseCurrency,
  changed_at: (fact) => dateTime64(fact.changedAt),
};

/**
 * Writes facts, one insert a table. Writing them again, or some of them after a failure half-way, changes no sum.
 * Resolves when the rows are on disk.
 */
export async function insertFacts(store: Store, facts: Facts): Promise<void> {
  await Promise.all([
    insert(store, 'intents', INTENTS, facts.intents),
    insert(store, 'approval_resolutions', APPROVAL_RESOLUTIONS, facts.approvalResolutions),
    insert(store, 'organizations', ORGANIZATIONS, facts.organizations),
  ]);
}

async function insert<F>(store: Store, table: string, columns: Columns<F>, facts: readonly F[]): Promise<void> {
  if (facts.length === 0) return;
  const values = Object.values(columns);
  await store.clickhouse.insert({
    table: `${store.database}.${table}`,
    columns: Object.keys(columns) as [string, ...string[]],
    values: facts.map((fact) => values.map((value) => value(fact))),
    format: 'JSONCompactEachRow',
    abort_signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}
