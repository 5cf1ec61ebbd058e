import { type Spend, summarizeSpend } from '../domain/spend.ts';
import { type Window, previousWindow, windowUntil } from '../domain/window.ts';
import { selectBaseCurrency } from '../store/base-currency.ts';
import type { QueryOptions } from '../store/query.ts';
import { selectSpendGroups } from '../store/spend-groups.ts';
import type { Store } from '../store/store.ts';

export interface SpendQuestion {
  readonly organizationId: string;
  /** Null: all agents. */
  readonly agentId: string | null;
  /** Length of the window in times of 24 hours. */
  readonly days: number;
  /** Its end, which is not part of it. */
  readonly until: Date;
}

export interface SpendReport extends Spend {
  readonly window: Window;
}

/** What the intents created in a window came to, beside the total of the window before. */
export async function getSpend(store: Store, question: SpendQuestion, options: QueryOptions): Promise<SpendReport> {
  const { organizationId, agentId } = question;
  const window = windowUntil(question.until, question.days);
  const filter = { organizationId, agentId, current: window, previous: previousWindow(window) };
  const [groups, baseCurrency] = await Promise.all([
    selectSpendGroups(store, filter, options),
    selectBaseCurrency(store, organizationId, options),
  ]);
  return { ...summarizeSpend(groups, baseCurrency), window };
}
