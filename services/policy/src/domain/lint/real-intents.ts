import { currencyExponent } from '@aegis/contracts/money';
import type { Account } from '../account.ts';
import { localTime, monthStart } from '../calendar.ts';
import { COMPARED_DECIMALS } from '../exact.ts';
import { type Activity, emptyActivity, HOUR_MS, type RecentIntent, STEP_MS } from '../features/activity.ts';
import { merchantKey } from '../features/merchant-key.ts';
import { dayNumber, type MerchantHistory } from '../features/merchant-history.ts';
import type { FxRate } from '../fx.ts';
import type { SubmittedIntent } from '../intent.ts';
import type { Settings } from '../organization.ts';
import { putBudget } from '../purse.ts';
import { formatRatio } from '../risk.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Wallet } from '../wallet.ts';
import { metadataOf } from './assignment.ts';
import type { Candidate } from './candidates.ts';
import { addDays } from './days.ts';
import { fitMoney, type Spending } from './fit-money.ts';
import type { Scope } from './search.ts';

/** An intent, its agent with a past, and what lies around it: everything that a decision looks at. */
export interface RealIntent {
  readonly intent: SubmittedIntent;
  readonly account: Account;
  readonly surroundings: Surroundings;
}

/** What the past of an agent makes of a risk score, beside everything that conditions ask for. */
export interface Past {
  /** Times the mean of its payments that the intent is; null without payments. */
  readonly timesTheMean: number | null;
  /** Intents like it in the hour before. */
  readonly duplicates: number;
}

export interface RealIntentOptions {
  readonly organizationId: string;
  readonly settings: Settings;
  /** Dates from here on are preferred. */
  readonly today: string;
}

/**
 * Intents that have values of a scope, as far as they can be had together: an amount in the base currency is the amount,
 * what is spent of a day is spent of its month, a date has one day of the week. There are several, as the score of risk
 * follows from all else.
 */
export function* realIntents(scope: Scope, options: RealIntentOptions): Generator<RealIntent> {
  const values = (field: string) => scope.candidates.get(field) ?? [];
  const at = instantOf(values, options);
  const spending = fitMoney(values, options.settings);
  if (at === null || spending === null) return;
  for (const merchant of merchantsOf(values)) {
    for (const { value: riskLevel } of values('agent_risk_level')) {
      for (const confidence of ends(values('confidence'))) {
        for (const past of pasts(scope)) {
          const chosen = { at, spending, merchant, riskLevel, confidence, past } as Choice;
          const made = realIntent(scope, chosen, options);
          if (made) yield made;
        }
      }
    }
  }
}

type Values = (field: string) => readonly Candidate[];

interface Choice {
  readonly at: { readonly createdAt: string; readonly date: string };
  readonly spending: Spending;
  readonly merchant: string | undefined;
  readonly riskLevel: Account['riskLevel'];
  readonly confidence: number;
  readonly past: Past;
}

function ends(values: readonly Candidate[]): number[] {
  const numbers = values.map(({ value }) => Number(value));
  return [...new Set([Math.max(...numbers), Math.min(...numbers)])];
}

/** Where no condition looks at the score, any past will do. */
function pasts(scope: Scope): Past[] {
  const plain: Past[] = [{ timesTheMean: null, duplicates: 0 }];
  if (!scope.literals.has('risk_score')) return plain;
  const times = Array.from({ length: 33 }, (_, index) => 2 + index / 4);
  return [0, 1, 2, 3].flatMap((duplicates) => [
    { timesTheMean: null, duplicates },
    ...times.map((timesTheMean) => ({ timesTheMean, duplicates })),
  ]);
}

/** Present or missing as both it and what is known of it may be. */
function merchantsOf(values: Values): (string | undefined)[] {
  const may = (field: string, present: boolean) => values(field).some(({ value }) => (value !== undefined) === present);
  const known = ['merchant_seen_before', 'merchant_spend_30d'];
  return [true, false].flatMap((present) => {
    const first = values('merchant').find(({ value }) => (value !== undefined) === present);
    return first && known.every((field) => may(field, present)) ? [first.value as string | undefined] : [];
  });
}

