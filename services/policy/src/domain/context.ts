import type { DecisionContext } from '@aegis/contracts/events/intents';
import { type Account, budgetsOn, historyMean } from './account.ts';
import { localTime } from './calendar.ts';
import { comparableSum } from './exact.ts';
import { observeFeatures } from './features/observe.ts';
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
  thresholds: readonly bigint[],
): DecisionContext {
  const { date, dayOfWeek, hourOfDay, dayOfMonth } = localTime(Date.parse(intent.createdAt), settings.timeZone);
  const { daily, monthly } = budgetsOn(account, date);
  const amountBaseMinor = baseAmount(intent, settings)?.toString() ?? null;
  return {
    baseCurrency: settings.baseCurrency,
    baseExponent: settings.baseExponent,
    amountBaseMinor,
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
    features: observeFeatures(intent, account, { date, hourOfDay, amountBaseMinor }, thresholds),
  };
}

/** The amount in minor units of the base currency; null without an exchange rate. */
export function baseAmount({ money }: SubmittedIntent, settings: Settings): bigint | null {
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
  return new ObservedFields(intent, context, riskScore);
}

/** Each field is worked out when a condition looks at it; most decisions look at few. */
class ObservedFields implements Fields {
  readonly #intent: SubmittedIntent;
  readonly #context: DecisionContext;
  readonly #riskScore: string;

  constructor(intent: SubmittedIntent, context: DecisionContext, riskScore: string) {
    this.#intent = intent;
    this.#context = context;
    this.#riskScore = riskScore;
  }

  get amount() {
    const { amountMinor, exponent } = this.#intent.money;
    return comparableSum(exponent, amountMinor);
  }
  get amount_base() {
    const { amountBaseMinor } = this.#context;
    return amountBaseMinor === null ? undefined : this.#sum(amountBaseMinor);
  }
  get currency() {
    return this.#intent.money.currency;
  }
  get confidence() {
    return Number(this.#intent.confidence);
  }
  get reason() {
    return this.#intent.reason;
  }
  get merchant() {
    return caseless(this.#intent.merchant);
  }
  get merchant_category() {
    return caseless(this.#intent.merchantCategory);
  }
  get agent_id() {
    return this.#intent.agentId;
  }
  get agent_name() {
    return this.#context.agentName;
  }
  get agent_risk_level() {
    return this.#context.agentRiskLevel;
  }
  get risk_score() {
    return Number(this.#riskScore);
  }
  get day_of_week() {
    return this.#context.dayOfWeek;
  }
  get hour_of_day() {
    return this.#context.hourOfDay;
  }
  get day_of_month() {
    return this.#context.dayOfMonth;
  }
  get date() {
    return this.#context.date;
  }
  get daily_spend() {
    return this.#sum(this.#context.dailySpentMinor, this.#context.dailyHeldMinor);
  }
  get monthly_spend() {
    return this.#sum(this.#context.monthlySpentMinor, this.#context.monthlyHeldMinor);
  }
  get daily_spend_after() {
    const { amountBaseMinor, dailySpentMinor, dailyHeldMinor } = this.#context;
    return amountBaseMinor === null ? undefined : this.#sum(dailySpentMinor, dailyHeldMinor, amountBaseMinor);
  }
  get monthly_spend_after() {
    const { amountBaseMinor, monthlySpentMinor, monthlyHeldMinor } = this.#context;
    return amountBaseMinor === null ? undefined : this.#sum(monthlySpentMinor, monthlyHeldMinor, amountBaseMinor);
  }
  get intents_last_hour() {
    return this.#context.features?.intentsLastHour ?? 0;
  }
  get intents_last_day() {
    return this.#context.features?.intentsLastDay ?? 0;
  }
  get merchant_seen_before() {
    return this.#context.features?.merchant?.seenBefore;
  }
  get merchant_spend_30d() {
    const merchant = this.#context.features?.merchant;
    return merchant ? this.#sum(merchant.spend30dMinor) : undefined;
  }
  get metadata() {
    return this.#intent.metadata;
  }

  #sum(one: string, two?: string, three?: string) {
    return comparableSum(this.#context.baseExponent, one, two, three);
  }
}

/** Text that compares without case; a blank one is as good as none, and must not pass for a value. */
function caseless(text: string | null): string | undefined {
  return text === null || text.trim() === '' ? undefined : text.toLowerCase();
}
