import type { EventData } from '@aegis/contracts/events/catalog';

type Decided = EventData<'intent.decided'>;

/** What an intent counts for, in minor units. */
export interface Counts {
  readonly spent: bigint;
  readonly held: bigint;
}

/** The one thing that was said of an intent's payment. */
export interface Payment {
  readonly capturedMinor: bigint;
  /** By somebody who may say so; an agent's own word frees nothing of what was approved. */
  readonly confirmed: boolean;
}

export interface Recorded {
  readonly decided: Decided;
  /** Whether it is the end of a request for approval. */
  readonly resolves: boolean;
}

export interface Limits {
  readonly day: bigint | null;
  readonly month: bigint | null;
}

export interface HistoryRules {
  /** Limits by purse: an agent's id, a category, or the empty text for the organisation. */
  readonly limits: ReadonlyMap<string, Limits>;
  /** Enforced wallets: what was put in, by agent. */
  readonly wallets: ReadonlyMap<string, bigint>;
  /** By how much agents' settlements may pass the amount; an agent that is not here is captured at once. */
  readonly tolerancePercent: ReadonlyMap<string, bigint>;
  readonly payments: ReadonlyMap<string, Payment>;
}

/** How much of a window may be in use: payments are told of beside the decisions, so their moment is not known. */
interface Range {
  low: bigint;
  high: bigint;
}

const NOTHING: Range = { low: 0n, high: 0n };

/**
 * Goes through an organisation's decisions in their recorded order and counts again what each may have seen. Returns one
 * line for everything that is wrong: a budget that a decision did not see as it was, an approval beyond a limit, a denial
 * while there was room, an intent that ended twice; and what every window must hold in the end.
 */
export function replayHistory(history: readonly Recorded[], rules: HistoryRules) {
  const windows = new Map<string, Range>();
  const counted = new Map<string, { readonly keys: readonly string[]; readonly range: Range }>();
  const last = new Map<string, Recorded>();
  const faults: string[] = [];
  const denials = new Map<string, number>();
  for (const record of history) {
    const { decided, resolves } = record;
    const { intentId, outcome } = decided;
    const before = last.get(intentId);
    if (before ? before.decided.final || !resolves : resolves) faults.push(`${intentId} was decided out of turn`);
    last.set(intentId, record);
    if (!resolves) {
      const objections = look(decided, rules, windows, faults);
      if ((outcome === 'denied') !== objections.length > 0) {
        faults.push(`${intentId} was ${outcome}, though what speaks against it is [${objections.join()}]`);
      }
      for (const name of objections) denials.set(name, (denials.get(name) ?? 0) + 1);
    }
    count(decided, rules, windows, counted);
  }
  return { faults, denials, last, expected: expectedWindows(last, rules) };
}

/** Compares what the decision saw with what was in use, and tells which limits object by what it saw. */
function look(decided: Decided, rules: HistoryRules, windows: ReadonlyMap<string, Range>, faults: string[]): string[] {
  const ask = reserveOf(decided, rules);
  const objections: string[] = [];
  for (const { key, name, seen, limit } of seenBy(decided, rules)) {
    const { low, high } = windows.get(key) ?? NOTHING;
    if (seen < low || seen > high) {
      faults.push(`${decided.intentId} saw ${seen} in use of ${key}, but it was ${low} to ${high}`);
    }
    if (limit !== null && seen + ask > limit) objections.push(name);
  }
  return objections;
}

interface Seen {
  readonly key: string;
  readonly name: string;
  readonly seen: bigint;
  readonly limit: bigint | null;
}

function seenBy({ agentId, context }: Decided, { limits, wallets }: HistoryRules): Seen[] {
  const shared = (context.sharedBudgets ?? []).map((budget) => ({ purse: budget.category ?? '', budget }));
  const list = [{ purse: agentId, budget: context }, ...shared].flatMap(({ purse, budget }): Seen[] => {
    const limit = limits.get(purse) ?? { day: null, month: null };
    const whose = purse === agentId ? 'agent' : purse || 'organization';
    return [
      {
        key: dayOf(purse, context.date),
        name: `${whose} day`,
        seen: BigInt(budget.dailySpentMinor) + BigInt(budget.dailyHeldMinor),
        limit: limit.day,
      },
      {
        key: monthOf(purse, context.date),
        name: `${whose} month`,
        seen: BigInt(budget.monthlySpentMinor) + BigInt(budget.monthlyHeldMinor),
        limit: limit.month,
      },
    ];
  });
  const put = wallets.get(agentId);
  if (put !== undefined && context.wallet) {
    const { balanceMinor, heldMinor } = context.wallet;
    const seen = put - BigInt(balanceMinor) + BigInt(heldMinor);
    list.push({ key: walletOf(agentId), name: 'wallet', seen, limit: put });
  }
  return list;
}

