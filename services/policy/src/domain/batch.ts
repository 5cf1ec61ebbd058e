import type { Account } from './account.ts';
import type { Charge } from './budget.ts';
import { localDate } from './calendar.ts';
import { countedOf } from './counted.ts';
import type { DecisionInput } from './decision-record.ts';
import { merchantKey } from './features/merchant-key.ts';
import { decideFinally, type Resolving } from './final-decision.ts';
import { decideFirst, denyUndecidable, type Stamp } from './first-decision.ts';
import type { FxRate } from './fx.ts';
import type { DecidedIntent, ResolvedApproval, SubmittedIntent } from './intent.ts';
import { post } from './ledger.ts';
import { DEFAULT_FX_MAX_AGE_HOURS } from './organization.ts';
import type { PolicySet } from './policy-set.ts';
import type { SharedBudget } from './purse.ts';
import {
  addFact,
  CANCELLATION,
  type Counted,
  type Facts,
  isOverrun,
  sameFact,
  settledCharge,
  type SettlementFact,
} from './settlement.ts';
import { countsIn, type Surroundings } from './surroundings.ts';

/** Where something came from: the event that caused it and the trace it belongs to. */
export interface Origin {
  readonly organizationId: string;
  readonly eventId: string;
  readonly traceparent: string | null;
}

/** An answer of people, and what is needed of it once the decision is there. */
export type Resolution = Origin &
  Pick<ResolvedApproval, 'intentId' | 'agentId' | 'approvalId' | 'outcome' | 'resolvedAt'>;

/** What was said of an intent's payment. */
export type Settlement = Origin & {
  readonly intentId: string;
  readonly agentId: string;
  readonly kind: 'capture' | 'cancel';
  readonly recordedAt: string;
  readonly fact: SettlementFact;
};

export type Command =
  | ({ readonly kind: 'decide'; readonly intent: SubmittedIntent } & Origin & Stamp)
  | ({ readonly kind: 'resolve'; readonly resolution: Resolution; readonly decidedAt: string } & Origin)
  | ({ readonly kind: 'settle'; readonly settlement: Settlement; readonly decidedAt: string } & Origin);

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
  /** What final decisions count for, by intent; of those whose payment the batch is about. */
  readonly counted: ReadonlyMap<string, Counted>;
  /** What was said of payments before, by intent; of those that the batch is about. */
  readonly facts: ReadonlyMap<string, Facts>;
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
  /** How many of the commands were taken, from the first on; the others are left as they were. */
  readonly taken: number;
  /** In the order of the batch; an intent that is decided and resolved at once has two. */
  readonly answers: Answer[];
  /** Intents decided for the first time, as they stand after the batch. */
  readonly inserted: Answer[];
  /** Decisions of earlier batches that became final. */
  readonly finished: Answer[];
  /** Resolutions without a decision so far. */
  readonly early: Resolution[];
  /** Intents of which a payment was told before they were decided for good. */
  readonly unsettled: Settlement[];
  /** Statements about payments that are new or say more than before. */
  readonly facts: Settlement[];
  /** What intents of earlier batches count for now. */
  readonly recounted: Recount[];
  /** Agents that were suspended, each with what caused it. */
  readonly suspended: { readonly account: Account; readonly origin: Origin; readonly at: string }[];
  /** Accounts that count more or less than before. */
  readonly touched: ReadonlySet<Account>;
  /** Accounts whose activity changed: of every intent that was decided, whatever the answer. */
  readonly active: ReadonlySet<Account>;
  readonly touchedShared: ReadonlySet<SharedBudget>;
}

