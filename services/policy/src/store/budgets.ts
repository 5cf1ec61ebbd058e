import type { Tx } from '@aegis/postgres/transaction';
import type { Account } from '../domain/account.ts';
import type { WindowKind } from '../domain/purse.ts';
import type { AgentKey } from './accounts.ts';

export interface BudgetKey extends AgentKey {
  readonly kind: WindowKind;
  readonly start: string;
}

export interface BudgetRecord extends BudgetKey {
  readonly spent: bigint;
  readonly held: bigint;
}

interface BudgetRow {
  readonly organization_id: string;
  readonly agent_id: string;
  readonly window_kind: WindowKind;
  readonly window_start: string;
  readonly spent_minor: string;
  readonly held_minor: string;
  readonly [column: string]: unknown;
}

// LIMIT keeps the lookups apart: by the whole key, whatever the statistics say of a table that grows by the second.
const LOAD_BUDGETS = {
  name: 'budgets-load',
  text: `SELECT b.*
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[]) AS w (organization_id, agent_id, kind, start)
         CROSS JOIN LATERAL (
           SELECT organization_id, agent_id, window_kind, window_start, spent_minor, held_minor
           FROM budgets
           WHERE organization_id = w.organization_id AND agent_id = w.agent_id
             AND window_kind = w.kind AND window_start = w.start
           LIMIT 1
         ) AS b`,
};

const SAVE_BUDGETS = {
  name: 'budgets-save',
  text: `INSERT INTO budgets (organization_id, agent_id, window_kind, window_start, spent_minor, held_minor)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::numeric[], $6::numeric[])
         ON CONFLICT (organization_id, agent_id, window_kind, window_start)
         DO UPDATE SET spent_minor = excluded.spent_minor, held_minor = excluded.held_minor`,
};

/** The budgets of these windows; one without a row has counted nothing so far. */
export async function loadBudgets(tx: Tx, keys: readonly BudgetKey[]): Promise<BudgetRecord[]> {
  if (keys.length === 0) return [];
  const { rows } = await tx.query<BudgetRow>(LOAD_BUDGETS, [
    keys.map((key) => key.organizationId),
    keys.map((key) => key.agentId),
    keys.map((key) => key.kind),
    keys.map((key) => key.start),
  ]);
  return rows.map((row) => ({
    organizationId: row.organization_id,
    agentId: row.agent_id,
    kind: row.window_kind,
    start: row.window_start,
    spent: BigInt(row.spent_minor),
    held: BigInt(row.held_minor),
  }));
}

/** Writes the budgets of accounts that the caller has locked. */
export async function saveBudgets(tx: Tx, accounts: readonly Account[]): Promise<void> {
  const rows = accounts.flatMap(({ organizationId, agentId, budgets }) =>
    [...budgets.values()].map((budget) => ({ organizationId, agentId, budget })),
  );
  if (rows.length === 0) return;
  await tx.query(SAVE_BUDGETS, [
    rows.map((row) => row.organizationId),
    rows.map((row) => row.agentId),
    rows.map((row) => row.budget.kind),
    rows.map((row) => row.budget.start),
    rows.map((row) => row.budget.spent),
    rows.map((row) => row.budget.held),
  ]);
}
