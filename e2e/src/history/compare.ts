import type { Spend } from '@aegis/contracts/http/analytics';
import type { Intent } from '@aegis/contracts/http/intents';
import type { SimulationLine } from '@aegis/contracts/http/simulation';
import { eventually } from '@aegis/testkit/eventually';
import type { Company } from './company.ts';
import type { HistorySystem } from './system.ts';

/** An answer in the words of the API, amounts that were seen included. */
export type Answer = NonNullable<SimulationLine['intents']>[number]['after'];

export interface Prediction {
  /** By intent, in the order in which they were decided. */
  readonly answers: ReadonlyMap<string, Answer>;
  readonly changed: number;
  readonly seconds: number;
}

export async function predict(
  lines: AsyncIterable<SimulationLine>,
  progress: (count: number) => void,
): Promise<Prediction> {
  const startedAt = performance.now();
  const answers = new Map<string, Answer>();
  for await (const { intents = [], report, replayed } of lines) {
    for (const { intentId, after } of intents) answers.set(intentId, after);
    progress(replayed);
    if (report) return { answers, changed: report.changed, seconds: (performance.now() - startedAt) / 1_000 };
  }
  throw new Error('the simulation has no end');
}

/** What the API says of an intent that nobody was asked about since, as a simulation says it. */
export function answerOf({ status, matchedPolicy, riskScore, reasons }: Intent): string {
  return JSON.stringify([status, matchedPolicy, riskScore, reasons]);
}

export function predicted({ outcome, matchedPolicy, riskScore, reasons }: Answer): string {
  return JSON.stringify([outcome, matchedPolicy, riskScore, reasons]);
}

/** Pence, counted several ways. */
export interface Totals {
  readonly intents: number;
  readonly decisions: Counted;
  readonly days: Counted;
  readonly months: Counted;
  /** Of the agents with wallets: by their decisions, and by the wallets. */
  readonly walletDecisions: Counted;
  readonly wallets: Counted;
  /** As analytics counted it, with what is held as what waits for people. */
  readonly analytics: Counted;
}

export interface Counted {
  readonly spent: number;
  readonly held: number;
}

/**
 * What was approved and what is held: by the intents that the API lists, by the budgets, by the wallets, and by analytics,
 * which looks back from `until`.
 */
export async function countTotals(
  company: Company,
  system: HistorySystem,
  { putIn, until }: { readonly putIn: number; readonly until: Date },
): Promise<Totals> {
  const { organizationId } = company;
  const withWallet = new Set(company.wallets);
  const [all, ofWallets] = [new Sum(), new Sum()];
  let intents = 0;
  for await (const { status, amount, agentId } of company.intents()) {
    intents += 1;
    all.add(status, amount);
    if (withWallet.has(agentId)) ofWallets.add(status, amount);
  }
  const budgets = await system.rows<{ kind: string; spent: string; held: string }>(
    `SELECT window_kind AS kind, sum(spent_minor) AS spent, sum(held_minor) AS held
     FROM policy.budgets WHERE organization_id = $1 GROUP BY 1`,
    [organizationId],
  );
  const budget = (wanted: string): Counted => {
    const { spent = 0, held = 0 } = budgets.find(({ kind }) => kind === wanted) ?? {};
    return { spent: Number(spent), held: Number(held) };
  };
  const [ledger] = await system.rows<{ balance: string; held: string }>(
    `SELECT coalesce(sum(l.amount_minor) FILTER (WHERE l.account IN ('available', 'held')), 0) AS balance,
            coalesce(sum(l.amount_minor) FILTER (WHERE l.account = 'held'), 0) AS held
     FROM policy.wallet_entries e JOIN policy.wallet_lines l USING (organization_id, entry_id)
     WHERE e.organization_id = $1`,
    [organizationId],
  );
  const put = putIn * 100 * withWallet.size;
  system.clock.show(until);
  const spend = await eventually(
    async () => {
      const found = await company.get<Spend>('/v1/analytics/spend?days=3650');
      const decided = found.intentCount - found.breakdown.pending.count;
      if (decided !== intents) throw new Error(`analytics has ${decided} of ${intents} decisions`);
      return found;
    },
    { timeoutMs: 300_000, intervalMs: 500 },
  );
  system.clock.show(null);
  return {
    intents,
    decisions: all,
    days: budget('day'),
    months: budget('month'),
    walletDecisions: ofWallets,
    wallets: { spent: put - Number(ledger?.balance), held: Number(ledger?.held) },
    analytics: {
      spent: Math.round(spend.total * 100),
      held: Math.round(spend.breakdown.pendingApproval.amount * 100),
    },
  };
}

class Sum implements Counted {
  spent = 0;
  held = 0;

  add(status: string, amount: number): void {
    const pence = Math.round(amount * 100);
    if (status === 'approved') this.spent += pence;
    if (status === 'pending_approval') this.held += pence;
  }
}
