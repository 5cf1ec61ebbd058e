import { digestOf } from '@aegis/contracts/canonical-json';
import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import { localTime, monthStart } from '../domain/calendar.ts';
import type { SharedBudget } from '../domain/purse.ts';
import { readSharedLimits, type SharedBudgetInput, type SharedLimits } from '../domain/shared-limits.ts';
import {
  deleteSharedBudgets,
  findSharedBudgets,
  lockAllAgents,
  markSharedBudgets,
  seedSharedBudgets,
  upsertSharedBudgets,
} from '../store/shared-budgets.ts';
import type { Caller } from './caller.ts';
import { requireOrganization } from './get-organization.ts';
import type { SharedBudgetsView } from './list-budgets.ts';
import { appendRegistryEvent } from './registry-event.ts';

/**
 * Makes these the budgets that the organisation's agents share: what is not named is taken away. A new one counts the
 * current month from its beginning. No intent is decided meanwhile, so that each is counted exactly once.
 */
export async function putBudgets(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  caller: Caller,
  inputs: readonly SharedBudgetInput[],
): Promise<SharedBudgetsView> {
  const { organizationId } = caller;
  return database.tx(caller, async (tx) => {
    const { settings } = await requireOrganization(tx, organizationId, 'change');
    const limits = readSharedLimits(inputs, settings);
    const now = clock.now();
    const today = localTime(now.getTime(), settings.timeZone).date;
    await lockAllAgents(tx, organizationId);
    const before = await findSharedBudgets(tx, organizationId, today);
    const [beforeSha256, afterSha256] = [
      digestOf(before.map(limitsOf)),
      digestOf(limits.toSorted(byCategory).map(told)),
    ];
    if (beforeSha256 === afterSha256) return { budgets: before, settings, today };

    const known = new Set(before.map(({ category }) => category ?? ''));
    const wanted = new Set(limits.map(({ category }) => category));
    const added = [...wanted].filter((category) => !known.has(category));
    const since = monthStart(today);
    const rows = limits.map((limit) => ({ organizationId, ...limit }));
    await Promise.all([
      deleteSharedBudgets(
        tx,
        organizationId,
        [...known].filter((category) => !wanted.has(category)),
      ),
      upsertSharedBudgets(tx, rows, since, now),
      seedSharedBudgets(tx, organizationId, added, { since, firstIntentId: firstIntentIdOf(since) }),
      markSharedBudgets(tx, organizationId, limits.length > 0),
      appendRegistryEvent(tx, caller, {
        type: 'budget.updated',
        subject: organizationId,
        time: now,
        data: { budgets: limits.map(told), beforeSha256, afterSha256 },
      }),
    ]);
    return { budgets: await findSharedBudgets(tx, organizationId, today), settings, today };
  });
}

/** Budgets as events tell of them; the organisation's own has no category. */
function told({ category, dailyLimit, monthlyLimit }: SharedLimits) {
  return {
    category: category === '' ? null : category,
    dailyLimitMinor: dailyLimit?.toString() ?? null,
    monthlyLimitMinor: monthlyLimit?.toString() ?? null,
  };
}

function limitsOf({ category, dailyLimit, monthlyLimit }: SharedBudget) {
  return told({ category: category ?? '', dailyLimit, monthlyLimit });
}

function byCategory(one: SharedLimits, other: SharedLimits): number {
  return one.category < other.category ? -1 : Number(one.category > other.category);
}

/** Ids begin with their time in milliseconds (UUIDv7); a day earlier is midnight in every time zone. */
function firstIntentIdOf(date: string): string {
  const ms = Date.parse(`${date}T00:00:00Z`) - 24 * 3_600_000;
  return `int_${Math.max(0, ms).toString(16).padStart(12, '0')}`;
}
