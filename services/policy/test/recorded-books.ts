import type { Recorded } from './decision-history.ts';
import type { PolicyDatabase } from './policy-database.ts';

/** An organisation's decisions in their recorded order. */
export function readHistory(store: PolicyDatabase, organizationId: string): Promise<Recorded[]> {
  return store.rows<Recorded & { readonly [column: string]: unknown }>(
    `SELECT decided, resolution IS NOT NULL AS resolves FROM decision_log WHERE organization_id = $1 ORDER BY seq`,
    [organizationId],
  );
}

/** What every window and wallet in use holds, as `spent/held` by the names of `replayHistory`. */
export async function readWindows(
  store: PolicyDatabase,
  organizationId: string,
  wallets: ReadonlyMap<string, bigint> = new Map(),
): Promise<Map<string, string>> {
  const rows = await store.rows<{ key: string; used: string }>(
    `SELECT format('%s %s %s', agent_id, window_kind, window_start) AS key, spent_minor || '/' || held_minor AS used
     FROM budgets WHERE organization_id = $1 AND spent_minor + held_minor > 0
     UNION ALL
     SELECT format('%s %s %s', category, window_kind, window_start), spent_minor || '/' || held_minor
     FROM shared_budget_windows WHERE organization_id = $1 AND spent_minor + held_minor > 0
     UNION ALL
     SELECT format('%s wallet', w.agent_id), w.put - a.wallet_balance_minor || '/' || a.wallet_held_minor
     FROM unnest($2::uuid[], $3::numeric[]) AS w (agent_id, put)
     JOIN agents a ON a.organization_id = $1 AND a.agent_id = w.agent_id
     WHERE a.wallet_held_minor > 0 OR a.wallet_balance_minor <> w.put`,
    [organizationId, [...wallets.keys()], [...wallets.values()]],
  );
  return new Map(rows.map(({ key, used }) => [key, used]));
}
