/** The rules of budgets, written down once more as plainly as they can be: nothing is kept that can be added up again. */

export interface ModelAgent {
  readonly id: string;
  readonly day: number | null;
  readonly month: number | null;
  /** What was put into its enforced wallet; null without one. */
  readonly wallet: number | null;
  /** By how many percent a payment may pass what was asked; null where it is captured at once. */
  readonly tolerance: number | null;
  suspended: boolean;
}

/** What was said of a payment under one reference; a cancellation's is the empty text. */
export interface ModelPayment {
  readonly reference: string;
  readonly minor: number;
  readonly final: boolean;
  readonly confirmed: boolean;
}

export interface ModelIntent {
  readonly id: string;
  readonly agent: ModelAgent;
  readonly minor: number;
  readonly category: string | null;
  readonly date: string;
  readonly asks: boolean;
  readonly payments: ModelPayment[];
  /** The answer of people, also one that came before the decision. */
  answer: 'approved' | 'rejected' | 'expired' | null;
  status: 'unknown' | 'pending_approval' | 'approved' | 'denied';
}

export interface SharedLimit {
  /** Null is the whole organisation's. */
  readonly category: string | null;
  readonly day: number | null;
  readonly month: number | null;
}

export class BudgetModel {
  readonly agents: readonly ModelAgent[];
  readonly intents: ModelIntent[] = [];
  readonly #shared: readonly SharedLimit[];

  constructor(agents: readonly ModelAgent[], shared: readonly SharedLimit[]) {
    this.agents = agents;
    this.#shared = shared;
  }

  /** Decides an intent that is submitted for the first time, and applies what was heard of it before. */
  decide(intent: ModelIntent): void {
    if (intent.agent.suspended || !this.#fits(intent)) intent.status = 'denied';
    else intent.status = intent.asks ? 'pending_approval' : 'approved';
    this.#settle(intent);
  }

  answer(intent: ModelIntent, answer: NonNullable<ModelIntent['answer']>): void {
    intent.answer ??= answer;
    this.#settle(intent);
  }

  pay(intent: ModelIntent, payment: ModelPayment): void {
    intent.payments.push(payment);
    this.#settle(intent);
  }

  /** What follows from all that was said, once there is a decision for it to be about. */
  #settle(intent: ModelIntent): void {
    const { agent, answer } = intent;
    if (intent.status === 'pending_approval' && answer) {
      intent.status = answer === 'approved' && !agent.suspended ? 'approved' : 'denied';
    }
    const cancelled = intent.payments.some(({ reference }) => reference === '');
    if (intent.status === 'pending_approval' && cancelled) intent.status = 'denied';
    const { captured, confirmed } = said(intent);
    if (intent.status === 'approved' && confirmed && captured > reserve(intent)) agent.suspended = true;
  }

  #fits(intent: ModelIntent): boolean {
    const used = this.#used();
    return this.#windowsOf(intent).every(({ key, limit }) => {
      const { spent, held } = used.get(key) ?? { spent: 0, held: 0 };
      return limit === null || spent + held + reserve(intent) <= limit;
    });
  }

  #windowsOf({ agent, category, date }: ModelIntent): { readonly key: string; readonly limit: number | null }[] {
    const shared = this.#shared.filter(
      (limit) => limit.category === null || limit.category === category?.toLowerCase(),
    );
    const purses = [{ name: agent.id, ...agent }, ...shared.map((limit) => ({ name: limit.category ?? '', ...limit }))];
    const windows = purses.flatMap(({ name, day, month }) => [
      { key: `${name} day ${date}`, limit: day },
      { key: `${name} month ${date.slice(0, 7)}-01`, limit: month },
    ]);
    return agent.wallet === null ? windows : [...windows, { key: `${agent.id} wallet`, limit: agent.wallet }];
  }

  #used(): Map<string, { spent: number; held: number }> {
    const used = new Map<string, { spent: number; held: number }>();
    for (const intent of this.intents) {
      const { spent, held } = countsFor(intent);
      if (spent === 0 && held === 0) continue;
      for (const { key } of this.#windowsOf(intent)) {
        const sum = used.get(key) ?? { spent: 0, held: 0 };
        used.set(key, { spent: sum.spent + spent, held: sum.held + held });
      }
    }
    return used;
  }

  /** Every window and wallet in use, as `spent/held`. */
  windows(): Map<string, string> {
    return new Map([...this.#used()].map(([key, { spent, held }]) => [key, `${spent}/${held}`]));
  }

  outcomes(): Map<string, string> {
    return new Map(this.intents.flatMap(({ id, status }) => (status === 'unknown' ? [] : [[id, status]])));
  }
}

function reserve({ minor, agent }: ModelIntent): number {
  return Math.ceil((minor * (100 + (agent.tolerance ?? 0))) / 100);
}

/** The most that was said under each reference, added up; and whether somebody entitled ended it, or anybody. */
function said({ payments }: ModelIntent) {
  const references = Map.groupBy(payments, ({ reference }) => reference);
  const facts = [...references.values()].map((statements) => ({
    minor: Math.max(...statements.map(({ minor }) => minor)),
    final: statements.some(({ final }) => final),
    confirmed: statements.some(({ confirmed }) => confirmed),
  }));
  return {
    captured: facts.reduce((sum, { minor }) => sum + minor, 0),
    ended: facts.some(({ final }) => final),
    endConfirmed: facts.some(({ final, confirmed }) => final && confirmed),
    confirmed: facts.some(({ confirmed }) => confirmed),
  };
}

function countsFor(intent: ModelIntent): { readonly spent: number; readonly held: number } {
  const { status, minor, agent } = intent;
  if (status === 'pending_approval') return { spent: 0, held: reserve(intent) };
  if (status !== 'approved') return { spent: 0, held: 0 };
  const { captured, ended, endConfirmed } = said(intent);
  if (endConfirmed) return { spent: captured, held: 0 };
  if (ended || agent.tolerance === null) return { spent: Math.max(captured, minor), held: 0 };
  return { spent: captured, held: Math.max(0, reserve(intent) - captured) };
}
