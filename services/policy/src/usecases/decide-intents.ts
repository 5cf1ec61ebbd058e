import { serviceActor } from '@aegis/contracts/actor';
import { createEvent, encodeEvent } from '@aegis/contracts/events/envelope';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { appendOutbox } from '@aegis/postgres/outbox';
import type { Tx } from '@aegis/postgres/transaction';
import { type Answer, type BatchResult, type BatchState, type Command, decideBatch, keyOf } from '../domain/batch.ts';
import { localDate } from '../domain/calendar.ts';
import type { FxRate } from '../domain/fx.ts';
import type { PolicySet } from '../domain/policy-set.ts';
import { putBudget, windowsOf } from '../domain/purse.ts';
import { type AgentKey, lockAccounts, saveAccounts } from '../store/accounts.ts';
import { type BudgetKey, loadBudgets, saveBudgets } from '../store/budgets.ts';
import { appendDecisionLog } from '../store/decision-log.ts';
import {
  findIntents,
  finishDecisions,
  insertDecisions,
  type IntentKey,
  type IntentRecord,
  keepEarlyResolutions,
} from '../store/decisions.ts';
import { loadRates, type RateKey } from '../store/fx-rates.ts';
import { currentVersions } from '../store/policy-sets.ts';
import { loadFeatures, saveFeatures } from './batch-features.ts';
import type { PolicySetCache } from './policy-set-cache.ts';

export interface DecideDeps {
  readonly database: Database;
  readonly policySets: PolicySetCache;
  /** Intents of one agent that may wait for people at the same time. */
  readonly maxOpenApprovals: number;
}

/**
 * Decides submissions and applies answers of people, in the order given, in one transaction: decisions, budgets and
 * events become true together. Resolves to the decisions that are new; what was decided before changes nothing.
 * Takes three round trips and the commit, however many commands there are.
 */
export function decideIntents(deps: DecideDeps, commands: readonly Command[]): Promise<readonly Answer[]> {
  return deps.database.tx(ALL_ORGANIZATIONS, async (tx) => {
    const result = decideBatch(commands, await loadState(tx, deps, commands));
    await save(tx, result);
    return result.answers;
  });
}

type Subject = AgentKey & IntentKey;

function subjectOf(command: Command): Subject {
  const { agentId, intentId } = command.kind === 'decide' ? command.intent : command.resolution;
  return { organizationId: command.organizationId, agentId, intentId };
}

/** The first statements travel together; those after the first run when it has all locks, and see what they guard. */
async function loadState(tx: Tx, deps: DecideDeps, commands: readonly Command[]): Promise<BatchState> {
  const subjects = commands.map(subjectOf);
  const [locked, versions, known] = await Promise.all([
    lockAccounts(
      tx,
      uniqueBy(subjects, (subject) => keyOf(subject.organizationId, subject.agentId)),
    ),
    currentVersions(tx, [...new Set(subjects.map((subject) => subject.organizationId))]),
    findIntents(
      tx,
      uniqueBy(subjects, (subject) => keyOf(subject.organizationId, subject.intentId)),
    ),
  ]);
  const policySets = new Map<string, PolicySet>();
  for (const [organizationId, version] of versions) {
    policySets.set(organizationId, await deps.policySets.get(tx, organizationId, version));
  }
  const accounts = new Map(locked.map((account) => [keyOf(account.organizationId, account.agentId), account] as const));
  const records = new Map(known.map((record) => [keyOf(record.organizationId, record.intentId), record]));
  const rates = groupRates(await loadRates(tx, ratesAsked(commands, records, policySets)));
  const [budgets] = await Promise.all([
    loadBudgets(tx, windows(commands, records, policySets)),
    loadFeatures(tx, commands, { accounts, policySets, records, rates }),
  ]);
  for (const { organizationId, agentId, ...budget } of budgets) {
    const account = accounts.get(keyOf(organizationId, agentId));
    if (account) putBudget(account, budget);
  }
  return {
    accounts,
    policySets,
    rates,
    shared: new Map(),
    decisions: new Map([...records].flatMap(([key, { decision }]) => (decision ? [[key, decision.pending]] : []))),
    merchantKeys: new Map(
      [...records].flatMap(([key, { decision }]) => (decision?.merchantKey ? [[key, decision.merchantKey]] : [])),
    ),
    early: new Map([...records].flatMap(([key, { early }]) => (early ? [[key, early]] : []))),
    maxOpenApprovals: deps.maxOpenApprovals,
  };
}

