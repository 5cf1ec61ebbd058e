import { uuidSchema } from '@aegis/contracts/ids';
import type { Tx } from '@aegis/postgres/transaction';
import { positionTimeSchema } from '@aegis/contracts/http/text';
import { z } from 'zod';
import type { Agent, AgentStatus, AgentWithBudget, RiskLevel } from '../domain/agent.ts';
import { monthStart } from '../domain/calendar.ts';
import type { WalletMode } from '../domain/wallet.ts';
import { COUNT_LIMIT, type Page, pageOf, type PageRequest } from '../domain/page.ts';
import { parseMinor } from './minor-units.ts';

interface AgentRow {
  readonly agent_id: string;
  readonly name: string;
  readonly description: string | null;
  readonly risk_level: RiskLevel;
  readonly status: AgentStatus;
  readonly daily_limit_minor: string | null;
  readonly monthly_limit_minor: string | null;
  readonly settlement_tolerance_percent: number | null;
  readonly wallet_mode: WalletMode;
  readonly owner_id: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly [column: string]: unknown;
}

interface AgentBudgetRow extends AgentRow {
  readonly day_spent: string;
  readonly day_held: string;
  readonly month_spent: string;
  readonly month_held: string;
  readonly wallet_balance: string;
  readonly wallet_held: string;
}

const COLUMNS = `a.agent_id, a.name, a.description, a.risk_level, a.status, a.daily_limit_minor, a.monthly_limit_minor,
                 a.settlement_tolerance_percent, a.wallet_mode, a.owner_id, a.created_at, a.updated_at`;

const WITH_BUDGETS = `
  SELECT ${COLUMNS}, coalesce(d.spent_minor, 0) AS day_spent, coalesce(d.held_minor, 0) AS day_held,
         coalesce(m.spent_minor, 0) AS month_spent, coalesce(m.held_minor, 0) AS month_held,
         coalesce(a.wallet_balance_minor, 0) AS wallet_balance, a.wallet_held_minor AS wallet_held
  FROM agents a
  LEFT JOIN budgets d ON d.organization_id = a.organization_id AND d.agent_id = a.agent_id
                     AND d.window_kind = 'day' AND d.window_start = $2
  LEFT JOIN budgets m ON m.organization_id = a.organization_id AND m.agent_id = a.agent_id
                     AND m.window_kind = 'month' AND m.window_start = $3
  WHERE a.organization_id = $1`;

/** The agent with its budgets of the windows that `date` falls into. */
export async function findAgent(
  tx: Tx,
  organizationId: string,
  id: string,
  date: string,
): Promise<AgentWithBudget | null> {
  const { rows } = await tx.query<AgentBudgetRow>(`${WITH_BUDGETS} AND a.agent_id = $4`, [
    organizationId,
    date,
    monthStart(date),
    id,
  ]);
  return rows[0] ? withBudget(rows[0], date) : null;
}

/** Where an agent stands in the list: creation, id. */
export const agentKeySchema = z.tuple([positionTimeSchema, uuidSchema]);
export type AgentListKey = z.infer<typeof agentKeySchema>;

/** Oldest first. */
export async function listAgents(
  tx: Tx,
  organizationId: string,
  date: string,
  page: PageRequest<AgentListKey>,
): Promise<Page<AgentWithBudget>> {
  const [createdAt, id] = page.after ?? [];
  const [found, count] = await Promise.all([
    tx.query<AgentBudgetRow>(
      `${WITH_BUDGETS} AND ($4::timestamptz IS NULL OR (a.created_at, a.agent_id) > ($4, $5::uuid))
       ORDER BY a.created_at, a.agent_id LIMIT $6 OFFSET $7`,
      [organizationId, date, monthStart(date), createdAt ?? null, id ?? null, page.limit + 1, page.offset],
    ),
    tx.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM (SELECT FROM agents WHERE organization_id = $1 LIMIT $2) AS counted',
      [organizationId, COUNT_LIMIT + 1],
    ),
  ]);
  return pageOf(
    found.rows.map((row) => withBudget(row, date)),
    page,
    count.rows[0]?.count ?? 0,
    ({ agent }) => [agent.createdAt, agent.id],
  );
}

/** Reads the agent and keeps deciding, and every other change of it, out until the transaction ends. */
export async function lockAgent(tx: Tx, organizationId: string, id: string): Promise<Agent | null> {
  const { rows } = await tx.query<AgentRow>(
    `SELECT ${COLUMNS} FROM agents a WHERE a.organization_id = $1 AND a.agent_id = $2 FOR NO KEY UPDATE`,
    [organizationId, id],
  );
  return rows[0] ? agentOf(rows[0]) : null;
}

/** False when there is one with this id. */
export async function insertAgent(tx: Tx, organizationId: string, agent: Agent): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO agents (organization_id, agent_id, name, description, risk_level, status, daily_limit_minor,
                         monthly_limit_minor, settlement_tolerance_percent, wallet_mode, wallet_balance_minor, owner_id,
                         created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, CASE WHEN $10 = 'enforced' THEN 0 END, $11, $12, $13)
     ON CONFLICT (organization_id, agent_id) DO NOTHING`,
    [organizationId, ...values(agent), agent.ownerId, agent.createdAt, agent.updatedAt],
  );
  return rowCount === 1;
}

export async function updateAgent(tx: Tx, organizationId: string, agent: Agent): Promise<void> {
  await tx.query(
    `UPDATE agents SET name = $3, description = $4, risk_level = $5, status = $6, daily_limit_minor = $7,
                       monthly_limit_minor = $8, settlement_tolerance_percent = $9, wallet_mode = $10,
                       wallet_balance_minor = CASE WHEN $10 = 'enforced' THEN coalesce(wallet_balance_minor, 0)
                                                   ELSE wallet_balance_minor END,
                       updated_at = $11
     WHERE organization_id = $1 AND agent_id = $2`,
    [organizationId, ...values(agent), agent.updatedAt],
  );
}

function values(agent: Agent): unknown[] {
  const { id, name, description, riskLevel, status, dailyLimit, monthlyLimit, tolerancePercent, walletMode } = agent;
  return [id, name, description, riskLevel, status, dailyLimit, monthlyLimit, tolerancePercent, walletMode];
}

function agentOf(row: AgentRow): Agent {
  return {
    id: row.agent_id,
    name: row.name,
    description: row.description,
    riskLevel: row.risk_level,
    status: row.status,
    dailyLimit: parseMinor(row.daily_limit_minor),
    monthlyLimit: parseMinor(row.monthly_limit_minor),
    tolerancePercent: row.settlement_tolerance_percent,
    walletMode: row.wallet_mode,
    ownerId: row.owner_id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

function withBudget(row: AgentBudgetRow, today: string): AgentWithBudget {
  return {
    agent: agentOf(row),
    daily: { spent: BigInt(row.day_spent), held: BigInt(row.day_held) },
    monthly: { spent: BigInt(row.month_spent), held: BigInt(row.month_held) },
    walletBalance: BigInt(row.wallet_balance),
    walletHeld: BigInt(row.wallet_held),
    today,
  };
}