const DAYS_TRIED = 4_000;
const HALF_HOUR_MS = 1_800_000;

/** An instant whose date, day and hour on the calendar are among the candidates. */
function instantOf(values: Values, { settings, today }: RealIntentOptions): Choice['at'] | null {
  const allowed = (field: string) => new Set(values(field).map(({ value }) => value));
  const [days, daysOfMonth] = [allowed('day_of_week'), allowed('day_of_month')];
  const hours = values('hour_of_day').map(({ value }) => Number(value));
  for (const { low, high } of values('date')) {
    const [first, last] = [String(low), String(high)];
    const start = first < today && today <= last ? today : first;
    for (let offset = 0; offset < DAYS_TRIED; offset += 1) {
      const date = addDays(start, offset);
      if (date > last) break;
      const noon = localTime(Date.parse(`${date}T12:00:00Z`), 'UTC');
      if (!days.has(noon.dayOfWeek) || !daysOfMonth.has(noon.dayOfMonth)) continue;
      const createdAt = instantAt(date, hours, settings.timeZone);
      if (createdAt !== null) return { createdAt, date };
    }
  }
  return null;
}

/** Null where clocks leave all of these hours of the day out. */
function instantAt(date: string, hours: readonly number[], timeZone: string): string | null {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const instants = Array.from({ length: 104 }, (_, index) => midnight - 14 * HOUR_MS + index * HALF_HOUR_MS);
  const readings = instants.map((instant) => ({ instant, local: localTime(instant, timeZone) }));
  for (const hour of hours) {
    const found = readings.find(({ local }) => local.date === date && local.hourOfDay === hour);
    if (found) return new Date(found.instant).toISOString();
  }
  return null;
}

function realIntent(scope: Scope, choice: Choice, options: RealIntentOptions): RealIntent | null {
  const { at, spending, merchant, confidence } = choice;
  const first = (field: string) => scope.candidates.get(field)?.[0]?.value;
  const { amountMinor, currency } = spending;
  const agentId = String(first('agent_id'));
  const intent: SubmittedIntent = {
    intentId: `int_${'0'.repeat(32)}`,
    agentId,
    money: { amountMinor: amountMinor.toString(), currency, exponent: currencyExponent(currency) ?? 0 },
    confidence: formatRatio(BigInt(Math.round(confidence * 1_000_000))),
    reason: String(first('reason')),
    merchant: merchant ?? null,
    merchantCategory: (first('merchant_category') as string | undefined) ?? null,
    metadata: metadataOf(scope.candidates),
    submitter: { type: 'agent', id: agentId, role: null, authMethod: 'api_key' },
    keyCreatorId: null,
    createdAt: at.createdAt,
  };
  const account = accountOf(scope, intent, choice, options);
  return account && { intent, account, surroundings: surroundingsOf(choice, options.settings) };
}

const MAX_OPEN_APPROVALS = 1;

function surroundingsOf({ at, spending }: Choice, { baseCurrency }: Settings): Surroundings {
  const { currency, baseMinor } = spending;
  const isForeign = currency !== baseCurrency && baseMinor !== null;
  const [effectiveAt, recordedAt] = [at.createdAt, at.createdAt];
  const rate: FxRate = { id: 'fxr', currency, baseCurrency, rate: '1', effectiveAt, revision: 1, recordedAt };
  return { rates: isForeign ? [rate] : [], shared: [], maxOpenApprovals: MAX_OPEN_APPROVALS };
}

