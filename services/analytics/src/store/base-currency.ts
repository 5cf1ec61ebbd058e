import { type QueryOptions, selectRows } from './query.ts';
import type { Store } from './store.ts';

const OF_ORGANIZATION = `
  SELECT base_currency FROM {database:Identifier}.organizations FINAL
  WHERE organization_id = {organizationId:UUID}`;

const OF_LAST_DECISION = `
  SELECT base_currency FROM {database:Identifier}.intents
  WHERE organization_id = {organizationId:UUID} AND base_currency != ''
  ORDER BY created_at DESC
  LIMIT 1`;

/**
 * The organisation's base currency, or null while nothing is known of it. Topics keep events for days: a database set up
 * later than that never hears of the organisation itself, but learns the currency from its decisions.
 */
export async function selectBaseCurrency(
  store: Store,
  organizationId: string,
  options: QueryOptions,
): Promise<string | null> {
  for (const query of [OF_ORGANIZATION, OF_LAST_DECISION]) {
    const [row] = await selectRows<{ base_currency: string }>(store, query, { organizationId }, options);
    if (row?.base_currency) return row.base_currency;
  }
  return null;
}
