import type { Risk } from '@aegis/contracts/events/intents';

/** A change of any number below makes a new model: recorded scores stay explainable. */
export const RISK_MODEL = 'aegis-risk/1';

export interface RiskFacts {
  readonly agentRiskLevel: 'low' | 'medium' | 'high';
  /** Decimal text from 0 to 1. */
  readonly confidence: string;
  /** Minor units of the base currency; null when no exchange rate is known. */
  readonly amountBase: bigint | null;
  /** How many payments the agent has made before, and their mean in minor units of the base currency. */
  readonly historyCount: number;
  readonly historyMean: bigint | null;
  readonly hourOfDay: number;
}

type Factor = Risk['factors'][number];

/** Scores are counted in millionths: integers do not drift between machines. */
const ONE = 1_000_000n;

const LEVEL_WEIGHTS = { low: 20_000n, medium: 100_000n, high: 300_000n } as const;
const LOW_CONFIDENCE_WEIGHT = 250_000n;
const HISTORY_WEIGHT = 350_000n;
const NO_HISTORY_WEIGHT = 50_000n;
const UNUSUAL_HOUR_WEIGHT = 100_000n;

/** Payments before the mean says anything. */
const HISTORY_MIN_COUNT = 5;
/** Multiples of the mean at which the factor starts and at which it is whole. */
const HISTORY_FROM = 2n;
const HISTORY_TO = 10n;
/** Local hours, from 0, before the working day. */
const QUIET_HOURS = 6;

/** A score between 0 and 1 with the factors that add up to it; a factor that adds nothing is left out. */
export function assessRisk(facts: RiskFacts): Risk {
  const factors: Factor[] = [];
  let total = 0n;
  const add = (name: string, micros: bigint, detail: string) => {
    if (micros <= 0n) return;
    total += micros;
    factors.push({ name, contribution: formatRatio(micros), detail });
  };
  add('agent_risk_level', LEVEL_WEIGHTS[facts.agentRiskLevel], `the agent's risk level is ${facts.agentRiskLevel}`);
  const doubt = ONE - parseRatio(facts.confidence);
  add('low_confidence', (doubt * LOW_CONFIDENCE_WEIGHT) / ONE, `the agent's confidence is ${facts.confidence}`);
  const history = amountAgainstHistory(facts);
  add('amount_against_history', history.micros, history.detail);
  if (facts.hourOfDay < QUIET_HOURS) {
    add('unusual_hour', UNUSUAL_HOUR_WEIGHT, `submitted in the hour from ${facts.hourOfDay}:00 local time`);
  }
  return { score: formatRatio(total > ONE ? ONE : total), model: RISK_MODEL, factors };
}

function amountAgainstHistory(facts: RiskFacts): { micros: bigint; detail: string } {
  const { amountBase, historyCount, historyMean } = facts;
  if (amountBase === null) return { micros: NO_HISTORY_WEIGHT, detail: 'no exchange rate to compare by' };
  if (historyCount < HISTORY_MIN_COUNT || historyMean === null || historyMean <= 0n) {
    return { micros: NO_HISTORY_WEIGHT, detail: `fewer than ${HISTORY_MIN_COUNT} earlier payments` };
  }
  const above = amountBase - HISTORY_FROM * historyMean;
  const range = (HISTORY_TO - HISTORY_FROM) * historyMean;
  const micros = above <= 0n ? 0n : above >= range ? HISTORY_WEIGHT : (above * HISTORY_WEIGHT) / range;
  const times = formatRatio(((amountBase * 10n) / historyMean) * (ONE / 10n));
  return { micros, detail: `${times} times the mean of ${historyCount} earlier payments` };
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