function count(
  decided: Decided,
  rules: HistoryRules,
  windows: Map<string, Range>,
  counted: Map<string, { readonly keys: readonly string[]; readonly range: Range }>,
): void {
  const { intentId } = decided;
  const before = counted.get(intentId);
  const now = { keys: keysOf(decided, rules), range: rangeOf(decided, rules) };
  for (const [entry, sign] of [
    [before, -1n],
    [now, 1n],
  ] as const) {
    for (const key of entry?.keys ?? []) {
      const window = windows.get(key) ?? { ...NOTHING };
      window.low += sign * (entry?.range.low ?? 0n);
      window.high += sign * (entry?.range.high ?? 0n);
      windows.set(key, window);
    }
  }
  counted.set(intentId, now);
}

function keysOf({ agentId, merchantCategory, context }: Decided, { limits, wallets }: HistoryRules): string[] {
  const shared = ['', merchantCategory?.toLowerCase() ?? ''].filter((purse, place) => place === 0 || purse !== '');
  const purses = [agentId, ...shared.filter((purse) => limits.has(purse))];
  const keys = purses.flatMap((purse) => [dayOf(purse, context.date), monthOf(purse, context.date)]);
  return wallets.has(agentId) ? [...keys, walletOf(agentId)] : keys;
}

function rangeOf(decided: Decided, rules: HistoryRules): Range {
  const { spent, held } = countsOf(decided, rules, null);
  const before = spent + held;
  const payment = rules.payments.get(decided.intentId);
  if (!payment) return { low: before, high: before };
  const after = countsOf(decided, rules, payment);
  const total = after.spent + after.held;
  return before < total ? { low: before, high: total } : { low: total, high: before };
}

/** What an intent counts for by its last decision and what was said of its payment. */
export function countsOf(decided: Decided, rules: HistoryRules, payment: Payment | null): Counts {
  const { outcome, agentId, money } = decided;
  const amount = BigInt(money.amountMinor);
  if (outcome === 'denied') return { spent: 0n, held: 0n };
  if (outcome === 'pending_approval') return { spent: 0n, held: reserveOf(decided, rules) };
  if (payment?.confirmed) return { spent: payment.capturedMinor, held: 0n };
  if (payment) return { spent: payment.capturedMinor > amount ? payment.capturedMinor : amount, held: 0n };
  if (rules.tolerancePercent.has(agentId)) return { spent: 0n, held: reserveOf(decided, rules) };
  return { spent: amount, held: 0n };
}

function reserveOf({ agentId, money }: Decided, { tolerancePercent }: HistoryRules): bigint {
  return (BigInt(money.amountMinor) * (100n + (tolerancePercent.get(agentId) ?? 0n)) + 99n) / 100n;
}

/** What every window must hold once everything that was told has been heard: `spent/held` by window. */
function expectedWindows(last: ReadonlyMap<string, Recorded>, rules: HistoryRules): Map<string, string> {
  const sums = new Map<string, { spent: bigint; held: bigint }>();
  for (const { decided } of last.values()) {
    const { spent, held } = countsOf(decided, rules, rules.payments.get(decided.intentId) ?? null);
    if (spent === 0n && held === 0n) continue;
    for (const key of keysOf(decided, rules)) {
      const sum = sums.get(key) ?? { spent: 0n, held: 0n };
      sums.set(key, { spent: sum.spent + spent, held: sum.held + held });
    }
  }
  return new Map([...sums].map(([key, { spent, held }]) => [key, `${spent}/${held}`]));
}

const dayOf = (purse: string, date: string) => `${purse} day ${date}`;
const monthOf = (purse: string, date: string) => `${purse} month ${date.slice(0, 7)}-01`;
const walletOf = (agentId: string) => `${agentId} wallet`;
