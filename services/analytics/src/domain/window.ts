/** A half-open span of time: `from` belongs to it, `to` does not. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The `days` times 24 hours that end at `until`. */
export function windowUntil(until: Date, days: number): Window {
  return { from: new Date(until.getTime() - days * DAY_MS), to: until };
}

/** The window of the same length that ends where this one begins. */
export function previousWindow({ from, to }: Window): Window {
  return { from: new Date(2 * from.getTime() - to.getTime()), to: from };
}
