import type { DecisionContext } from '@aegis/contracts/events/intents';
import type { Account } from './account.ts';
import type { DecisionRecord, RecordedInput } from './decision-record.ts';
import { type Budget, recharge } from './budget.ts';
import { claimIn, finalClaim } from './counted.ts';
import { emptyActivity } from './features/activity.ts';
import { merchantKey } from './features/merchant-key.ts';
import { recordFeatures } from './features/observe.ts';
import { decideFinally } from './final-decision.ts';
import { decideFirst } from './first-decision.ts';
import type { FxRate } from './fx.ts';
import { GUARDS } from './guards.ts';
import type { DecidedIntent, SubmittedIntent } from './intent.ts';
import { countDecision, type Claim, chargeOf } from './ledger.ts';
import type { PolicySet } from './policy-set.ts';
import { putBudget, type SharedBudget } from './purse.ts';
import type { Surroundings } from './surroundings.ts';

/** What is assumed of requests for approval that the proposed policies would make and that were never made. */
export type Assumption = 'approved' | 'rejected' | 'unanswered';

export interface SimulationOptions {
  readonly organizationId: string;
  readonly proposed: PolicySet;
  /** Whether the proposed policies look at personal text, which may have been erased. */
  readonly needsPersonalText: boolean;
  readonly assumption: Assumption;
}

/** One intent of the window: how it was answered first, and how the proposed policies would have answered. */
export interface SimulatedIntent {
  readonly before: DecidedIntent;
  readonly after: DecidedIntent;
  /** Set where the recorded answer was kept: personal text that a policy needs was erased, or no rule could decide. */
  readonly kept: 'erased' | 'undecidable' | null;
  /** Whether the proposed policies ask people who were not asked. */
  readonly newRequest: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Submission = Extract<RecordedInput, { kind: 'submission' }>;
type Resolution = Extract<RecordedInput, { kind: 'resolution' }>;

/**
 * Replays recorded decisions in their order. Before the window they count as they were decided; in it they are decided
 * by the proposed policies, with budgets, holds and the agents' past as those would have left them. What the proposed
 * policies do not change is taken from the record: the agents and their limits, the rates, and what people answered.
 * Every intent is decided at its own date; no clock is read.
 */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #accounts = new Map<string, Mutable<Account>>();
  readonly #shared = new Map<string | null, Mutable<SharedBudget>>();
  /** Wallets as the recorded decisions left them. */
  readonly #recordedWallets = new Map<string, { balance: bigint; held: bigint }>();
  readonly #pieces: Account['pieces'] = new Map();
  /** Requests for approval that are open, by intent. */
  readonly #pending = new Map<string, DecidedIntent>();
  readonly #merchantKeys = new Map<string, string | null>();

  constructor(options: SimulationOptions) {
    this.#options = options;
  }

  /** Counts a decision as it was made. */
  replay({ input, decided }: DecisionRecord): void {
    if (input.kind === 'resolution') {
      this.#resolve(decided, input);
      return;
    }
    if (isUndecidable(decided)) return;
    const { context, outcome } = decided;
    const account = this.#accountOf(decided);
    const { intentId } = decided;
    const inWallet = account.wallet !== null;
    const books = { account, shared: this.#sharedOf(context), date: context.date, intentId, inWallet };
    countDecision(books, outcome, claimIn(context));
    this.#recordWallet(decided, null);
    const structuring = context.features?.structuring;
    const thresholds = structuring ? [BigInt(structuring.thresholdMinor)] : [];
    recordFeatures(input.intent, account, context, thresholds, decided.policyDecision);
    this.#open(decided, input.intent);
  }

  /** Decides a submission by the proposed policies; null for what is none. */
  decide(record: DecisionRecord): SimulatedIntent | null {
    const { input, decided } = record;
    if (input.kind === 'resolution') {
      this.#resolve(decided, input);
      return null;
    }
    const kept = this.#reasonToKeep(decided, input);
    if (kept) {
      this.replay(record);
      return { before: decided, after: decided, kept, newRequest: false };
    }
    const { intent } = input;
    const { context, decisionId, decidedAt } = decided;
    const account = this.#accountOf(decided);
    const surroundings: Surroundings = {
      rates: ratesOf(decided),
      shared: this.#sharedOf(context),
      maxOpenApprovals: context.openApprovals?.limit ?? Number.MAX_SAFE_INTEGER,
    };
    const stamp = { decisionId: decisionId as `dec_${string}`, decidedAt };
    const after = decideFirst(intent, account, this.#options.proposed, surroundings, stamp);
    this.#recordWallet(decided, null);
    this.#open(after, intent);
    const newRequest = !after.final && decided.final;
    if (newRequest) this.#assume(after);
    return { before: decided, after, kept: null, newRequest };
  }

  #reasonToKeep(decided: DecidedIntent, { erased }: Submission): SimulatedIntent['kept'] {
    if (isUndecidable(decided)) return 'undecidable';
    return erased && this.#options.needsPersonalText ? 'erased' : null;
  }

  #open(decided: DecidedIntent, { merchant }: SubmittedIntent): void {
    if (decided.final) return;
    this.#pending.set(decided.intentId, decided);
    this.#merchantKeys.set(decided.intentId, merchantKey(this.#options.organizationId, merchant));
  }

