/** A clock that stands still until told otherwise. Times are milliseconds since the epoch. */
export class TestClock {
  #nowMs: number;

  constructor(now: string | number = '2026-01-01T00:00:00.000Z') {
    this.#nowMs = new Date(now).getTime();
  }

  /** Bound, so that it can be handed over as a plain function. */
  readonly now = (): number => this.#nowMs;

  set(now: string | number): void {
    this.#nowMs = new Date(now).getTime();
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
