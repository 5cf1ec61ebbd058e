import { serviceActor } from '@aegis/contracts/actor';
import { createEvent, encodeEvent } from '@aegis/contracts/events/envelope';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { appendOutbox } from '@aegis/postgres/outbox';
import type { Tx } from '@aegis/postgres/transaction';
import { type Answer, type BatchResult, type BatchState, type Command, decideBatch, keyOf } from '../domain/batch.ts';
import type { PolicySet } from '../domain/policy-set.ts';
import { type AgentKey, lockAccounts, saveAccounts } from '../store/accounts.ts';
import { saveBudgets } from '../store/budgets.ts';
import { appendDecisionLog } from '../store/decision-log.ts';
import {
  findIntents,
  finishDecisions,
  insertDecisions,
  type IntentKey,
  keepEarlyResolutions,
  markSettledEarly,
  recountDecisions,
} from '../store/decisions.ts';
import { currentVersions } from '../store/policy-sets.ts';
import { saveFacts } from '../store/settlements.ts';
import { saveSharedBudgets } from '../store/shared-budgets.ts';
import { loadFeatures, saveFeatures } from './batch-features.ts';
import { aboutOf, loadBudgetsOf, loadFactsOf, loadRatesOf, lockSharedBudgetsOf, placesOf } from './batch-money.ts';
import type { PolicySetCache } from './policy-set-cache.ts';
import { saveWalletEntries } from './save-wallet-entries.ts';
import { suspendAgents } from './suspend-agents.ts';

export interface DecideDeps {
  readonly database: Database;
  readonly policySets: Pick<PolicySetCache, 'get'>;
  /** Intents of one agent that may wait for people at the same time. */
  readonly maxOpenApprovals: number;
}

/**
 * How long the process decides before it commits what it has, and its heartbeats get their turn. The regular expressions of
 * one organisation may take seconds for each intent; the database ends a transaction that is idle for fifteen.
 */
const PART_MS = 500;

/**
 * Decides submissions and applies answers of people, in the order given: decisions, budgets and events become true
 * together, in one transaction unless deciding takes long. Resolves to the decisions that are new; what was decided before
 * changes nothing. A transaction takes three round trips and the commit, however many commands there are; one more where
 * a rate is needed, or a policy set is new to the process.
 */
export async function decideIntents(deps: DecideDeps, commands: readonly Command[]): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let rest = commands; rest.length > 0;) {
    const part = await decidePart(deps, rest);
    answers.push(...part.answers);
    rest = rest.slice(part.taken);
  }
  return answers;
}

function decidePart(deps: DecideDeps, commands: readonly Command[]): Promise<BatchResult> {
  return deps.database.tx(ALL_ORGANIZATIONS, async (tx) => {
    const state = await loadState(tx, deps, commands);
    const end = performance.now() + PART_MS;
    const result = decideBatch(commands, state, () => performance.now() > end);
    await save(tx, result, commands[0]?.decidedAt ?? '');
    return result;
  });
}

type Subject = AgentKey & IntentKey;

function subjectOf(command: Command): Subject {
  const { agentId, intentId } = aboutOf(command);
  return { organizationId: command.organizationId, agentId, intentId };
}

/** The first statements travel together; those after the first run when it has all locks, and see what they guard. */
export async function loadState(
  tx: Tx,
  deps: Omit<DecideDeps, 'database'>,
  commands: readonly Command[],
): Promise<BatchState> {
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
  for (const [organizationId, { version }] of versions) {
    policySets.set(organizationId, await deps.policySets.get(tx, organizationId, version));
  }
  const accounts = new Map(locked.map((account) => [keyOf(account.organizationId, account.agentId), account] as const));
  const records = new Map(known.map((record) => [keyOf(record.organizationId, record.intentId), record]));
  const loaded = { accounts, policySets, records };
  const rates = await loadRatesOf(tx, commands, loaded);
  const places = placesOf(commands, loaded);
  const [, facts, , shared] = await Promise.all([
    loadBudgetsOf(tx, places, accounts),
    loadFactsOf(tx, commands, records),
    loadFeatures(tx, commands, { ...loaded, rates }),
    // The last locks of all, held no longer than deciding and writing take.
    lockSharedBudgetsOf(tx, places, versions),
  ]);
  const decided = [...records].flatMap(([key, { decision }]) => (decision ? [[key, decision] as const] : []));
  return {
    accounts,
    policySets,
    rates,
    shared,
    facts,
    decisions: new Map(decided.map(([key, { pending }]) => [key, pending])),
    counted: new Map(decided.flatMap(([key, { counted }]) => (counted ? [[key, counted]] : []))),
    merchantKeys: new Map(decided.flatMap(([key, { merchantKey }]) => (merchantKey ? [[key, merchantKey]] : []))),
    early: new Map([...records].flatMap(([key, { early }]) => (early ? [[key, early]] : []))),
    maxOpenApprovals: deps.maxOpenApprovals,
  };
}

async function save(tx: Tx, result: BatchResult, decidedAt: string): Promise<void> {
  const touched = [...result.touched];
  const events = result.answers.map(encode);
  await Promise.all([
    insertDecisions(tx, result.inserted),
    finishDecisions(tx, result.finished),
    recountDecisions(tx, result.recounted),
    keepEarlyResolutions(tx, result.early),
    markSettledEarly(tx, result.unsettled),
    saveFacts(tx, result.facts),
    saveBudgets(tx, touched),
    saveSharedBudgets(tx, [...result.touchedShared]),
    saveAccounts(tx, touched),
    saveWalletEntries(tx, touched, decidedAt),
    saveFeatures(tx, result),
    appendDecisionLog(
      tx,
      result.answers,
      events.map(({ value }) => value),
    ),
    appendOutbox(tx, events),
    suspendAgents(tx, result.suspended),
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