  /** Answers a request that was never made as the simulation assumes; unanswered ones stay open. */
  #assume(asked: DecidedIntent): void {
    const { assumption } = this.#options;
    if (assumption === 'unanswered') return;
    this.#answer(asked, { outcome: assumption, resolvedAt: asked.decidedAt }, asked);
  }

  /** Applies what people answered to a request that the simulation has too. */
  #resolve(decided: DecidedIntent, resolution: Resolution): void {
    this.#recordWallet(decided, claimIn(resolution.pending.context));
    const pending = this.#pending.get(decided.intentId);
    if (pending) this.#answer(pending, resolution, decided);
  }

  /** @param recorded the decision that tells of the agent and the rate at that moment */
  #answer(
    pending: DecidedIntent,
    { outcome, resolvedAt }: Pick<Resolution, 'outcome' | 'resolvedAt'>,
    recorded: DecidedIntent,
  ): void {
    this.#pending.delete(pending.intentId);
    const key = this.#merchantKeys.get(pending.intentId) ?? null;
    this.#merchantKeys.delete(pending.intentId);
    const account = this.#accounts.get(pending.agentId);
    if (!account) return;
    const added = recorded.guards.slice(pending.guards.length);
    account.status = added.some(({ name }) => name === GUARDS.suspended) ? 'suspended' : 'active';
    const shared = this.#sharedOf(pending.context);
    const { fxMaxAgeHours } = this.#options.proposed.settings;
    const recheck = { shared, rates: ratesOf(recorded), fxMaxAgeHours, merchantKey: key };
    decideFinally(
      pending,
      { approvalId: recorded.approvalId, outcome, resolvedAt },
      account,
      recheck,
      recorded.decidedAt,
    );
  }

  /** The agent as it was when it was decided about, with what the simulation has counted of it. */
  #accountOf({ agentId, context, parties }: DecidedIntent): Mutable<Account> {
    const account = this.#accounts.get(agentId) ?? this.#openAccount(agentId, context);
    account.name = context.agentName;
    account.status = context.agentStatus;
    account.riskLevel = context.agentRiskLevel;
    account.ownerId = parties.agentOwnerId;
    account.dailyLimit = minorOrNull(context.dailyLimitMinor);
    account.monthlyLimit = minorOrNull(context.monthlyLimitMinor);
    account.tolerancePercent = context.settlement?.tolerancePercent ?? null;
    account.wallet = this.#walletOf(account, context);
    return account;
  }

  /** What had been counted before the first decision that is on record is in that decision's context. */
  #openAccount(agentId: string, context: DecisionContext): Mutable<Account> {
    const account: Mutable<Account> = {
      organizationId: this.#options.organizationId,
      agentId,
      name: context.agentName,
      riskLevel: context.agentRiskLevel,
      status: context.agentStatus,
      ownerId: null,
      dailyLimit: null,
      monthlyLimit: null,
      tolerancePercent: null,
      wallet: null,
      budgets: new Map(),
      historyCount: context.historyCount,
      historySum: BigInt(context.historyCount) * (minorOrNull(context.historyMeanMinor) ?? 0n),
      openApprovals: context.openApprovals?.count ?? 0,
      activity: emptyActivity(),
      merchants: new Map(),
      pieces: this.#pieces,
    };
    seedBudgets(account, context.date, context);
    this.#accounts.set(agentId, account);
    return account;
  }

  /**
   * The wallet as the simulation left it, with what was put in or taken out since: the part of the recorded balance that
   * the recorded decisions do not explain.
   */
  #walletOf({ agentId, wallet }: Account, context: DecisionContext): Account['wallet'] {
    if (!context.wallet) return null;
    const { mode, balanceMinor, heldMinor } = context.wallet;
    const recorded = { balance: BigInt(balanceMinor), held: BigInt(heldMinor) };
    const explained = this.#recordedWallets.get(agentId);
    this.#recordedWallets.set(agentId, { ...recorded });
    if (!wallet || !explained) return { mode, ...recorded, entries: [] };
    return { mode, balance: wallet.balance + recorded.balance - explained.balance, held: wallet.held, entries: [] };
  }

  /** What a recorded decision moved in the wallet; `held` is what it had held while people were asked. */
  #recordWallet(decided: DecidedIntent, held: Claim): void {
    const wallet = this.#recordedWallets.get(decided.agentId);
    const { context, conversion } = decided;
    const counts = conversion ? conversion.inWallet : context.wallet !== undefined;
    if (!wallet || !counts) return;
    const before = held ? chargeOf('pending_approval', held) : chargeOf('denied', null);
    const moved: Budget = { spent: before.spent, held: wallet.held };
    recharge(moved, before, chargeOf(decided.outcome, finalClaim(decided)));
    wallet.balance -= moved.spent;
    wallet.held = moved.held;
  }

  /** The shared budgets that the intent counted in, with the limits of that moment. */
  #sharedOf({ sharedBudgets = [], date }: DecisionContext): SharedBudget[] {
    return sharedBudgets.map((recorded) => {
      const budget = this.#shared.get(recorded.category) ?? this.#openShared(recorded.category, date, recorded);
      budget.dailyLimit = minorOrNull(recorded.dailyLimitMinor);
      budget.monthlyLimit = minorOrNull(recorded.monthlyLimitMinor);
      return budget;
    });
  }

  #openShared(category: string | null, date: string, counted: Counted): Mutable<SharedBudget> {
    const { organizationId } = this.#options;
    const opened = { organizationId, category, since: date, dailyLimit: null, monthlyLimit: null, budgets: new Map() };
    seedBudgets(opened, date, counted);
    this.#shared.set(category, opened);
    return opened;
  }
}

