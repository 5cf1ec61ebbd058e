import type { Tx } from '@aegis/postgres/transaction';

/** Two numbers that should be one; minor units of the base currency. */
export interface LedgerDifference {
  /** What was compared, such as `wallet balance` or `budget held`. */
  readonly what: string;
  /** The entry, agent or window it is about. */
  readonly subject: string;
  readonly recorded: string;
  readonly computed: string;
}

export interface LedgerCheck {
  /** Entries, wallets and windows that were compared. */
  readonly compared: number;
  /** The first of them; empty when everything adds up. */
  readonly differences: readonly LedgerDifference[];
}

const MAX_DIFFERENCES = 100;

// One statement, so that all of it is of one moment. Windows with decisions of a release that did not record what they
// count for cannot be compared.
const CHECK = `
  WITH entries AS (
    SELECT 'entry' AS what, e.entry_id AS subject, 0 AS recorded, coalesce(sum(l.amount_minor), 1) AS computed
    FROM wallet_entries e LEFT JOIN wallet_lines l USING (organization_id, entry_id)
    WHERE e.organization_id = $1 GROUP BY e.entry_id
  ), lines AS (
    SELECT e.agent_id,
           sum(l.amount_minor) FILTER (WHERE l.account IN ('available', 'held')) AS balance,
           sum(l.amount_minor) FILTER (WHERE l.account = 'held') AS held
    FROM wallet_entries e JOIN wallet_lines l USING (organization_id, entry_id)
    WHERE e.organization_id = $1 GROUP BY e.agent_id
  ), in_wallets AS (
    SELECT agent_id, sum(held_minor) AS held FROM decisions
    WHERE organization_id = $1 AND (terms ->> 'inWallet')::boolean GROUP BY agent_id
  ), wallets AS (
    SELECT w.what, a.agent_id::text AS subject, w.recorded, w.computed
    FROM agents a LEFT JOIN lines l USING (agent_id) LEFT JOIN in_wallets i USING (agent_id)
    CROSS JOIN LATERAL (
      VALUES ('wallet balance', a.wallet_balance_minor, coalesce(l.balance, 0)),
             ('wallet held', a.wallet_held_minor, coalesce(l.held, 0)),
             ('wallet held by intents', a.wallet_held_minor, coalesce(i.held, 0))
    ) AS w (what, recorded, computed)
    WHERE a.organization_id = $1 AND a.wallet_balance_minor IS NOT NULL
  ), counted AS (
    SELECT d.agent_id, d.category, w.kind, w.start, d.spent_minor, d.held_minor,
           d.outcome <> 'denied' AND d.spent_minor IS NULL AND d.decided_at < s.introduced AS unknown
    FROM decisions d
    CROSS JOIN (SELECT coalesce(min(decided_at) FILTER (WHERE spent_minor IS NOT NULL), 'infinity') AS introduced
                FROM decisions WHERE organization_id = $1) AS s
    CROSS JOIN LATERAL (
      VALUES ('day', d.local_date), ('month', date_trunc('month', d.local_date)::date)
    ) AS w (kind, start)
    WHERE d.organization_id = $1
  ), own AS (
    SELECT agent_id, kind, start, coalesce(sum(spent_minor), 0) AS spent, coalesce(sum(held_minor), 0) AS held
    FROM counted GROUP BY 1, 2, 3 HAVING NOT bool_or(unknown)
  ), shared AS (
    SELECT b.category, c.kind, c.start, coalesce(sum(c.spent_minor), 0) AS spent, coalesce(sum(c.held_minor), 0) AS held
    FROM shared_budgets b
    JOIN counted c ON c.start >= b.since AND (b.category = '' OR c.category = b.category)
    WHERE b.organization_id = $1 GROUP BY 1, 2, 3 HAVING NOT bool_or(c.unknown)
  ), windows AS (
    SELECT concat_ws(' ', o.agent_id, o.kind, o.start) AS subject, o.spent, o.held,
           coalesce(b.spent_minor, 0) AS recorded_spent, coalesce(b.held_minor, 0) AS recorded_held
    FROM own o LEFT JOIN budgets b
      ON b.organization_id = $1 AND b.agent_id = o.agent_id AND b.window_kind = o.kind AND b.window_start = o.start
    UNION ALL
    SELECT concat_ws(' ', coalesce(nullif(s.category, ''), 'organization'), s.kind, s.start), s.spent, s.held,
           coalesce(b.spent_minor, 0), coalesce(b.held_minor, 0)
    FROM shared s LEFT JOIN shared_budget_windows b
      ON b.organization_id = $1 AND b.category = s.category AND b.window_kind = s.kind AND b.window_start = s.start
  ), compared AS (
    SELECT * FROM entries
    UNION ALL SELECT * FROM wallets
    UNION ALL SELECT 'budget spent', subject, recorded_spent, spent FROM windows
    UNION ALL SELECT 'budget held', subject, recorded_held, held FROM windows
  )
  SELECT count(*) OVER () AS compared, what, subject, recorded::text, computed::text
  FROM compared ORDER BY recorded IS NOT DISTINCT FROM computed, what, subject LIMIT $2`;

/** Adds everything up again: entries to zero, wallets from their lines, budgets from what each intent counts for. */
export async function checkLedger(tx: Tx, organizationId: string): Promise<LedgerCheck> {
  const { rows } = await tx.query<LedgerDifference & { readonly compared: bigint; readonly [column: string]: unknown }>(
    CHECK,
    [organizationId, MAX_DIFFERENCES],
  );
  return {
    compared: Number(rows[0]?.compared ?? 0),
    differences: rows
      .filter(({ recorded, computed }) => recorded !== computed)
      .map(({ what, subject, recorded, computed }) => ({ what, subject, recorded, computed })),
  };
}
