/** The state of one thing a service depends on; `detail` tells an operator what is wrong, never a secret. */
export interface Check {
  readonly ok: boolean;
  readonly detail?: string;
}

/** Whether traffic may come; a check may fail all the same, of something that traffic does not need at once. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, Check>>;
}

/** A running service, as its composition root returns it. */
export interface Service {
  readonly name: string;
  readiness(): Promise<Readiness>;
  /**
   * Checks of which a failing one means that only a restart helps, such as a consumer without progress. A store that is
   * down is no such thing: it makes the service unready, not dead. Absent: alive as long as it answers.
   */
  liveness?(): Readonly<Record<string, Check>>;
  /** Takes no more work, finishes what is in flight, commits and closes. The caller bounds the time. */
  stop(): Promise<void>;
}

/** Ready when every check is. */
export function readinessOf(checks: Readonly<Record<string, Check>>): Readiness {
  return { ready: Object.values(checks).every((check) => check.ok), checks };
}

/** Fails when nothing moved for longer than `stallMs`; times are milliseconds since the epoch. */
export function progressCheck(lastProgressAt: number, now: Date, stallMs: number): Check {
  const idleMs = now.getTime() - lastProgressAt;
  return idleMs <= stallMs ? { ok: true } : { ok: false, detail: `no progress for ${Math.round(idleMs / 1000)} s` };
}
