/** An entry's place in the order of happening; of those of one time, the first recorded is the first. */
export interface Moment {
  /** RFC 3339 UTC in milliseconds. */
  readonly occurredAt: string;
  readonly seq: number;
}
