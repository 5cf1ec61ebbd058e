import type { IntentStatus } from '@aegis/contracts/http/intents';

/** What an intent counts for, in totals that stand beside the log's. */
export interface IntentFacts {
  readonly id: string;
  readonly status: IntentStatus;
  readonly amountMinor: string;
  readonly currency: string;
  readonly exponent: number;
}

/** Half-open range of the time of creation; null is without bound. */
export interface CreatedRange {
  readonly from: Date | null;
  readonly to: Date | null;
}
