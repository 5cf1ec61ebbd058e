import type { DecisionContext, Risk } from '@aegis/contracts/events/intents';
import { formatAmount } from '@aegis/contracts/money';

/** A change of any number below makes a new model: recorded scores stay explainable. */
export const RISK_MODEL = 'aegis-risk/2';

/** The parts of a decision's context that the score is made of, beside the agent's confidence. */
export type RiskFacts = Pick<
  DecisionContext,
  | 'agentRiskLevel'
  | 'amountBaseMinor'
  | 'baseCurrency'
  | 'baseExponent'
  | 'historyCount'
  | 'historyMeanMinor'
  | 'hourOfDay'
  | 'features'
>;

type Factor = Risk['factors'][number];

/** What one factor adds, in millionths, and why. */
interface Share {
  readonly name: string;
  readonly micros: bigint;
  readonly detail: string;
}

/** Scores are counted in millionths: integers do not drift between machines. */
const ONE = 1_000_000n;

const LEVEL_WEIGHTS = { low: 20_000n, medium: 100_000n, high: 300_000n } as const;
const LOW_CONFIDENCE_WEIGHT = 250_000n;
const HISTORY_WEIGHT = 350_000n;
const NO_HISTORY_WEIGHT = 50_000n;
const UNUSUAL_HOUR_WEIGHT = 100_000n;
const NEW_MERCHANT_WEIGHT = 80_000n;
const VELOCITY_WEIGHT = 250_000n;
const DUPLICATE_WEIGHT = 100_000n;
const DUPLICATE_MAX = 3;
const JUST_UNDER_WEIGHT = 50_000n;
const PIECE_WEIGHT = 150_000n;
const PIECES_MAX = 3;

/** Payments before the mean says anything. */
const HISTORY_MIN_COUNT = 5;
/** Multiples of the mean at which the factor starts and at which it is whole. */
const HISTORY_FROM = 2n;
const HISTORY_TO = 10n;
/** Local hours, from 0, before the working day: unusual for an agent whose habits are not known. */
const QUIET_HOURS = 6;
/** Intents before the agent's own hours say what is usual; the share of them below which an hour is not. */
const HOURS_MIN_COUNT = 20;
const UNUSUAL_SHARE = 50;
/** Intents in an hour that are never too many, and the multiple of the day's mean hour that is. */
const VELOCITY_FLOOR = 10;
const VELOCITY_TIMES = 4;

/**
 * A score between 0 and 1 with the factors that add up to it; a factor that adds nothing is left out.
 *
 * @param confidence decimal text from 0 to 1
 */
export function assessRisk(facts: RiskFacts, confidence: string): Risk {
  const shares = [
    agentRiskLevel(facts),
    lowConfidence(confidence),
    amountAgainstHistory(facts),
    unusualHour(facts),
    newMerchant(facts),
    velocity(facts),
    nearDuplicate(facts),
    structuring(facts),
  ].filter((share): share is Share => share !== null && share.micros > 0n);
  const total = shares.reduce((sum, { micros }) => sum + micros, 0n);
  const factors: Factor[] = shares.map(({ name, micros, detail }) => ({
    name,
    contribution: formatRatio(micros),
    detail,
  }));
  return { score: formatRatio(total > ONE ? ONE : total), model: RISK_MODEL, factors };
}

function agentRiskLevel({ agentRiskLevel: level }: RiskFacts): Share {
  return { name: 'agent_risk_level', micros: LEVEL_WEIGHTS[level], detail: `the agent's risk level is ${level}` };
}

function lowConfidence(confidence: string): Share {
  const doubt = ONE - parseRatio(confidence);
  const micros = (doubt * LOW_CONFIDENCE_WEIGHT) / ONE;
  return { name: 'low_confidence', micros, detail: `the agent's confidence is ${confidence}` };
}

function amountAgainstHistory({ amountBaseMinor, historyCount, historyMeanMinor }: RiskFacts): Share {
  const name = 'amount_against_history';
  if (amountBaseMinor === null) return { name, micros: NO_HISTORY_WEIGHT, detail: 'no exchange rate to compare by' };
  const mean = historyMeanMinor === null ? 0n : BigInt(historyMeanMinor);
  if (historyCount < HISTORY_MIN_COUNT || mean <= 0n) {
    return { name, micros: NO_HISTORY_WEIGHT, detail: `fewer than ${HISTORY_MIN_COUNT} earlier payments` };
  }
  const amount = BigInt(amountBaseMinor);
  const micros = rising(amount, HISTORY_FROM * mean, HISTORY_TO * mean, HISTORY_WEIGHT);
  const times = formatRatio(((amount * 10n) / mean) * (ONE / 10n));
  return { name, micros, detail: `${times} times the mean of ${historyCount} earlier payments` };
}

