import type { Tx } from '@aegis/postgres/transaction';
import type { Account } from '../domain/account.ts';
import { emptyActivity } from '../domain/features/activity.ts';
import type { AgentStatus, RiskLevel } from '../domain/agent.ts';
import type { Wallet, WalletMode } from '../domain/wallet.ts';
import { parseMinor } from './minor-units.ts';

export interface AgentKey {
  readonly organizationId: string;
  readonly agentId: string;
}

interface AccountRow {
  readonly organization_id: string;
  readonly agent_id: string;
  readonly name: string;
  readonly risk_level: RiskLevel;
  readonly status: AgentStatus;
  readonly daily_limit_minor: string | null;
  readonly monthly_limit_minor: string | null;
  readonly owner_id: string | null;
  readonly history_count: bigint;
  readonly history_sum_minor: string;
  readonly open_approvals: number;
  readonly settlement_tolerance_percent: number | null;
  readonly wallet_mode: WalletMode;
  readonly wallet_balance_minor: string | null;
  readonly wallet_held_minor: string;
  readonly [column: string]: unknown;
}

// Sorted, so that two batches with agents in common wait for each other instead of locking crosswise. Looked up one by
// one: a join would be free to lock in another order, and the statistics of tables that grow by the second mislead it.
const LOCK = {
  name: 'accounts-lock',
  text: `SELECT a.*
         FROM (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS k (organization_id, agent_id) ORDER BY 1, 2) AS k
         CROSS JOIN LATERAL (
           SELECT organization_id, agent_id, name, risk_level, status, daily_limit_minor, monthly_limit_minor, owner_id,
                  history_count, history_sum_minor, open_approvals, settlement_tolerance_percent, wallet_mode,
                  wallet_balance_minor, wallet_held_minor
           FROM agents WHERE organization_id = k.organization_id AND agent_id = k.agent_id
           FOR NO KEY UPDATE
         ) AS a`,
};

const SAVE = {
  name: 'accounts-save',
  text: `UPDATE agents a
         SET history_count = n.history_count, history_sum_minor = n.history_sum, open_approvals = n.open_approvals,
             wallet_balance_minor = n.wallet_balance, wallet_held_minor = n.wallet_held
         FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::numeric[], $5::integer[], $6::numeric[], $7::numeric[])
           AS n (organization_id, agent_id, history_count, history_sum, open_approvals, wallet_balance, wallet_held)
         WHERE a.organization_id = n.organization_id AND a.agent_id = n.agent_id`,
};

/**
 * Locks agents, each of whose rows guards the agent's budgets and decisions too: statements after this one see them as
 * the last holder left them. Budgets and features are loaded on top (`loadBudgets`, `loadFeatures`). Unknown agents are left out.
 */
export async function lockAccounts(tx: Tx, keys: readonly AgentKey[]): Promise<Account[]> {
  const { rows } = await tx.query<AccountRow>(LOCK, [
    keys.map((key) => key.organizationId),
    keys.map((key) => key.agentId),
  ]);
  return rows.map((row) => ({
    organizationId: row.organization_id,
    agentId: row.agent_id,
    name: row.name,
    riskLevel: row.risk_level,
    status: row.status,
    dailyLimit: parseMinor(row.daily_limit_minor),
    monthlyLimit: parseMinor(row.monthly_limit_minor),
    ownerId: row.owner_id,
    historyCount: Number(row.history_count),
    historySum: BigInt(row.history_sum_minor),
    openApprovals: row.open_approvals,
    tolerancePercent: row.settlement_tolerance_percent,
    wallet: walletOf(row),
    budgets: new Map(),
    activity: emptyActivity(),
    merchants: new Map(),
    pieces: new Map(),
  }));
}

function walletOf(row: AccountRow): Wallet | null {
  if (row.wallet_balance_minor === null) return null;
  const { wallet_mode: mode, wallet_balance_minor: balance, wallet_held_minor: held } = row;
  return { mode, balance: BigInt(balance), held: BigInt(held), entries: [] };
}

/** Writes back the counters of accounts that the caller has locked. */
export async function saveAccounts(tx: Tx, accounts: readonly Account[]): Promise<void> {
  if (accounts.length === 0) return;
  await tx.query(SAVE, [
    accounts.map((account) => account.organizationId),
    accounts.map((account) => account.agentId),
    accounts.map((account) => account.historyCount),
    accounts.map((account) => account.historySum),
    accounts.map((account) => account.openApprovals),
    accounts.map((account) => account.wallet?.balance ?? null),
    accounts.map((account) => account.wallet?.held ?? 0n),
  ]);
}