type Counted = Pick<DecisionContext, 'dailySpentMinor' | 'dailyHeldMinor' | 'monthlySpentMinor' | 'monthlyHeldMinor'>;

function seedBudgets(purse: Parameters<typeof putBudget>[0], date: string, counted: Counted): void {
  const { dailySpentMinor, dailyHeldMinor, monthlySpentMinor, monthlyHeldMinor } = counted;
  putBudget(purse, { kind: 'day', start: date, spent: BigInt(dailySpentMinor), held: BigInt(dailyHeldMinor) });
  const month = `${date.slice(0, 7)}-01`;
  putBudget(purse, { kind: 'month', start: month, spent: BigInt(monthlySpentMinor), held: BigInt(monthlyHeldMinor) });
}

function minorOrNull(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}

function isUndecidable({ guards }: DecidedIntent): boolean {
  return guards.some(({ name }) => name === GUARDS.undecidable);
}

/** The rate that the decision was made by, or that an approval was given by; none for the base currency. */
function ratesOf({ context, conversion, money }: DecidedIntent): FxRate[] {
  const { baseCurrency, fxRate, fxSource } = context;
  const used =
    conversion ??
    (fxRate !== null && fxSource ? { fxRate, rateId: fxSource.rateId, effectiveAt: fxSource.effectiveAt } : null);
  if (!used) return [];
  const { fxRate: rate, rateId: id, effectiveAt } = used;
  return [{ id, currency: money.currency, baseCurrency, rate, effectiveAt, revision: 1, recordedAt: effectiveAt }];
}
