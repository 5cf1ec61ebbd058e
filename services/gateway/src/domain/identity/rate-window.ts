/** Counts of one bucket in one window: what all replicas told the store, and what this one has not told yet. */
export interface Counter {
  shared: number;
  pending: number;
}

/** Start of the window that `nowMs` lies in, in milliseconds since the epoch. */
export function windowStart(nowMs: number, windowMs: number): number {
  return nowMs - (nowMs % windowMs);
}

export function remaining({ shared, pending }: Counter, limit: number): number {
  return Math.max(0, limit - shared - pending);
}
