import type { Test } from './condition-test.ts';
import type { Frame } from './frame.ts';
import type { Operand } from './operand.ts';
import { Scale } from './scale.ts';
import { put, spanOn } from './selectivity.ts';
import type { Source } from './source.ts';

/** A policy and conditions that must all hold for it to match. */
export interface Candidate {
  readonly rank: number;
  readonly tests: readonly Test[];
}

/** Ordered conditions are told apart by so many of the constants that they name. */
const MAX_BOUNDS = 63;
const MAX_VALUES = 255;
/** A field is worth its look when one policy in so many has a condition on it. */
const RARE_FIELD = 8;
const WORD = 32;

/**
 * Policies that no single condition tells apart well, by all of their conditions together: for each field, and each value
 * or stretch of values of it, one bit a policy says whether it can still match. The bits of all fields together leave few
 * to be asked, at a thirty-second of an operation for each policy and field.
 */
export class BitmapSource implements Source {
  readonly #ranks: Int32Array;
  readonly #words: number;
  readonly #all: Int32Array;
  readonly #families: readonly Family[];
  /** By family, where the row for the present intent begins. */
  readonly #rows: Int32Array;
  readonly first: number;

  /** @param candidates in ascending order of rank */
  constructor(candidates: readonly Candidate[], slotOf: (field: string) => number) {
    this.#ranks = Int32Array.from(candidates, ({ rank }) => rank);
    this.#words = Math.ceil(candidates.length / WORD);
    const builder = new RowBuilder(candidates, this.#words);
    this.#all = Int32Array.from(builder.row(() => true));
    this.#families = familiesOf(candidates, builder, slotOf);
    this.#rows = new Int32Array(this.#families.length);
    this.first = candidates[0]?.rank ?? Number.POSITIVE_INFINITY;
  }

  search(frame: Frame, best: number): number {
    const [families, rows, words] = [this.#families, this.#rows, this.#words];
    for (let index = 0; index < families.length; index += 1) {
      const family = families[index] as Family;
      rows[index] = family.rowOf(frame.value(family.slot)) * words;
    }
    for (let word = 0; word < words && (this.#ranks[word * WORD] ?? best) < best; word += 1) {
      let bits = this.#all[word] ?? 0;
      for (let index = 0; bits !== 0 && index < families.length; index += 1) {
        bits &= families[index]?.bits[(rows[index] ?? 0) + word] ?? 0;
      }
      for (; bits !== 0; bits &= bits - 1) {
        const rank = this.#ranks[word * WORD + 31 - Math.clz32(bits & -bits)] ?? best;
        if (rank >= best) return best;
        if (frame.accepts(rank)) return rank;
      }
    }
    return best;
  }
}

/** The bits of one field: rows of one bit a policy. */
interface Family {
  readonly slot: number;
  readonly bits: Int32Array;
  /** The number of the row for a value; undefined is missing. */
  rowOf(value: unknown): number;
}

type FieldTests = ReadonlyMap<Candidate, readonly Test[]>;

class RowBuilder {
  readonly #candidates: readonly Candidate[];
  readonly #words: number;

  constructor(candidates: readonly Candidate[], words: number) {
    this.#candidates = candidates;
    this.#words = words;
  }

  /** One bit a policy: whether it can match. */
  row(canMatch: (candidate: Candidate) => boolean): number[] {
    const row = Array<number>(this.#words).fill(0);
    for (const [index, candidate] of this.#candidates.entries()) {
      if (canMatch(candidate))
        row[Math.floor(index / WORD)] = (row[Math.floor(index / WORD)] ?? 0) | (1 << (index % WORD));
    }
    return row;
  }
}

function familiesOf(
  candidates: readonly Candidate[],
  builder: RowBuilder,
  slotOf: (field: string) => number,
): Family[] {
  const ordered = new Map<string, Map<Candidate, Test[]>>();
  const single = new Map<string, Map<Candidate, Test[]>>();
  for (const candidate of candidates) {
    for (const test of candidate.tests) {
      const group = isSingle(test) ? single : isOrdered(test) ? ordered : null;
      if (!group) continue;
      put(
        put(group, test.field, () => new Map<Candidate, Test[]>()),
        candidate,
        () => [],
      ).push(test);
    }
  }
  const families: Family[] = [];
  const isFrequent = (tests: FieldTests) => tests.size * RARE_FIELD >= candidates.length;
  for (const [field, tests] of ordered) if (isFrequent(tests)) families.push(spanFamily(slotOf(field), tests, builder));
  for (const [field, tests] of single) {
    const family = isFrequent(tests) ? valueFamily(slotOf(field), tests, builder) : null;
    if (family) families.push(family);
  }
  return families;
}

/** A row for each place of a coarse scale. A place that a span has a part in counts as covered. */
function spanFamily(slot: number, tests: FieldTests, builder: RowBuilder): Family {
  const constants = new Scale([...tests.values()].flat().flatMap(({ operands }) => operands)).constants;
  const step = Math.ceil(constants.length / MAX_BOUNDS);
  const scale = new Scale(constants.filter((_, index) => index % step === 0));
  const spans = new Map([...tests].map(([candidate, list]) => [candidate, list.map((test) => spanOn(scale, test))]));
  const rows = Array.from({ length: scale.size }, (_, place) =>
    builder.row((candidate) => {
      return spans.get(candidate)?.every((span) => span && span.from <= place && place <= span.to) ?? true;
    }),
  );
  const missing = rows.push(builder.row((candidate) => !tests.has(candidate))) - 1;
  return { slot, bits: Int32Array.from(rows.flat()), rowOf: placeOrMissing(scale, missing) };
}

/** A row for each value that is named, one for all others, one for none. */
function valueFamily(slot: number, tests: FieldTests, builder: RowBuilder): Family | null {
  const values = new Set<Operand>([...tests.values()].flat().flatMap(({ operands }) => operands));
  if (values.size > MAX_VALUES) return null;
  const rowFor = (holds: (test: Test) => boolean) =>
    builder.row((candidate) => tests.get(candidate)?.every(holds) ?? true);
  const rows = [...values].map((value) => rowFor((test) => test.holds(value)));
  const other = rows.push(rowFor(({ operator }) => operator === 'neq' || operator === 'not_in')) - 1;
  const missing = rows.push(rowFor(({ whenMissing }) => whenMissing)) - 1;
  const numbers = new Map<unknown, number>([...values].map((value, index) => [value, index]));
  return { slot, bits: Int32Array.from(rows.flat()), rowOf: valueOr(numbers, other, missing) };
}

// Made in functions of their own, so that they keep nothing alive but what they use.
function placeOrMissing(scale: Scale, missing: number): Family['rowOf'] {
  return (value) => scale.placeOf(value) ?? missing;
}

function valueOr(rows: ReadonlyMap<unknown, number>, other: number, missing: number): Family['rowOf'] {
  return (value) => (value === undefined ? missing : (rows.get(value) ?? other));
}

function isSingle({ operator }: Test): boolean {
  return operator === 'eq' || operator === 'neq' || operator === 'in' || operator === 'not_in';
}

function isOrdered(test: Test): boolean {
  return ['gt', 'gte', 'lt', 'lte', 'between'].includes(test.operator);
}
