import type { Database } from '@aegis/postgres/database';
import { textMatcher } from '../domain/entry-text.ts';
import { type EntryPage, type ListEntries, rangeBefore } from './list-entries.ts';
import { fits, planScan, scanEntries } from './scan-entries.ts';

/**
 * The newest entries whose data hold a text. There is no index of texts: it would cost every append, and would keep what
 * is erased. So a page may be short, or empty, though more follow. The other filters go by their indexes.
 */
export async function searchEntries(database: Database, query: ListEntries, text: string): Promise<EntryPage> {
  const { organizationId, filter } = query;
  const holdsText = textMatcher(text);
  return database.read({ organizationId }, async (tx) => {
    const range = await rangeBefore(tx, query);
    const plan = await planScan(tx, organizationId, range, filter);
    if (plan === null) return scanEntries(tx, query, filter, range, holdsText);
    const fitsRest = fits(plan.rest);
    return scanEntries(tx, query, plan.driver, range, (entry) => fitsRest(entry) && holdsText(entry));
  });
}