/** An intent of an earlier batch whose charge changed. */
export interface Recount {
  readonly organizationId: string;
  readonly intentId: string;
  readonly charge: Charge;
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
 * or resolved before changes nothing and answers nothing: its events were committed with it. Takes one command at least,
 * and no other once `isOver`.
 */
export function decideBatch(
  commands: readonly Command[],
  state: BatchState,
  isOver: () => boolean = () => false,
): BatchResult {
  const batch = new Batch(state);
  let taken = 0;
  for (const command of commands) {
    if (taken > 0 && isOver()) break;
    taken += 1;
    if (command.kind === 'decide') batch.decide(command);
    else if (command.kind === 'resolve') batch.resolve(command.resolution, command.decidedAt);
    else batch.settle(command.settlement, command.decidedAt);
  }
  return batch.result(taken);
}

/** What a batch's state has for one intent beside its account. */
export function surroundingsOf(
  state: BatchState,
  organizationId: string,
  intent: SubmittedIntent,
  settings: PolicySet['settings'],
): Surroundings {
  const date = localDate(intent.createdAt, settings.timeZone);
  return {
    rates: state.rates.get(keyOf(organizationId, intent.money.currency)) ?? NONE,
    shared: date === undefined ? NONE : sharedBudgetsOf(state, organizationId, intent.merchantCategory, date),
    maxOpenApprovals: state.maxOpenApprovals,
  };
}

function sharedBudgetsOf(
  state: BatchState,
  organizationId: string,
  merchantCategory: string | null,
  date: string,
): readonly SharedBudget[] {
  const budgets = state.shared.get(organizationId);
  return budgets ? budgets.filter((budget) => countsIn(budget, merchantCategory, date)) : NONE;
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
  readonly #counted: Map<string, Counted>;
  readonly #facts: Map<string, Facts>;
  readonly #told = new Map<string, Settlement>();
  readonly #unsettled: Settlement[] = [];
  readonly #recounted = new Map<string, Recount>();
  readonly #suspended: { account: Account; origin: Origin; at: string }[] = [];

  constructor(state: BatchState) {
    this.#state = state;
    this.#decisions = new Map(state.decisions);
    this.#early = new Map(state.early);
    this.#merchantKeys = new Map(state.merchantKeys);
    this.#counted = new Map(state.counted);
    this.#facts = new Map(state.facts);
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
    if (data.final) this.#finish(key, answer);
    else if (early) this.resolve(early, command.decidedAt);
    this.#withdraw(key, command, command.decidedAt);
  }

  #decideFirst(command: Extract<Command, { kind: 'decide' }>, account: Account, policySet: PolicySet): DecidedIntent {
    const { organizationId, intent } = command;
    const surroundings = surroundingsOf(this.#state, organizationId, intent, policySet.settings);
    const data = decideFirst(intent, account, policySet, surroundings, command);
    if (data.outcome !== 'denied') this.#touch(account, surroundings.shared);
    return data;
  }

  #sharedBudgets(organizationId: string, merchantCategory: string | null, date: string): readonly SharedBudget[] {
    return sharedBudgetsOf(this.#state, organizationId, merchantCategory, date);
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
    if (pending.agentId !== agentId) {
      throw new ContradictionError(`approval ${resolution.approvalId} is not about agent ${agentId}`);
    }
    this.#conclude(key, pending, resolution, resolution, decidedAt);
  }

  /** Takes back a request that was cancelled while people are asked. */
  #withdraw(key: string, origin: Origin, decidedAt: string): void {
    const pending = this.#decisions.get(key);
    if (pending && this.#facts.get(key)?.has(CANCELLATION)) {
      this.#conclude(
        key,
        pending,
        { approvalId: null, outcome: 'withdrawn', resolvedAt: decidedAt },
        origin,
        decidedAt,
      );
    }
  }

  #conclude(key: string, pending: DecidedIntent, resolution: Resolving, origin: Origin, decidedAt: string): void {
    const { organizationId } = origin;
    const account = this.#accountOf(organizationId, pending.agentId);
    const merchant = this.#merchantKeys.get(key) ?? null;
    const shared = this.#sharedBudgets(organizationId, pending.merchantCategory, pending.context.date);
    const rates = this.#rates(organizationId, pending.money.currency);
    const settings = this.#state.policySets.get(organizationId)?.settings;
    const fxMaxAgeHours = settings?.fxMaxAgeHours ?? DEFAULT_FX_MAX_AGE_HOURS;
    const recheck = { shared, rates, fxMaxAgeHours, merchantKey: merchant };
    const data = decideFinally(pending, resolution, account, recheck, decidedAt);
    const { outcome, resolvedAt } = resolution;
    const input = { kind: 'resolution', outcome, resolvedAt, pending } as const;
    const answer = { origin, data, merchantKey: merchant, input };
    this.#touch(account, shared);
    this.#answers.push(answer);
    this.#decisions.set(key, null);
    if (this.#inserted.has(key)) this.#inserted.set(key, answer);
    else this.#finished.push(answer);
    this.#finish(key, answer);
  }

  /** A decision is final: what was said of the payment before applies now. */
  #finish(key: string, { origin, data }: Answer): void {
    const counted = countedOf(data);
    if (!counted) return;
    this.#counted.set(key, counted);
    if (this.#facts.has(key)) this.#recount(key, data.intentId, counted, origin, data.decidedAt);
  }

  settle(settlement: Settlement, decidedAt: string): void {
    const { organizationId, intentId, agentId, fact } = settlement;
    const key = keyOf(organizationId, intentId);
    const before = this.#facts.get(key) ?? new Map();
    const facts = addFact(before, fact);
    const [known, merged] = [before.get(fact.reference), facts.get(fact.reference)];
    if (known && merged && sameFact(known, merged)) return;
    const pending = this.#decisions.get(key);
    const counted = this.#counted.get(key);
    if ((pending ?? counted ?? settlement).agentId !== agentId) {
      throw new ContradictionError(`the settlement of ${intentId} is not about agent ${agentId}`);
    }
    this.#facts.set(key, facts);
    this.#told.set(`${key} ${fact.reference}`, merged ? { ...settlement, fact: merged } : settlement);
    if (pending !== null) this.#unsettled.push(settlement);
    if (counted) this.#recount(key, intentId, counted, settlement, decidedAt);
    else this.#withdraw(key, settlement, decidedAt);
  }

  #recount(key: string, intentId: string, counted: Counted, origin: Origin, at: string): void {
    const facts = this.#facts.get(key) ?? new Map();
    const charge = settledCharge(counted, facts);
    const account = this.#accountOf(origin.organizationId, counted.agentId);
    const { date, merchantCategory, inWallet } = counted;
    const shared = this.#sharedBudgets(origin.organizationId, merchantCategory, date);
    post({ account, shared, date, intentId, inWallet }, counted.charge, charge);
    this.#touch(account, shared);
    this.#counted.set(key, { ...counted, charge });
    this.#recounted.set(key, { organizationId: origin.organizationId, intentId, charge });
    if (account.status === 'suspended' || !isOverrun(counted, facts)) return;
    account.status = 'suspended';
    this.#suspended.push({ account, origin, at });
  }

  #accountOf(organizationId: string, agentId: string): Account {
    const account = this.#state.accounts.get(keyOf(organizationId, agentId));
    if (!account) throw new ContradictionError(`there is no agent ${agentId}`);
    return account;
  }

  result(taken: number): BatchResult {
    return {
      taken,
      answers: this.#answers,
      inserted: [...this.#inserted.values()],
      finished: this.#finished,
      early: this.#parked,
      touched: this.#touched,
      active: this.#active,
      touchedShared: this.#touchedShared,
      unsettled: this.#unsettled,
      facts: [...this.#told.values()],
      recounted: [...this.#recounted.values()],
      suspended: this.#suspended,
    };
  }
}
