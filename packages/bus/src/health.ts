import type { SubscriptionHealth } from './port.ts';

/** What can fail by itself: handling a batch, fetching messages, or keeping one's place in the group. */
export type Activity = 'handle' | 'fetch' | 'group';

/** Collects what a subscription's health is made of. */
export class Health {
  readonly #errors = new Map<Activity, string>();
  #assigned = false;
  #lastProgressAt = Date.now();

  set assigned(assigned: boolean) {
    this.#assigned = assigned;
  }

  failed(activity: Activity, error: unknown): void {
    this.#errors.set(activity, String(error));
  }

  succeeded(activity: Activity): void {
    this.#errors.delete(activity);
  }

  progressed(): void {
    this.#lastProgressAt = Date.now();
  }

  report(lag: number): SubscriptionHealth {
    if (lag === 0) this.progressed();
    const [lastError = null] = this.#errors.values();
    return { ready: this.#assigned && lastError === null, lag, lastProgressAt: this.#lastProgressAt, lastError };
  }
}
