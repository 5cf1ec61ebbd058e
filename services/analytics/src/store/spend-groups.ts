import type { SpendGroup } from '../domain/spend.ts';
import type { Window } from '../domain/window.ts';
import { type QueryOptions, selectRows } from './query.ts';
import type { Store } from './store.ts';

export interface SpendFilter {
  readonly organizationId: string;
  /** Null: all of them. */
  readonly agentId: string | null;
  readonly current: Window;
  /** Ends where `current` begins. */
  readonly previous: Window;
}

interface Row {
  readonly period: 'current' | 'previous';
  readonly status: SpendGroup['status'];
  readonly currency: string;
  readonly exponent: number;
  readonly base_currency: string;
  readonly intents: string;
  readonly minor: string;
  readonly base_minor: string;
}

// Sums of 128-bit amounts need more bits; they leave as text, because JSON numbers are floats to most parsers.
const SPEND_GROUPS = `
  SELECT
    if(created_at >= fromUnixTimestamp64Milli({currentFrom:Int64}, 'UTC'), 'current', 'previous') AS period,
    status, currency, exponent, base_currency,
    toString(count()) AS intents,
    toString(sum(toInt256(amount_minor))) AS minor,
    toString(sum(toInt256(ifNull(amount_base_minor, 0)))) AS base_minor
  FROM {database:Identifier}.intents FINAL
  WHERE organization_id = {organizationId:UUID}
    AND created_at >= fromUnixTimestamp64Milli({previousFrom:Int64}, 'UTC')
    AND created_at < fromUnixTimestamp64Milli({currentTo:Int64}, 'UTC')
    AND ({agentId:Nullable(UUID)} IS NULL OR agent_id = {agentId:Nullable(UUID)})
  GROUP BY period, status, currency, exponent, base_currency`;

/** The intents created in the two windows, added up by status and currencies. */
export async function selectSpendGroups(
  store: Store,
  filter: SpendFilter,
  options: QueryOptions,
): Promise<SpendGroup[]> {
  const parameters = {
    organizationId: filter.organizationId,
    agentId: filter.agentId,
    previousFrom: filter.previous.from.getTime(),
    currentFrom: filter.current.from.getTime(),
    currentTo: filter.current.to.getTime(),
  };
  const rows = await selectRows<Row>(store, SPEND_GROUPS, parameters, options);
  return rows.map((row) => ({
    period: row.period,
    status: row.status,
    currency: row.currency,
    exponent: row.exponent,
    baseCurrency: row.base_currency || null,
    count: BigInt(row.intents),
    amountMinor: BigInt(row.minor),
    amountBaseMinor: BigInt(row.base_minor),
  }));
}
