/** How approval requests ended in a period, by the time they were resolved. */
export interface ApprovalTimes {
  /** Answered by people: approved and rejected. */
  readonly responded: bigint;
  readonly approved: bigint;
  readonly rejected: bigint;
  readonly expired: bigint;
  /** Seconds from request to resolution over the answered ones; null when there are none. */
  readonly seconds: {
    readonly average: number;
    readonly minimum: number;
    readonly maximum: number;
    readonly p50: number;
    readonly p95: number;
  } | null;
}
