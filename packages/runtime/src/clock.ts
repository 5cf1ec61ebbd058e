/** The time as the process sees it. Domains never ask: `now` travels in the command. Deadlines use the database's clock. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
