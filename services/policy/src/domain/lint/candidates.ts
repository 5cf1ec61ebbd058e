import { POLICY_FIELDS, type PolicyField } from '@aegis/contracts/policy-rules';
import { DAYS_OF_WEEK } from '../calendar.ts';
import { COMPARED_DECIMALS, exact } from '../exact.ts';
import type { Settings } from '../organization.ts';
import type { Test } from '../rules/condition-test.ts';
import { addDays } from './days.ts';

/** A value that a field may have. It stands for all values that the conditions at hand do not tell apart from it. */
export interface Candidate {
  /** In the form that `Fields` has; undefined is missing. */
  readonly value: unknown;
  /** Of amounts in ten-thousandths and of dates: all that it stands for, both ends included. */
  readonly low?: bigint | string;
  readonly high?: bigint | string;
}

/** Stands for metadata that is neither text nor a number nor true or false. */
export const STRUCTURE: unknown = Object.freeze({});

const MISSING: Candidate = { value: undefined };

/** What may be left out, or cannot be known. */
const OPTIONAL: ReadonlySet<string> = new Set<PolicyField>([
  'amount_base',
  'merchant',
  'merchant_category',
  'daily_spend_after',
  'monthly_spend_after',
  'wallet_balance',
  'merchant_seen_before',
  'merchant_spend_30d',
]);

/** What to write where no condition asks for anything in particular. The first is what a witness has by default. */
const PLAIN_TEXTS: Partial<Record<PolicyField, readonly string[]>> = {
  currency: ['USD', 'EUR', 'GBP', 'INR', 'JPY'],
  reason: ['Any reason', 'q', '7'],
  merchant: ['any merchant', 'q', '7'],
  merchant_category: ['any category', 'q', '7'],
  agent_id: ['00000000-0000-7000-8000-000000000000', 'ffffffff-ffff-7fff-bfff-ffffffffffff'],
  agent_name: ['Any agent', 'q', '7'],
  agent_risk_level: ['low', 'medium', 'high'],
  day_of_week: DAYS_OF_WEEK,
};

/** Fields of few texts: nothing else can be there. */
export const VOCABULARIES: ReadonlySet<string> = new Set<PolicyField>(['agent_risk_level', 'day_of_week']);

/**
 * The values of a field that its conditions tell apart. Except for texts, every value that the field can have is like
 * one of them in the answers of all of these conditions; of texts, those are there that a condition names.
 */
export function candidatesOf(field: string, tests: readonly Test[], settings: Settings): readonly Candidate[] {
  const missing = OPTIONAL.has(field) ? [MISSING] : [];
  if (!isField(field)) return [MISSING, ...plain(metadataValues(tests)), { value: STRUCTURE }];
  switch (POLICY_FIELDS[field].type) {
    case 'money':
      // Most agents have no wallet.
      return field === 'wallet_balance'
        ? [MISSING, ...amounts(field, tests, settings)]
        : [...amounts(field, tests, settings), ...missing];
    case 'number':
      return plain(numbers(field, tests));
    case 'text':
      return [...plain(texts(field, tests, settings)), ...missing];
    case 'date':
      return dates(tests);
    case 'boolean':
      return [...plain([true, false]), ...missing];
  }
}

function isField(field: string): field is PolicyField {
  return Object.hasOwn(POLICY_FIELDS, field);
}

function plain(values: Iterable<unknown>): Candidate[] {
  return [...new Set(values)].map((value) => ({ value }));
}

function operandsOf(tests: readonly Test[], type: 'string' | 'number'): unknown[] {
  return tests.flatMap(({ operands }) => operands.filter((operand) => typeof operand === type));
}

function texts(field: PolicyField, tests: readonly Test[], { baseCurrency }: Settings): string[] {
  const words = PLAIN_TEXTS[field] ?? [];
  if (VOCABULARIES.has(field)) return [...words];
  const named = operandsOf(tests, 'string') as string[];
  const first = field === 'currency' ? [baseCurrency] : [];
  // A blank merchant or category is as good as none, and no other text may be empty.
  const isText = (text: string) => (OPTIONAL.has(field) ? text.trim() : text) !== '';
  return [...first, ...words, ...named.filter(isText)];
}

function metadataValues(tests: readonly Test[]): unknown[] {
  const named = operandsOf(tests, 'number') as number[];
  return ['any text', 'q', '7', ...operandsOf(tests, 'string'), ...pointsAround(named), true, false];
}