/** Null where the counts that conditions ask for cannot be an agent's. */
function accountOf(
  scope: Scope,
  intent: SubmittedIntent,
  { at, spending, riskLevel, past }: Choice,
  { organizationId, settings }: RealIntentOptions,
): Account | null {
  const first = (field: string) => scope.candidates.get(field)?.[0]?.value;
  const activity = activityOf(scope, intent, organizationId, past.duplicates);
  if (!activity) return null;
  const mean = past.timesTheMean === null ? 0n : meanOf(spending.baseMinor ?? 0n, past.timesTheMean);
  const account: Account = {
    organizationId,
    agentId: intent.agentId,
    name: String(first('agent_name')),
    riskLevel,
    status: 'active',
    dailyLimit: null,
    monthlyLimit: null,
    ownerId: null,
    historyCount: mean > 0n ? PAYMENTS : 0,
    historySum: mean * BigInt(PAYMENTS),
    openApprovals: 0,
    tolerancePercent: null,
    wallet: walletOf(first('wallet_balance'), settings),
    budgets: new Map(),
    activity,
    merchants: merchantsSeen(scope, intent, organizationId, at.date, settings),
    pieces: new Map(),
  };
  const [day, month] = [at.date, monthStart(at.date)];
  putBudget(account, { kind: 'day', start: day, spent: spending.dailyMinor, held: 0n });
  putBudget(account, { kind: 'month', start: month, spent: spending.monthlyMinor, held: 0n });
  return account;
}

/** So many that their mean says something. */
const PAYMENTS = 10;

function meanOf(amount: bigint, times: number): bigint {
  return (amount * 4n) / BigInt(Math.round(times * 4));
}

/** A count that is not below another and that conditions may have. */
function countFrom(scope: Scope, field: string, least: number): number | undefined {
  const literals = scope.literals.get(field) ?? [];
  const counts = [least, ...(scope.candidates.get(field) ?? []).map(({ value }) => Number(value))];
  return counts.find((count) => count >= least && literals.every(({ test, wanted }) => test.holds(count) === wanted));
}

function activityOf(
  scope: Scope,
  intent: SubmittedIntent,
  organizationId: string,
  duplicates: number,
): Activity | null {
  const lastHour = countFrom(scope, 'intents_last_hour', duplicates);
  const lastDay = lastHour === undefined ? undefined : countFrom(scope, 'intents_last_day', lastHour);
  if (lastHour === undefined || lastDay === undefined) return null;
  const atMs = Date.parse(intent.createdAt);
  const merchant = merchantKey(organizationId, intent.merchant)?.slice(0, 8) ?? '';
  const { amountMinor, currency } = intent.money;
  const twin: RecentIntent = [atMs, merchant, amountMinor, currency];
  return {
    ...emptyActivity(),
    steps: lastHour > 0 ? [[Math.floor(atMs / STEP_MS), lastHour]] : [],
    hours: lastDay > 0 ? [[Math.floor(atMs / HOUR_MS), lastDay]] : [],
    recent: Array.from({ length: duplicates }, () => twin),
  };
}

function toMinor(value: unknown, { baseExponent }: Settings): bigint {
  return BigInt(value as number | bigint) / 10n ** BigInt(COMPARED_DECIMALS - baseExponent);
}

function walletOf(balance: unknown, settings: Settings): Wallet | null {
  if (balance === undefined) return null;
  return { mode: 'tracked', balance: toMinor(balance, settings), held: 0n, entries: [] };
}

/** What was spent at the intent's merchant was spent the day before: today's payments would make other risks. */
function merchantsSeen(
  scope: Scope,
  { merchant }: SubmittedIntent,
  organizationId: string,
  date: string,
  settings: Settings,
): Map<string, MerchantHistory> {
  const key = merchantKey(organizationId, merchant);
  if (key === null) return new Map();
  const known = (field: string) => scope.candidates.get(field)?.find(({ value }) => value !== undefined)?.value;
  const seen = known('merchant_seen_before') === true;
  const spent = toMinor(known('merchant_spend_30d') ?? 0, settings);
  const days = spent > 0n ? [[dayNumber(date) - 1, { spent, count: 1, largest: spent }] as const] : [];
  return new Map([[key, { seen, days: new Map(days) }]]);
}
