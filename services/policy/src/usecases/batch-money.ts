import type { Tx } from '@aegis/postgres/transaction';
import type { Account } from '../domain/account.ts';
import { type Command, keyOf } from '../domain/batch.ts';
import { localDate } from '../domain/calendar.ts';
import { caseless } from '../domain/caseless.ts';
import type { FxRate } from '../domain/fx.ts';
import type { PolicySet } from '../domain/policy-set.ts';
import { putBudget, type SharedBudget, windowsOf } from '../domain/purse.ts';
import { addFact, type Facts } from '../domain/settlement.ts';
import { type BudgetKey, loadBudgets } from '../store/budgets.ts';
import type { IntentKey, IntentRecord } from '../store/decisions.ts';
import { loadRates, type RateKey } from '../store/fx-rates.ts';
import type { CurrentVersion } from '../store/policy-sets.ts';
import { loadFacts } from '../store/settlements.ts';
import { lockSharedBudgets, type SharedBudgetQuery } from '../store/shared-budgets.ts';

/** What a batch has read so far, under the locks of its agents. */
interface Loaded {
  readonly policySets: ReadonlyMap<string, PolicySet>;
  readonly records: ReadonlyMap<string, IntentRecord>;
}

/** The intent and the agent that a command is about. */
export function aboutOf(command: Command): { readonly intentId: string; readonly agentId: string } {
  switch (command.kind) {
    case 'decide':
      return command.intent;
    case 'resolve':
      return command.resolution;
    case 'settle':
      return command.settlement;
    default:
      return command satisfies never;
  }
}

/** Where an intent counts: the windows of a date, an agent's and those that the agent shares. */
interface Place {
  readonly organizationId: string;
  readonly agentId: string;
  readonly merchantCategory: string | null;
  readonly date: string;
}

/** Where the commands may count: what is new, what is pending, and what is settled. */
export function placesOf(commands: readonly Command[], { policySets, records }: Loaded): Place[] {
  return commands.flatMap((command) => {
    const { organizationId } = command;
    const { agentId, intentId } = aboutOf(command);
    const decision = records.get(keyOf(organizationId, intentId))?.decision;
    if (decision) {
      const { pending, counted } = decision;
      const { merchantCategory } = pending ?? counted ?? { merchantCategory: null };
      const date = pending?.context.date ?? counted?.date;
      return date === undefined ? [] : [{ organizationId, agentId, merchantCategory, date }];
    }
    if (command.kind !== 'decide') return [];
    const { createdAt, merchantCategory } = command.intent;
    const settings = policySets.get(organizationId)?.settings;
    const date = settings && localDate(createdAt, settings.timeZone);
    return date === undefined ? [] : [{ organizationId, agentId, merchantCategory, date }];
  });
}

/** Puts the agents' own budgets into their accounts. */
export async function loadBudgetsOf(
  tx: Tx,
  places: readonly Place[],
  accounts: ReadonlyMap<string, Account>,
): Promise<void> {
  const keys = new Map<string, BudgetKey>();
  for (const { organizationId, agentId, date } of places) {
    for (const window of windowsOf(date)) {
      keys.set(`${organizationId} ${agentId} ${window.kind} ${window.start}`, { organizationId, agentId, ...window });
    }
  }
  for (const { organizationId, agentId, ...budget } of await loadBudgets(tx, [...keys.values()])) {
    const account = accounts.get(keyOf(organizationId, agentId));
    if (account) putBudget(account, budget);
  }
}

/** Locks what the agents share, of the organisations that have such budgets. */
export async function lockSharedBudgetsOf(
  tx: Tx,
  places: readonly Place[],
  versions: ReadonlyMap<string, CurrentVersion>,
): Promise<Map<string, SharedBudget[]>> {
  const queries = new Map<string, SharedBudgetQuery>();
  for (const { organizationId, merchantCategory, date } of places) {
    if (!versions.get(organizationId)?.hasSharedBudgets) continue;
    for (const category of ['', caseless(merchantCategory) ?? '']) {
      queries.set(`${organizationId} ${date} ${category}`, { organizationId, category, date });
    }
  }
  return Map.groupBy(await lockSharedBudgets(tx, [...queries.values()]), (budget) => budget.organizationId);
}

/** What was said of payments before: of those that are told of now, and of those that were told of too early. */
export async function loadFactsOf(
  tx: Tx,
  commands: readonly Command[],
  records: ReadonlyMap<string, IntentRecord>,
): Promise<Map<string, Facts>> {
  const keys = new Map<string, IntentKey>();
  for (const command of commands) {
    const { organizationId } = command;
    const { intentId } = aboutOf(command);
    const key = keyOf(organizationId, intentId);
    if (command.kind === 'settle' || records.get(key)?.settledEarly) keys.set(key, { organizationId, intentId });
  }
  const facts = new Map<string, Facts>();
  for (const { organizationId, intentId, fact } of await loadFacts(tx, [...keys.values()])) {
    const key = keyOf(organizationId, intentId);
    facts.set(key, addFact(facts.get(key) ?? new Map(), fact));
  }
  return facts;
}

/** The rates that the commands may need: at the creation of what is new, at the answers of people about such intents. */
export async function loadRatesOf(
  tx: Tx,
  commands: readonly Command[],
  loaded: Loaded,
): Promise<Map<string, FxRate[]>> {
  const rates = await loadRates(tx, ratesAsked(commands, loaded));
  const groups = Map.groupBy(rates, ({ organizationId, rate }) => keyOf(organizationId, rate.currency));
  return new Map([...groups].map(([key, group]) => [key, group.map(({ rate }) => rate)]));
}

function ratesAsked(commands: readonly Command[], { records, policySets }: Loaded): RateKey[] {
  const asked = new Map<string, RateKey>();
  for (const command of commands) {
    if (command.kind === 'settle') continue;
    const { organizationId } = command;
    const { intentId } = aboutOf(command);
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

/** An answer may stand in one batch with the submission that it is about. */
function currencyOf(
  command: Exclude<Command, { kind: 'settle' }>,
  record: IntentRecord | undefined,
  commands: readonly Command[],
): string | undefined {
  if (command.kind === 'decide') return command.intent.money.currency;
  if (record?.decision) return record.decision.pending?.money.currency;
  const { intentId } = command.resolution;
  for (const other of commands) {
    if (other.kind === 'decide' && other.intent.intentId === intentId) return other.intent.money.currency;
  }
  return undefined;
}
