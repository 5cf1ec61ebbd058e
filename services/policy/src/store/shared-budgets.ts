import type { Tx } from '@aegis/postgres/transaction';
import { putBudget, type SharedBudget, type WindowKind, windowsOf } from '../domain/purse.ts';
import { parseMinor } from './minor-units.ts';

/** A shared budget by its organisation and category; the empty text is the whole organisation's. */
export interface SharedBudgetKey {
  readonly organizationId: string;
  readonly category: string;
}

/** The dates whose windows a batch may count in. */
export interface SharedBudgetQuery extends SharedBudgetKey {
  readonly date: string;
}

interface BudgetRow {
  readonly organization_id: string;
  readonly category: string;
  readonly daily_limit_minor: string | null;
  readonly monthly_limit_minor: string | null;
  readonly since: string;
  readonly [column: string]: unknown;
}

interface WindowRow {
  readonly organization_id: string;
  readonly category: string;
  readonly window_kind: WindowKind;
  readonly window_start: string;
  readonly spent_minor: string;
  readonly held_minor: string;
  readonly [column: string]: unknown;
}

const COLUMNS = 'organization_id, category, daily_limit_minor, monthly_limit_minor, since';

// Sorted, as the agents' rows are; and the last locks that a batch takes, so that it holds a hot one as short as it can.
const LOCK = {
  name: 'shared-budgets-lock',
  text: `SELECT b.*
         FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[] COLLATE "C") AS k (organization_id, category)
               ORDER BY 1, 2) AS k
         CROSS JOIN LATERAL (
           SELECT ${COLUMNS} FROM shared_budgets
           WHERE organization_id = k.organization_id AND category = k.category
           FOR NO KEY UPDATE
         ) AS b`,
};

const LOAD = {
  name: 'shared-budgets-load',
  text: `SELECT b.*
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::date[]) AS w (organization_id, category, kind, start)
         CROSS JOIN LATERAL (
           SELECT organization_id, category, window_kind, window_start, spent_minor, held_minor
           FROM shared_budget_windows
           WHERE organization_id = w.organization_id AND category = w.category
             AND window_kind = w.kind AND window_start = w.start
           LIMIT 1
         ) AS b`,
};

const SAVE = {
  name: 'shared-budgets-save',
  text: `INSERT INTO shared_budget_windows (organization_id, category, window_kind, window_start, spent_minor, held_minor)
         SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::date[], $5::numeric[], $6::numeric[])
         ON CONFLICT (organization_id, category, window_kind, window_start)
         DO UPDATE SET spent_minor = excluded.spent_minor, held_minor = excluded.held_minor`,
};

/** Locks the shared budgets among `queries` that exist, with their windows of the dates asked for. */
export async function lockSharedBudgets(tx: Tx, queries: readonly SharedBudgetQuery[]): Promise<SharedBudget[]> {
  if (queries.length === 0) return [];
  const windows = windowKeys(queries);
  const [locked, loaded] = await Promise.all([
    tx.query<BudgetRow>(LOCK, [queries.map((query) => query.organizationId), queries.map((query) => query.category)]),
    tx.query<WindowRow>(LOAD, [
      windows.map((window) => window.organizationId),
      windows.map((window) => window.category),
      windows.map((window) => window.kind),
      windows.map((window) => window.start),
    ]),
  ]);
  return withWindows(locked.rows, loaded.rows);
}

/** Every shared budget of an organisation, the organisation's own first, with its windows of a date. */
export async function findSharedBudgets(tx: Tx, organizationId: string, date: string): Promise<SharedBudget[]> {
  const starts = windowsOf(date);
  const [budgets, windows] = await Promise.all([
    tx.query<BudgetRow>(`SELECT ${COLUMNS} FROM shared_budgets WHERE organization_id = $1 ORDER BY category`, [
      organizationId,
    ]),
    tx.query<WindowRow>(
      `SELECT organization_id, category, window_kind, window_start, spent_minor, held_minor
       FROM shared_budget_windows
       WHERE organization_id = $1 AND (window_kind, window_start) IN (SELECT * FROM unnest($2::text[], $3::date[]))`,
      [organizationId, starts.map(({ kind }) => kind), starts.map(({ start }) => start)],
    ),
  ]);
  return withWindows(budgets.rows, windows.rows);
}

/** Writes the windows of budgets that the caller has locked. */
export async function saveSharedBudgets(tx: Tx, budgets: readonly SharedBudget[]): Promise<void> {
  const rows = budgets.flatMap((budget) => [...budget.budgets.values()].map((window) => ({ budget, window })));
  if (rows.length === 0) return;
  await tx.query(SAVE, [
    rows.map(({ budget }) => budget.organizationId),
    rows.map(({ budget }) => budget.category ?? ''),
    rows.map(({ window }) => window.kind),
    rows.map(({ window }) => window.start),
    rows.map(({ window }) => window.spent),
    rows.map(({ window }) => window.held),
  ]);
}