function unusualHour({ hourOfDay, features }: RiskFacts): Share | null {
  const name = 'unusual_hour';
  const when = `submitted in the hour from ${hourOfDay}:00 local time`;
  const { near, all } = features?.usualHour ?? { near: 0, all: 0 };
  if (all < HOURS_MIN_COUNT) {
    return hourOfDay < QUIET_HOURS ? { name, micros: UNUSUAL_HOUR_WEIGHT, detail: when } : null;
  }
  if (near * UNUSUAL_SHARE >= all) return null;
  return { name, micros: UNUSUAL_HOUR_WEIGHT, detail: `${when}, as were ${near} of the agent's ${all} intents` };
}

function newMerchant({ features }: RiskFacts): Share | null {
  if (!features?.merchant || features.merchant.seenBefore) return null;
  return { name: 'new_merchant', micros: NEW_MERCHANT_WEIGHT, detail: 'the agent has never paid this merchant' };
}

function velocity({ features }: RiskFacts): Share | null {
  if (!features) return null;
  const { intentsLastHour, intentsLastDay } = features;
  const meanHour = Math.floor(Math.max(0, intentsLastDay - intentsLastHour) / 23);
  const usual = Math.max(VELOCITY_FLOOR, VELOCITY_TIMES * meanHour);
  const micros = rising(BigInt(intentsLastHour), BigInt(usual), BigInt(usual * 5), VELOCITY_WEIGHT);
  return { name: 'velocity', micros, detail: `${intentsLastHour} intents in the last hour; up to ${usual} are usual` };
}

function nearDuplicate({ features }: RiskFacts): Share | null {
  const count = features?.nearDuplicates ?? 0;
  const micros = BigInt(Math.min(count, DUPLICATE_MAX)) * DUPLICATE_WEIGHT;
  return { name: 'near_duplicate', micros, detail: `${count} intents like it in the last hour` };
}

/** The same merchant, however it is spelt, is paid in parts that each stay below an amount which policies look at. */
function structuring({ features, amountBaseMinor, baseCurrency, baseExponent }: RiskFacts): Share | null {
  if (!features?.structuring || amountBaseMinor === null) return null;
  const name = 'structuring';
  const { pieces, piecesMinor, thresholdMinor } = features.structuring;
  const threshold = BigInt(thresholdMinor);
  const amount = BigInt(amountBaseMinor);
  const text = (minor: bigint) => `${formatAmount(minor, baseExponent)} ${baseCurrency}`;
  if (pieces > 0) {
    const micros = BigInt(Math.min(pieces, PIECES_MAX)) * PIECE_WEIGHT;
    const together = text(BigInt(piecesMinor) + amount);
    const detail = `with ${pieces} more in a week ${together} at one merchant, each below ${text(threshold)}`;
    return { name, micros, detail };
  }
  const day = features.merchant;
  if (day && day.todayCount > 1 && BigInt(day.todayLargestMinor) < threshold) {
    const together = BigInt(day.todayMinor) + amount;
    if (together >= threshold) {
      const detail = `with ${day.todayCount} more today ${text(together)} at one merchant, each below ${text(threshold)}`;
      return { name, micros: 2n * PIECE_WEIGHT, detail };
    }
  }
  if (amount * 10n < threshold * 9n) return null;
  return { name, micros: JUST_UNDER_WEIGHT, detail: `just under ${text(threshold)}` };
}

/** From nothing at `from` to the whole weight at `to`. */
function rising(value: bigint, from: bigint, to: bigint, weight: bigint): bigint {
  if (value <= from) return 0n;
  return value >= to ? weight : ((value - from) * weight) / (to - from);
}
/** Millionths of a decimal text such as `0.85`. */
export function parseRatio(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole) * ONE + BigInt(fraction.padEnd(6, '0'));
}

/** Decimal text of millionths, without trailing zeros: `120000n` is `0.12`. */
export function formatRatio(micros: bigint): string {
  const fraction = (micros % ONE).toString().padStart(6, '0').replace(/0+$/, '');
  return fraction === '' ? `${micros / ONE}` : `${micros / ONE}.${fraction}`;
}
