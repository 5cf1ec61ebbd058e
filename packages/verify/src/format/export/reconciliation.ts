import { hash } from 'node:crypto';
import type { LeafOutline, OutlinedData } from '../leaf-outline.ts';
import { bytesOf } from '../merkle.ts';
import { fieldsOf, textOf } from './fields.ts';

/** What an intent is counted as: once when it was submitted, once when it was decided for good. */
export const COUNTED_AS = ['submitted', 'approved', 'denied'] as const;
export type CountedAs = (typeof COUNTED_AS)[number];

/** An intent as a database or an entry of the log tells it. */
export interface IntentMember {
  readonly intentId: string;
  readonly currency: string;
  /** Minor units as a decimal string. */
  readonly amountMinor: string;
}

/** One count of one intent. */
export interface CountedIntent extends IntentMember {
  readonly as: CountedAs;
}

/** A set of intents. Two sets are the same when these three are. */
export interface SetTotals {
  readonly count: number;
  /** Sum of minor units by currency, as decimal strings. */
  readonly amounts_minor: Readonly<Record<string, string>>;
  /** Hex; see `IntentSets`. */
  readonly set_digest: string;
}

export type IntentTotals = Readonly<Record<CountedAs, SetTotals>>;

/** What the operational database has more than the log, or less where negative. */
export type Deltas = Readonly<Record<CountedAs, Omit<SetTotals, 'set_digest'>>>;

/** What the operational database told about the time of an export, beside the log's own figures. */
export interface Reconciliation {
  readonly source: string;
  readonly compared_by: 'intent_id';
  /** Half-open over the time of creation. Its end is the watermark, where the export's is later or has none. */
  readonly period: Period;
  /** Of the intents created in the period, those whose entries are in the export's range, and those the log lacks. */
  readonly operational: IntentTotals;
  readonly log: IntentTotals;
  readonly deltas: Deltas;
  /** Intents created in the period whose entries stand before or behind the range. */
  readonly recorded_outside: number;
  /** Intents that the two do not agree on, as far as they could be named. */
  readonly differences: { readonly count: number; readonly intents: readonly Difference[] };
}

export interface Difference {
  readonly intent_id: string;
  readonly what: string;
}

/** RFC 3339 UTC in milliseconds. */
export interface Period {
  /** Null: from the beginning. */
  readonly from: string | null;
  readonly to: string;
}

/**
 * Counts intents by what they are counted as; memory does not grow with them. The digest tells sets apart whatever their
 * order: each of its eight 32-bit words is the sum, modulo 2^32, of that word of the SHA-256 of every member's
 * `<intent id> <currency> <minor units>`.
 */
export class IntentSets {
  readonly #sets = { submitted: new IntentSet(), approved: new IntentSet(), denied: new IntentSet() };

  add(intent: CountedIntent): void {
    this.addAs(intent, [intent.as]);
  }

  /** Hashes an intent once for all that it counts as. */
  addAs({ intentId, currency, amountMinor }: IntentMember, as: readonly CountedAs[]): void {
    const minor = BigInt(amountMinor);
    const digest = bytesOf(hash('sha256', `${intentId} ${currency} ${amountMinor}`, 'binary'));
    for (const set of as) this.#sets[set].add(currency, minor, digest);
  }

  totals(): IntentTotals {
    const { submitted, approved, denied } = this.#sets;
    return { submitted: submitted.totals(), approved: approved.totals(), denied: denied.totals() };
  }
}

const DIGEST_WORDS = 8;

class IntentSet {
  #count = 0;
  readonly #amounts = new Map<string, bigint>();
  readonly #digest = new Uint32Array(DIGEST_WORDS);

  add(currency: string, minor: bigint, member: Buffer): void {
    this.#count += 1;
    this.#amounts.set(currency, (this.#amounts.get(currency) ?? 0n) + minor);
    const digest = this.#digest;
    for (let at = 0; at < DIGEST_WORDS; at += 1) digest[at] = (digest[at] ?? 0) + member.readUInt32BE(at * 4);
  }

  totals(): SetTotals {
    const words = [...this.#digest].map((word) => word.toString(16).padStart(8, '0'));
    return {
      count: this.#count,
      amounts_minor: Object.fromEntries([...this.#amounts].map(([currency, sum]) => [currency, String(sum)])),
      set_digest: words.join(''),
    };
  }
}

/** What an entry counts for in a period; null for one that is not about an intent created in it. */
export function countedIn(
  { from, to }: Period,
  { type, data }: Pick<LeafOutline, 'type' | 'data'>,
): CountedIntent | null {
  const as = countedAs(type, data);
  if (as === null) return null;
  const createdAt = textOf(data[as === 'submitted' ? 'createdAt' : 'intentCreatedAt']);
  const money = fieldsOf(data['money']);
  const intentId = textOf(data['intentId']);
  const currency = textOf(money['currency']);
  const amountMinor = textOf(money['amountMinor']);
  if (createdAt === null || !intentId || !currency || !amountMinor || !/^-?\d{1,38}$/.test(amountMinor)) return null;
  if ((from !== null && createdAt < from) || createdAt >= to) return null;
  return { as, intentId, currency, amountMinor };
}

/** Only what moves an intent to its end counts as approved or denied. */
export function countedAs(type: string, data: OutlinedData): CountedAs | null {
  if (type === 'intent.submitted') return 'submitted';
  if (type !== 'intent.decided' || data['final'] !== true) return null;
  return data['outcome'] === 'approved' || data['outcome'] === 'denied' ? data['outcome'] : null;
}

export function deltasOf(operational: IntentTotals, log: IntentTotals): Deltas {
  const [submitted, approved, denied] = COUNTED_AS.map((as) => difference(operational[as], log[as]));
  return { submitted, approved, denied } as Deltas;
}

function difference(ours: SetTotals, theirs: SetTotals): Deltas[CountedAs] {
  const currencies = new Set([...Object.keys(ours.amounts_minor), ...Object.keys(theirs.amounts_minor)]);
  // A currency may be called anything in a manifest that somebody forged, also as a member that every object inherits.
  const of = ({ amounts_minor: sums }: SetTotals, currency: string) =>
    BigInt(Object.hasOwn(sums, currency) ? (sums[currency] ?? 0) : 0);
  return {
    count: ours.count - theirs.count,
    amounts_minor: Object.fromEntries(
      [...currencies].map((currency) => [currency, String(of(ours, currency) - of(theirs, currency))]),
    ),
  };
}

/** Null when a manifest's member is not of this shape. */
export function parseReconciliation(value: unknown): Reconciliation | null {
  const { period, operational, log, deltas, differences, recorded_outside: outside } = fieldsOf(value);
  const { from, to } = fieldsOf(period);
  const { count, intents } = fieldsOf(differences);
  const isOne =
    (from === null || typeof from === 'string') &&
    typeof to === 'string' &&
    [operational, log].every(areTotals) &&
    deltas === fieldsOf(deltas) &&
    [outside, count].every(Number.isSafeInteger) &&
    Array.isArray(intents);
  return isOne ? (value as Reconciliation) : null;
}

function areTotals(value: unknown): boolean {
  return COUNTED_AS.every((as) => {
    const { count, amounts_minor: amounts, set_digest: digest } = fieldsOf(fieldsOf(value)[as]);
    return (
      Number.isSafeInteger(count) &&
      amounts === fieldsOf(amounts) &&
      Object.values(fieldsOf(amounts)).every((sum) => /^-?\d{1,60}$/.test(textOf(sum) ?? '')) &&
      textOf(digest) !== null
    );
  });
}