/** The windows that the commands may count in: those of what is new, and those of what is pending. */
function windows(
  commands: readonly Command[],
  records: ReadonlyMap<string, IntentRecord>,
  policySets: ReadonlyMap<string, PolicySet>,
): BudgetKey[] {
  const keys = new Map<string, BudgetKey>();
  for (const command of commands) {
    const { organizationId, agentId, intentId } = subjectOf(command);
    const decision = records.get(keyOf(organizationId, intentId))?.decision;
    const date = decision ? decision.pending?.context.date : dateOf(command, policySets.get(organizationId));
    for (const window of date === undefined ? [] : windowsOf(date)) {
      keys.set(`${organizationId} ${agentId} ${window.kind} ${window.start}`, { organizationId, agentId, ...window });
    }
  }
  return [...keys.values()];
}

/** Undefined where there is nothing to count: no settings, a resolution without a decision, or an unusable time. */
function dateOf(command: Command, policySet: PolicySet | undefined): string | undefined {
  if (command.kind !== 'decide' || !policySet) return undefined;
  return localDate(command.intent.createdAt, policySet.settings.timeZone);
}

/** The rates that the commands may need: at the creation of what is new, at the answers of people about such intents. */
function ratesAsked(
  commands: readonly Command[],
  records: ReadonlyMap<string, IntentRecord>,
  policySets: ReadonlyMap<string, PolicySet>,
): RateKey[] {
  const asked = new Map<string, RateKey>();
  for (const command of commands) {
    const { organizationId, intentId } = subjectOf(command);
    const baseCurrency = policySets.get(organizationId)?.settings.baseCurrency;
    const record = records.get(keyOf(organizationId, intentId));
    const currency = currencyOf(command, record, commands);
    if (baseCurrency === undefined || currency === undefined || currency === baseCurrency) continue;
    const times = command.kind === 'decide' ? [command.intent.createdAt] : [command.resolution.resolvedAt];
    for (const at of record?.early ? [...times, record.early.resolvedAt] : times) {
      if (Number.isNaN(Date.parse(at))) continue;
      asked.set(`${organizationId} ${currency} ${at}`, { organizationId, currency, baseCurrency, at });
    }
  }
  return [...asked.values()];
}

function groupRates(rates: Awaited<ReturnType<typeof loadRates>>): Map<string, FxRate[]> {
  const groups = Map.groupBy(rates, ({ organizationId, rate }) => keyOf(organizationId, rate.currency));
  return new Map([...groups].map(([key, group]) => [key, group.map(({ rate }) => rate)]));
}

/** An answer may stand in one batch with the submission that it is about. */
function currencyOf(
  command: Command,
  record: IntentRecord | undefined,
  commands: readonly Command[],
): string | undefined {
  if (command.kind === 'decide') return command.intent.money.currency;
  if (record?.decision) return record.decision.pending?.money.currency;
  const { intentId } = command.resolution;
  const submission = commands.find((other) => other.kind === 'decide' && other.intent.intentId === intentId);
  return submission && currencyOf(submission, undefined, commands);
}

async function save(tx: Tx, result: BatchResult): Promise<void> {
  const touched = [...result.touched];
  const events = result.answers.map(encode);
  await Promise.all([
    insertDecisions(tx, result.inserted),
    finishDecisions(tx, result.finished),
    keepEarlyResolutions(tx, result.early),
    saveBudgets(tx, touched),
    saveAccounts(tx, touched),
    saveFeatures(tx, result),
    appendDecisionLog(
      tx,
      result.answers,
      events.map(({ value }) => value),
    ),
    appendOutbox(tx, events),
  ]);
}

function encode({ origin, data }: Answer) {
  return encodeEvent(
    createEvent({
      source: 'policy',
      type: 'intent.decided',
      time: new Date(data.decidedAt),
      subject: data.intentId,
      organizationId: origin.organizationId,
      actor: serviceActor('policy'),
      causationId: origin.eventId,
      traceparent: origin.traceparent,
      data,
    }),
  );
}

function uniqueBy<T>(items: readonly T[], keyFor: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyFor(item), item])).values()];
}
