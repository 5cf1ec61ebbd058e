import type { Account } from './account.ts';
import { localDate } from './calendar.ts';
import type { DecisionInput } from './decision-record.ts';
import { merchantKey } from './features/merchant-key.ts';
import { decideFinally } from './final-decision.ts';
import { decideFirst, denyUndecidable, type Stamp } from './first-decision.ts';
import type { FxRate } from './fx.ts';
import type { DecidedIntent, ResolvedApproval, SubmittedIntent } from './intent.ts';
import { DEFAULT_FX_MAX_AGE_HOURS } from './organization.ts';
import type { PolicySet } from './policy-set.ts';
import type { SharedBudget } from './purse.ts';
import { countsIn } from './surroundings.ts';

/** Where something came from: the event that caused it and the trace it belongs to. */
export interface Origin {
  readonly organizationId: string;
  readonly eventId: string;
  readonly traceparent: string | null;
}

/** An answer of people, and what is needed of it once the decision is there. */
export type Resolution = Origin &
  Pick<ResolvedApproval, 'intentId' | 'agentId' | 'approvalId' | 'outcome' | 'resolvedAt'>;

export type Command =
  | ({ readonly kind: 'decide'; readonly intent: SubmittedIntent } & Origin & Stamp)
  | ({ readonly kind: 'resolve'; readonly resolution: Resolution; readonly decidedAt: string } & Origin);

/** Everything a batch needs, read under the locks of its accounts. Keys are made by `keyOf`. */
export interface BatchState {
  readonly accounts: ReadonlyMap<string, Account>;
  /** By organisation. */
  readonly policySets: ReadonlyMap<string, PolicySet>;
  /** By organisation and currency. */
  readonly rates: ReadonlyMap<string, readonly FxRate[]>;
  /** By organisation. */
  readonly shared: ReadonlyMap<string, readonly SharedBudget[]>;
  /** Decisions made before, by intent; null for a final one. */
  readonly decisions: ReadonlyMap<string, DecidedIntent | null>;
  /** Merchant keys of pending decisions, by intent. */
  readonly merchantKeys: ReadonlyMap<string, string>;
  /** Resolutions that came before their decision, by intent. */
  readonly early: ReadonlyMap<string, Resolution>;
  readonly maxOpenApprovals: number;
}

/** A decision to be told to everybody else. */
export interface Answer {
  readonly origin: Origin;
  readonly data: DecidedIntent;
  /** Whom a payment would go to, as the organisation's features know them (see merchantKey). */
  readonly merchantKey: string | null;
  readonly input: DecisionInput;
}

/** What a batch changes. The accounts of the state have been counted in place. */
export interface BatchResult {
  /** In the order of the batch; an intent that is decided and resolved at once has two. */
  readonly answers: Answer[];
  /** Intents decided for the first time, as they stand after the batch. */
  readonly inserted: Answer[];
  /** Decisions of earlier batches that became final. */
  readonly finished: Answer[];
  /** Resolutions without a decision so far. */
  readonly early: Resolution[];
  /** Accounts that count more or less than before. */
  readonly touched: ReadonlySet<Account>;
  /** Accounts whose activity changed: of every intent that was decided, whatever the answer. */
  readonly active: ReadonlySet<Account>;
  readonly touchedShared: ReadonlySet<SharedBudget>;
}

const NONE: never[] = [];

export function keyOf(organizationId: string, id: string): string {
  return `${organizationId} ${id}`;
}

/** The message contradicts what is on record; no retry helps. */
export class ContradictionError extends Error {
  override readonly name = 'ContradictionError';
}

/**
 * Decides a batch, one command after another in its order, against balances that each decision changes. What was decided
 * or resolved before changes nothing and answers nothing: its events were committed with it.
 */
export function decideBatch(commands: readonly Command[], state: BatchState): BatchResult {
  const batch = new Batch(state);
  for (const command of commands) {
    if (command.kind === 'decide') batch.decide(command);
    else batch.resolve(command.resolution, command.decidedAt);
  }
  return batch.result();
}

class Batch {
  readonly #state: BatchState;
  readonly #decisions: Map<string, DecidedIntent | null>;
  readonly #early: Map<string, Resolution>;
  readonly #inserted = new Map<string, Answer>();
  readonly #finished: Answer[] = [];
  readonly #parked: Resolution[] = [];
  readonly #answers: Answer[] = [];
  readonly #touched = new Set<Account>();
  readonly #active = new Set<Account>();
  readonly #merchantKeys: Map<string, string>;
  readonly #touchedShared = new Set<SharedBudget>();

