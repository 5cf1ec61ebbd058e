import type { ApprovalTimes } from '../domain/approval-times.ts';
import type { Window } from '../domain/window.ts';
import { type QueryOptions, selectRows } from './query.ts';
import type { Store } from './store.ts';

interface Row {
  readonly approved: string;
  readonly rejected: string;
  readonly expired: string;
  readonly average_ms: number | null;
  readonly minimum_ms: string;
  readonly maximum_ms: string;
  readonly percentiles_ms: readonly (number | null)[];
}

// Percentiles interpolate between the two nearest values (R-7, as PERCENTILE_CONT does in SQL).
const APPROVAL_TIMES = `
  SELECT
    toString(countIf(outcome = 'approved')) AS approved,
    toString(countIf(outcome = 'rejected')) AS rejected,
    toString(countIf(outcome = 'expired')) AS expired,
    avgIf(ms, answered) AS average_ms,
    toString(minIf(ms, answered)) AS minimum_ms,
    toString(maxIf(ms, answered)) AS maximum_ms,
    quantilesExactInclusiveIf(0.5, 0.95)(ms, answered) AS percentiles_ms
  FROM (
    SELECT outcome, outcome IN ('approved', 'rejected') AS answered,
           dateDiff('millisecond', requested_at, resolved_at) AS ms
    FROM {database:Identifier}.approval_resolutions FINAL
    WHERE organization_id = {organizationId:UUID}
      AND resolved_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
      AND resolved_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  )`;

/** How the requests that were resolved in the window ended, and how long the answered ones took. */
export async function selectApprovalTimes(
  store: Store,
  { organizationId, window }: { organizationId: string; window: Window },
  options: QueryOptions,
): Promise<ApprovalTimes> {
  const parameters = { organizationId, from: window.from.getTime(), to: window.to.getTime() };
  const [row] = await selectRows<Row>(store, APPROVAL_TIMES, parameters, options);
  if (!row) throw new Error('an aggregate without groups has one row');
  const approved = BigInt(row.approved);
  const rejected = BigInt(row.rejected);
  const responded = approved + rejected;
  return {
    responded,
    approved,
    rejected,
    expired: BigInt(row.expired),
    seconds: responded === 0n ? null : secondsOf(row),
  };
}

function secondsOf(row: Row): ApprovalTimes['seconds'] {
  return {
    average: Number(row.average_ms) / 1000,
    minimum: Number(row.minimum_ms) / 1000,
    maximum: Number(row.maximum_ms) / 1000,
    p50: Number(row.percentiles_ms[0]) / 1000,
    p95: Number(row.percentiles_ms[1]) / 1000,
  };
}
