import type { DecisionContext } from '@aegis/contracts/events/intents';
import { type Account, budgetsOn, historyMean } from './account.ts';
import { localTime } from './calendar.ts';
import { comparableAmount } from './exact.ts';
import type { SubmittedIntent } from './intent.ts';
import type { Settings } from './organization.ts';
import type { Fields } from './rules/fields.ts';

/** The event cannot be decided by any rule; it is denied as "Undecidable". The message says why. */
export class UndecidableError extends Error {
  override readonly name = 'UndecidableError';
}

/** Everything beside the submission that a decision may look at, in the form that the decision records. */
export function observe(
  intent: SubmittedIntent,
  settings: Settings,
  account: Account,
  maxOpenApprovals: number,
): DecisionContext {
  const { date, dayOfWeek, hourOfDay, dayOfMonth } = localTime(Date.parse(intent.createdAt), settings.timeZone);
  const { daily, monthly } = budgetsOn(account, date);
  return {
    baseCurrency: settings.baseCurrency,
    baseExponent: settings.baseExponent,
    amountBaseMinor: baseAmount(intent, settings)?.toString() ?? null,
    fxRate: null,
    timeZone: settings.timeZone,
    date,
    dayOfWeek,
    hourOfDay,
    dayOfMonth,
    agentName: account.name,
    agentStatus: account.status,
    agentRiskLevel: account.riskLevel,
    dailyLimitMinor: account.dailyLimit?.toString() ?? null,
    dailySpentMinor: daily.spent.toString(),
    dailyHeldMinor: daily.held.toString(),
    monthlyLimitMinor: account.monthlyLimit?.toString() ?? null,
    monthlySpentMinor: monthly.spent.toString(),
    monthlyHeldMinor: monthly.held.toString(),
    historyCount: account.historyCount,
    historyMeanMinor: historyMean(account)?.toString() ?? null,
    openApprovals: { count: account.openApprovals, limit: maxOpenApprovals },
  };
}

/** The amount in minor units of the base currency; null without an exchange rate. */
function baseAmount({ money }: SubmittedIntent, settings: Settings): bigint | null {
  const amount = BigInt(money.amountMinor);
  if (amount <= 0n) throw new UndecidableError(`the amount ${money.amountMinor} is not positive`);
  if (money.currency !== settings.baseCurrency) return null;
  if (money.exponent !== settings.baseExponent) {
    throw new UndecidableError(`${money.currency} has ${settings.baseExponent} decimals, not ${money.exponent}`);
  }
  return amount;
}

/** What the conditions of policies see. Spending counts what is held: it is gone unless somebody says no. */
export function fieldsOf(intent: SubmittedIntent, context: DecisionContext, riskScore: string): Fields {
  const exponent = context.baseExponent;
  const amountBase = context.amountBaseMinor === null ? null : BigInt(context.amountBaseMinor);
  const daily = BigInt(context.dailySpentMinor) + BigInt(context.dailyHeldMinor);
  const monthly = BigInt(context.monthlySpentMinor) + BigInt(context.monthlyHeldMinor);
  return {
    amount: comparableAmount(BigInt(intent.money.amountMinor), intent.money.exponent),
    amount_base: amountBase === null ? undefined : comparableAmount(amountBase, exponent),
    currency: intent.money.currency,
    confidence: Number(intent.confidence),
    reason: intent.reason,
    merchant: caseless(intent.merchant),
    merchant_category: caseless(intent.merchantCategory),
    agent_id: intent.agentId,
    agent_name: context.agentName,
    agent_risk_level: context.agentRiskLevel,
    risk_score: Number(riskScore),
    day_of_week: context.dayOfWeek,
    hour_of_day: context.hourOfDay,
    day_of_month: context.dayOfMonth,
    date: context.date,
    daily_spend: comparableAmount(daily, exponent),
    monthly_spend: comparableAmount(monthly, exponent),
    daily_spend_after: amountBase === null ? undefined : comparableAmount(daily + amountBase, exponent),
    monthly_spend_after: amountBase === null ? undefined : comparableAmount(monthly + amountBase, exponent),
    metadata: intent.metadata,
  };
}

/** Text that compares without case; a blank one is as good as none, and must not pass for a value. */
function caseless(text: string | null): string | undefined {
  return text === null || text.trim() === '' ? undefined : text.toLowerCase();
}
