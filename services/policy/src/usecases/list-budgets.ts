import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import { localTime } from '../domain/calendar.ts';
import type { Settings } from '../domain/organization.ts';
import type { SharedBudget } from '../domain/purse.ts';
import { findSharedBudgets } from '../store/shared-budgets.ts';
import type { Caller } from './caller.ts';
import { requireOrganization } from './get-organization.ts';

/** The budgets that an organisation's agents share, with what is used of the windows of `today`. */
export interface SharedBudgetsView {
  readonly budgets: readonly SharedBudget[];
  readonly settings: Settings;
  readonly today: string;
}

/** The organisation's own budget first, then by category. */
export async function listBudgets(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  caller: Caller,
): Promise<SharedBudgetsView> {
  return database.read(caller, async (tx) => {
    const { settings } = await requireOrganization(tx, caller.organizationId);
    const today = localTime(clock.now().getTime(), settings.timeZone).date;
    return { budgets: await findSharedBudgets(tx, caller.organizationId, today), settings, today };
  });
}
