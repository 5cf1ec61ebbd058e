import type { DecisionContext } from '@aegis/contracts/events/intents';
import { type Account, historyMean } from './account.ts';
import { localTime } from './calendar.ts';
import { caseless } from './caseless.ts';
import { comparableSum, shortDecimal } from './exact.ts';
import { observeFeatures } from './features/observe.ts';
import { type Conversion, convert, rateAt } from './fx.ts';
import type { SubmittedIntent } from './intent.ts';
import type { Settings } from './organization.ts';
import { budgetsOn, type Purse, type SharedBudget } from './purse.ts';
import type { Fields } from './rules/fields.ts';
import type { Surroundings } from './surroundings.ts';

/** The event cannot be decided by any rule; it is denied as "Undecidable". The message says why. */
export class UndecidableError extends Error {
  override readonly name = 'UndecidableError';
}

/** Everything beside the submission that a decision may look at, in the form that the decision records. */
export function observe(
  intent: SubmittedIntent,
  settings: Settings,
  account: Account,
  { rates, shared, maxOpenApprovals }: Surroundings,
  thresholds: readonly bigint[],
): DecisionContext {
  const createdAtMs = Date.parse(intent.createdAt);
  const { date, dayOfWeek, hourOfDay, dayOfMonth } = localTime(createdAtMs, settings.timeZone);
  const amount = baseAmount(intent, settings, rates, createdAtMs);
  const amountBaseMinor = amount?.amountBase.toString() ?? null;
  return {
    baseCurrency: settings.baseCurrency,
    baseExponent: settings.baseExponent,
    amountBaseMinor,
    fxRate: amount?.rate?.rate ?? null,
    ...(amount?.rate && { fxSource: { rateId: amount.rate.id, effectiveAt: amount.rate.effectiveAt } }),
    timeZone: settings.timeZone,
    date,
    dayOfWeek,
    hourOfDay,
    dayOfMonth,
    agentName: account.name,
    agentStatus: account.status,
    agentRiskLevel: account.riskLevel,
    ...observeMoney(account, shared, date),
    ...(account.tolerancePercent !== null && { settlement: { tolerancePercent: account.tolerancePercent } }),
    historyCount: account.historyCount,
    historyMeanMinor: historyMean(account)?.toString() ?? null,
    openApprovals: { count: account.openApprovals, limit: maxOpenApprovals },
    features: observeFeatures(intent, account, { date, hourOfDay, amountBaseMinor }, thresholds),
  };
}

/** The budgets that an intent of this date counts in and the agent's wallet, as they stand. */
export function observeMoney(
  account: Account,
  shared: readonly SharedBudget[],
  date: string,
): Pick<DecisionContext, keyof ReturnType<typeof observePurse> | 'sharedBudgets' | 'wallet'> {
  const own = observePurse(account, date);
  const { wallet } = account;
  if (shared.length === 0 && !wallet) return own;
  const sharedBudgets = shared.map((budget) => ({ category: budget.category, ...observePurse(budget, date) }));
  return {
    ...own,
    ...(sharedBudgets.length > 0 && { sharedBudgets }),
    ...(wallet && {
      wallet: { mode: wallet.mode, balanceMinor: wallet.balance.toString(), heldMinor: wallet.held.toString() },
    }),
  };
}

function observePurse(purse: Purse, date: string) {
  const { daily, monthly } = budgetsOn(purse, date);
  return {
    dailyLimitMinor: purse.dailyLimit?.toString() ?? null,
    dailySpentMinor: daily.spent.toString(),
    dailyHeldMinor: daily.held.toString(),
    monthlyLimitMinor: purse.monthlyLimit?.toString() ?? null,
    monthlySpentMinor: monthly.spent.toString(),
    monthlyHeldMinor: monthly.held.toString(),
  };
}

/** The amount in minor units of the base currency; null without an exchange rate. */
export function baseAmount(
  { money }: SubmittedIntent,
  settings: Settings,
  rates: Surroundings['rates'],
  atMs: number,
): Conversion | { readonly amountBase: bigint; readonly rate: null } | null {
  const amount = BigInt(money.amountMinor);
  if (amount <= 0n) throw new UndecidableError(`the amount ${money.amountMinor} is not positive`);
  if (money.currency !== settings.baseCurrency) return convertAt(money, settings, rates, atMs);
  if (money.exponent !== settings.baseExponent) {
    throw new UndecidableError(`${money.currency} has ${settings.baseExponent} decimals, not ${money.exponent}`);
  }
  return { amountBase: amount, rate: null };
}

/** An amount of another currency by the rate that holds at an instant; null when there is none. */
export function convertAt(
  money: SubmittedIntent['money'],
  settings: Pick<Settings, 'baseCurrency' | 'baseExponent' | 'fxMaxAgeHours'>,
  rates: Surroundings['rates'],
  atMs: number,
): Conversion | null {
  const { baseCurrency, baseExponent, fxMaxAgeHours: maxAgeHours } = settings;
  const rate = rateAt(rates, { baseCurrency, currency: money.currency, atMs, maxAgeHours });
  if (!rate) return null;
  const amount = { minor: BigInt(money.amountMinor), exponent: money.exponent };
  return { amountBase: convert(amount, rate.rate, baseExponent), rate };
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
    return shortDecimal(this.#intent.confidence);
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
    return shortDecimal(this.#riskScore);
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
  get wallet_balance() {
    const { wallet } = this.#context;
    return wallet && this.#sum((BigInt(wallet.balanceMinor) - BigInt(wallet.heldMinor)).toString());
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