function windowKeys(queries: readonly SharedBudgetQuery[]) {
  const keys = queries.flatMap(({ organizationId, category, date }) =>
    windowsOf(date).map((window) => ({ organizationId, category, ...window })),
  );
  const name = (key: (typeof keys)[number]) => `${key.organizationId} ${key.kind} ${key.start} ${key.category}`;
  return [...new Map(keys.map((key) => [name(key), key])).values()];
}

function withWindows(budgets: readonly BudgetRow[], windows: readonly WindowRow[]): SharedBudget[] {
  const byBudget = Map.groupBy(windows, (row) => `${row.organization_id} ${row.category}`);
  return budgets.map((row) => {
    const budget: SharedBudget = {
      organizationId: row.organization_id,
      category: row.category === '' ? null : row.category,
      dailyLimit: parseMinor(row.daily_limit_minor),
      monthlyLimit: parseMinor(row.monthly_limit_minor),
      since: row.since,
      budgets: new Map(),
    };
    for (const window of byBudget.get(`${row.organization_id} ${row.category}`) ?? []) {
      const { window_kind: kind, window_start: start, spent_minor: spent, held_minor: held } = window;
      putBudget(budget, { kind, start, spent: BigInt(spent), held: BigInt(held) });
    }
    return budget;
  });
}

/** A shared budget as somebody sets it. */
export interface SharedLimits extends SharedBudgetKey {
  readonly dailyLimit: bigint | null;
  readonly monthlyLimit: bigint | null;
}

/** Keeps deciding out of the whole organisation until the transaction ends: agents in the order that batches lock them. */
export async function lockAllAgents(tx: Tx, organizationId: string): Promise<void> {
  await tx.query('SELECT FROM agents WHERE organization_id = $1 ORDER BY agent_id FOR NO KEY UPDATE', [organizationId]);
}

/** Changes limits, or opens a budget that counts from `since` on; the caller holds the organisation and its agents. */
export async function upsertSharedBudgets(
  tx: Tx,
  limits: readonly SharedLimits[],
  since: string,
  now: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO shared_budgets (organization_id, category, daily_limit_minor, monthly_limit_minor, since, updated_at)
     SELECT *, $5::date, $6::timestamptz FROM unnest($1::uuid[], $2::text[], $3::numeric[], $4::numeric[])
     ON CONFLICT (organization_id, category) DO UPDATE
     SET daily_limit_minor = excluded.daily_limit_minor, monthly_limit_minor = excluded.monthly_limit_minor,
         updated_at = excluded.updated_at`,
    [
      limits.map((limit) => limit.organizationId),
      limits.map((limit) => limit.category),
      limits.map((limit) => limit.dailyLimit),
      limits.map((limit) => limit.monthlyLimit),
      since,
      now,
    ],
  );
}

/**
 * Counts what the organisation's intents since `since` count for already, so that a budget opened in the middle of a month
 * starts from the truth. Intents are found by the time that their ids begin with.
 */
export async function seedSharedBudgets(
  tx: Tx,
  organizationId: string,
  categories: readonly string[],
  { since, firstIntentId }: { readonly since: string; readonly firstIntentId: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO shared_budget_windows (organization_id, category, window_kind, window_start, spent_minor, held_minor)
     SELECT $1, c.category, w.kind, w.start, sum(d.spent_minor), sum(d.held_minor)
     FROM unnest($2::text[]) AS c (category)
     JOIN decisions d ON d.organization_id = $1 AND d.intent_id >= $4 AND d.local_date >= $3
                     AND d.spent_minor IS NOT NULL AND (c.category = '' OR d.category = c.category)
     CROSS JOIN LATERAL (
       VALUES ('day', d.local_date), ('month', date_trunc('month', d.local_date)::date)
     ) AS w (kind, start)
     GROUP BY c.category, w.kind, w.start`,
    [organizationId, categories, since, firstIntentId],
  );
}

export async function deleteSharedBudgets(
  tx: Tx,
  organizationId: string,
  categories: readonly string[],
): Promise<void> {
  if (categories.length === 0) return;
  await Promise.all([
    tx.query('DELETE FROM shared_budget_windows WHERE organization_id = $1 AND category = ANY ($2::text[])', [
      organizationId,
      categories,
    ]),
    tx.query('DELETE FROM shared_budgets WHERE organization_id = $1 AND category = ANY ($2::text[])', [
      organizationId,
      categories,
    ]),
  ]);
}

export async function markSharedBudgets(tx: Tx, organizationId: string, any: boolean): Promise<void> {
  await tx.query('UPDATE organizations SET has_shared_budgets = $2 WHERE organization_id = $1', [organizationId, any]);
}