/** The numbers themselves and one between each two neighbours, below all and above all. */
function pointsAround(named: readonly number[]): number[] {
  const sorted = [...new Set([0, ...named])].toSorted((a, b) => a - b);
  const between = sorted.slice(1).map((high, index) => (sorted[index] ?? high) / 2 + high / 2);
  const [lowest = 0, highest = 0] = [sorted[0], sorted.at(-1)];
  return [...sorted, ...between, lowest - Math.abs(lowest) - 1, highest + Math.abs(highest) + 1];
}

/** Numbers of a field that has only so many of them: hours, days, counts, and shares in millionths. */
function numbers(field: PolicyField, tests: readonly Test[]): number[] {
  const named = operandsOf(tests, 'number') as number[];
  switch (field) {
    case 'hour_of_day':
      return Array.from({ length: 24 }, (_, index) => (index + 12) % 24);
    case 'day_of_month':
      return Array.from({ length: 31 }, (_, index) => index + 1);
    case 'confidence':
      return shares(named).toSorted((a, b) => b - a);
    case 'risk_score':
      return shares(named);
    default:
      return [0, ...named.flatMap((value) => [Math.floor(value), Math.floor(value) + 1])].filter(
        (value) => Number.isSafeInteger(value) && value >= 0,
      );
  }
}

const MILLION = 1_000_000;

function shares(named: readonly number[]): number[] {
  const micros = named.flatMap((value) => [-1, 0, 1].map((step) => Math.round(value * MILLION) + step));
  return [0, ...micros, MILLION].filter((value) => value >= 0 && value <= MILLION).map((value) => value / MILLION);
}

/** No amount that anybody asks for is above. */
const FAR = 10n ** 13n;

/** What anybody expects of an example: some tens, where nothing else is said. */
export const ORDINARY = 500_000n;

/** Runs of amounts that lie between the numbers of conditions, and these numbers themselves. */
function amounts(field: PolicyField, tests: readonly Test[], { baseExponent }: Settings): Candidate[] {
  const unit = 10n ** BigInt(COMPARED_DECIMALS - baseExponent);
  const isAsked = field === 'amount' || field === 'amount_base';
  const named = tests.flatMap(({ operands }) => operands.map((operand) => BigInt(operand as number | bigint)));
  const sorted = [...new Set(named)].toSorted((a, b) => (a < b ? -1 : 1));
  const [lowest, highest] = [sorted[0] ?? 0n, sorted.at(-1) ?? 0n];
  const floor = isAsked ? 1n : field === 'wallet_balance' ? lowest - FAR : 0n;
  const ceiling = (highest > 0n ? highest : 0n) * 4n + FAR;
  const edges = sorted.flatMap((edge, index) => [
    { low: edge, high: edge },
    { low: edge + 1n, high: (sorted[index + 1] ?? ceiling + 1n) - 1n },
  ]);
  return [{ low: floor, high: (sorted[0] ?? ceiling + 1n) - 1n }, ...edges]
    .map(({ low, high }) => ({ low: low < floor ? floor : low, high }))
    .filter(({ low, high }) => low <= high)
    .flatMap((run) => {
      const inUnits = { low: roundUp(run.low, unit), high: roundDown(run.high, unit) };
      if (inUnits.low <= inUnits.high) return [inUnits];
      // Another currency may have more decimals than the base currency.
      return field === 'amount' ? [run] : [];
    })
    .map(({ low, high }) => ({
      low,
      high,
      value: exact(isAsked ? within(ORDINARY, low, high) : within(0n, low, high)),
    }));
}

function mod(value: bigint, unit: bigint): bigint {
  return ((value % unit) + unit) % unit;
}

/** The first multiple of the unit that is not below. */
export function roundUp(value: bigint, unit: bigint): bigint {
  return value + mod(-value, unit);
}

/** The last multiple of the unit that is not above. */
export function roundDown(value: bigint, unit: bigint): bigint {
  return value - mod(value, unit);
}

/** The value of a range that is nearest to another. */
export function within(value: bigint, low: bigint, high: bigint): bigint {
  return value < low ? low : value > high ? high : value;
}

const FIRST_DATE = '1970-01-01';
const LAST_DATE = '9999-12-31';

function dates(tests: readonly Test[]): Candidate[] {
  const sorted = [...new Set(operandsOf(tests, 'string') as string[])].toSorted();
  const before = (date: string | undefined) => (date === undefined ? LAST_DATE : addDays(date, -1));
  const edges = sorted.flatMap((date, index) => [
    { low: date, high: date },
    ...(date < LAST_DATE ? [{ low: addDays(date, 1), high: before(sorted[index + 1]) }] : []),
  ]);
  return [{ low: FIRST_DATE, high: before(sorted[0]) }, ...edges]
    .filter(({ low, high }) => low <= high)
    .toReversed()
    .map(({ low, high }) => ({ low, high, value: low }));
}