  constructor(state: BatchState) {
    this.#state = state;
    this.#decisions = new Map(state.decisions);
    this.#early = new Map(state.early);
    this.#merchantKeys = new Map(state.merchantKeys);
  }

  decide(command: Extract<Command, { kind: 'decide' }>): void {
    const { organizationId, intent } = command;
    const key = keyOf(organizationId, intent.intentId);
    if (this.#decisions.has(key)) return;
    const account = this.#state.accounts.get(keyOf(organizationId, intent.agentId)) ?? null;
    const policySet = this.#state.policySets.get(organizationId) ?? null;
    const data =
      account && policySet
        ? this.#decideFirst(command, account, policySet)
        : denyUndecidable(intent, account, policySet, 'the agent is not registered', command);
    if (account) this.#active.add(account);
    const merchant = merchantKey(organizationId, intent.merchant);
    if (merchant !== null) this.#merchantKeys.set(key, merchant);
    const input = { kind: 'submission', intent } as const;
    const answer = { origin: command, data, merchantKey: merchant, input };
    this.#answers.push(answer);
    this.#inserted.set(key, answer);
    this.#decisions.set(key, data.final ? null : data);
    const early = this.#early.get(key);
    if (early && !data.final) this.resolve(early, command.decidedAt);
  }

  #decideFirst(command: Extract<Command, { kind: 'decide' }>, account: Account, policySet: PolicySet): DecidedIntent {
    const { organizationId, intent } = command;
    const date = localDate(intent.createdAt, policySet.settings.timeZone);
    const shared = date === undefined ? [] : this.#sharedBudgets(organizationId, intent.merchantCategory, date);
    const rates = this.#rates(organizationId, intent.money.currency);
    const surroundings = { rates, shared, maxOpenApprovals: this.#state.maxOpenApprovals };
    const data = decideFirst(intent, account, policySet, surroundings, command);
    if (data.outcome !== 'denied') this.#touch(account, shared);
    return data;
  }

  #sharedBudgets(organizationId: string, merchantCategory: string | null, date: string): SharedBudget[] {
    const budgets = this.#state.shared.get(organizationId);
    return budgets ? budgets.filter((budget) => countsIn(budget, merchantCategory, date)) : NONE;
  }

  #rates(organizationId: string, currency: string): readonly FxRate[] {
    return this.#state.rates.get(keyOf(organizationId, currency)) ?? NONE;
  }

  #touch(account: Account, shared: readonly SharedBudget[]): void {
    this.#touched.add(account);
    for (const budget of shared) this.#touchedShared.add(budget);
  }

  resolve(resolution: Resolution, decidedAt: string): void {
    const { organizationId, intentId, agentId } = resolution;
    const key = keyOf(organizationId, intentId);
    const pending = this.#decisions.get(key);
    if (pending === null) return;
    if (pending === undefined) {
      if (!this.#early.has(key)) this.#parked.push(resolution);
      this.#early.set(key, resolution);
      return;
    }
    const account = this.#state.accounts.get(keyOf(organizationId, agentId));
    if (!account || pending.agentId !== agentId) {
      throw new ContradictionError(`approval ${resolution.approvalId} is not about agent ${agentId}`);
    }
    const merchant = this.#merchantKeys.get(key) ?? null;
    const shared = this.#sharedBudgets(organizationId, pending.merchantCategory, pending.context.date);
    const rates = this.#rates(organizationId, pending.money.currency);
    const settings = this.#state.policySets.get(organizationId)?.settings;
    const fxMaxAgeHours = settings?.fxMaxAgeHours ?? DEFAULT_FX_MAX_AGE_HOURS;
    const recheck = { shared, rates, fxMaxAgeHours, merchantKey: merchant };
    const data = decideFinally(pending, resolution, account, recheck, decidedAt);
    const { outcome, resolvedAt } = resolution;
    const input = { kind: 'resolution', outcome, resolvedAt, pending } as const;
    const answer = { origin: resolution, data, merchantKey: merchant, input };
    this.#touch(account, shared);
    this.#answers.push(answer);
    this.#decisions.set(key, null);
    if (this.#inserted.has(key)) this.#inserted.set(key, answer);
    else this.#finished.push(answer);
  }

  result(): BatchResult {
    return {
      answers: this.#answers,
      inserted: [...this.#inserted.values()],
      finished: this.#finished,
      early: this.#parked,
      touched: this.#touched,
      active: this.#active,
      touchedShared: this.#touchedShared,
    };
  }
}
