import type { Database } from '@aegis/postgres/database';
import type { FxRate } from '../domain/fx.ts';
import { type Page, readPage, WHOLE_LIST } from '../domain/page.ts';
import { listRates, rateKeySchema } from '../store/fx-rates.ts';
import type { Caller } from './caller.ts';

/** Every rate that was recorded, by currency, the latest first; the whole list when no page is asked for. */
export async function listFxRates(
  { database }: { readonly database: Database },
  caller: Caller,
  currency: string | null,
  page: Parameters<typeof readPage>[0] | null,
): Promise<Page<FxRate>> {
  const request = page ? readPage(page, rateKeySchema) : WHOLE_LIST;
  return database.read(caller, (tx) => listRates(tx, caller.organizationId, currency, request));
}
