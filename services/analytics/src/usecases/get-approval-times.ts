import type { ApprovalTimes } from '../domain/approval-times.ts';
import { type Window, windowUntil } from '../domain/window.ts';
import { selectApprovalTimes } from '../store/approval-times.ts';
import type { QueryOptions } from '../store/query.ts';
import type { Store } from '../store/store.ts';

export interface ApprovalTimesQuestion {
  readonly organizationId: string;
  /** Length of the window in times of 24 hours. */
  readonly days: number;
  /** Its end, which is not part of it. */
  readonly until: Date;
}

export interface ApprovalTimesReport extends ApprovalTimes {
  readonly window: Window;
}

/** How the approval requests resolved in a window ended, and how long people took to answer. */
export async function getApprovalTimes(
  store: Store,
  { organizationId, days, until }: ApprovalTimesQuestion,
  options: QueryOptions,
): Promise<ApprovalTimesReport> {
  const window = windowUntil(until, days);
  return { ...(await selectApprovalTimes(store, { organizationId, window }, options)), window };
}
