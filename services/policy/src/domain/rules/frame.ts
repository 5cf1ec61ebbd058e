import { nextNumber } from '../exact.ts';
import { type Fields, type Reader, readerOf } from './fields.ts';
import type { Formula } from './formula.ts';
import type { Test } from './condition-test.ts';

const ACCEPT = -1;
const REJECT = -2;
/** Numbers of an instruction: kind, test, slot of its value, where to go on when it holds, and when it does not. */
const WIDTH = 5;
/** How a test is run: remembered, as several places ask it; asked anew, as only one does; as a comparison of numbers. */
const [SHARED, SINGLE, RANGE] = [0, 1, 2];

/**
 * The state of one evaluation, reused by the next. Each value is read and each shared test is run at most once an
 * evaluation, when it is first needed: what carries the number of the current evaluation is known, the rest is left over
 * from earlier ones. That a number lies between two others is compared on the spot: faster than to remember.
 *
 * Large sets do not fit the processor's caches, so what is looked at together is kept together.
 */
export class Frame {
  readonly #readers: Reader[] = [];
  readonly #holds: Test['holds'][];
  /** By test, twice its number and one more: the lowest and the highest number of its range. */
  readonly #bounds: Float64Array;
  readonly #slots = new Map<string, number>();
  readonly #code: Int32Array;
  readonly #entries: Int32Array;

  readonly #values: unknown[];
  readonly #read: Float64Array;
  readonly #known: Float64Array;
  readonly #answers: Uint8Array;
  #evaluation = 0;
  #fields: Fields | null = null;

  /** @param formulas in the order of evaluation; a formula's index is its rank */
  constructor(tests: readonly Test[], formulas: readonly Formula[]) {
    this.#holds = tests.map((test) => test.holds);
    const ranges = tests.map(rangeOf);
    this.#bounds = Float64Array.from(ranges.flatMap((range) => (range ? [range.low, range.high] : [0, 0])));
    const slots = tests.map((test) => this.#addSlot(test));
    const code: number[] = [];
    const uses = usesOf(formulas, tests.length);
    const kindOf = (id: number) => (ranges[id] ? RANGE : uses[id] === 1 ? SINGLE : SHARED);
    const instruction = (id: number) => [kindOf(id), id, slots[id] ?? 0];
    this.#entries = Int32Array.from(formulas, (formula) => emit(code, instruction, formula, ACCEPT, REJECT));
    this.#code = Int32Array.from(code);
    this.#values = this.#readers.map(() => undefined);
    this.#read = new Float64Array(this.#readers.length);
    this.#known = new Float64Array(tests.length);
    this.#answers = new Uint8Array(tests.length);
  }

  /** Where the value of a field is kept, which some test looks at. */
  slotOf(field: string): number {
    const slot = this.#slots.get(field);
    if (slot === undefined) throw new Error(`no test looks at ${field}`);
    return slot;
  }

  begin(fields: Fields): void {
    this.#evaluation += 1;
    this.#fields = fields;
  }

  value(slot: number): unknown {
    if (this.#read[slot] === this.#evaluation) return this.#values[slot];
    const value = this.#fields && this.#readers[slot]?.(this.#fields);
    this.#values[slot] = value;
    this.#read[slot] = this.#evaluation;
    return value;
  }

  /** Whether the formula of this rank holds. */
  accepts(rank: number): boolean {
    const code = this.#code;
    let at = this.#entries[rank] ?? REJECT;
    while (at >= 0) at = (this.#holdsAt(at) ? code[at + 3] : code[at + 4]) ?? REJECT;
    return at === ACCEPT;
  }

  #holdsAt(at: number): boolean {
    const id = this.#code[at + 1] ?? 0;
    const slot = this.#code[at + 2] ?? 0;
    const kind = this.#code[at];
    if (kind === SHARED && this.#known[id] === this.#evaluation) return this.#answers[id] === 1;
    const value = this.value(slot);
    if (kind === RANGE && typeof value === 'number') {
      const bounds = this.#bounds;
      return value >= (bounds[2 * id] ?? 0) && value <= (bounds[2 * id + 1] ?? 0);
    }
    const answer = this.#holds[id]?.(value) === true;
    if (kind !== SHARED) return answer;
    this.#answers[id] = answer ? 1 : 0;
    this.#known[id] = this.#evaluation;
    return answer;
  }

  #addSlot({ field, reference }: Test): number {
    let slot = this.#slots.get(field);
    if (slot === undefined) {
      slot = this.#readers.push(readerOf(reference)) - 1;
      this.#slots.set(field, slot);
    }
    return slot;
  }
}

/** The numbers for which an ordered test holds, both included; null for another test, or one that needs a bigint. */
function rangeOf({ operator, operands }: Test): { readonly low: number; readonly high: number } | null {
  const [first, last = first] = operands;
  if (typeof first !== 'number' || typeof last !== 'number') return null;
  switch (operator) {
    case 'gt':
      return { low: nextNumber(first), high: Number.POSITIVE_INFINITY };
    case 'gte':
      return { low: first, high: Number.POSITIVE_INFINITY };
    case 'lt':
      return { low: Number.NEGATIVE_INFINITY, high: -nextNumber(-first) };
    case 'lte':
      return { low: Number.NEGATIVE_INFINITY, high: first };
    case 'between':
      return { low: first, high: last };
    default:
      return null;
  }
}

/** How many places ask each test. */
function usesOf(formulas: readonly Formula[], tests: number): Int32Array {
  const uses = new Int32Array(tests);
  const count = (formula: Formula) => {
    if (formula.kind === 'test') uses[formula.id] = (uses[formula.id] ?? 0) + 1;
    else if ('parts' in formula) formula.parts.forEach(count);
  };
  formulas.forEach(count);
  return uses;
}

/**
 * Appends the formula as instructions that jump to `yes` or `no`, and returns where to enter. The last part is written
 * first, as the parts before it jump to it.
 */
function emit(
  code: number[],
  instruction: (id: number) => readonly number[],
  formula: Formula,
  yes: number,
  no: number,
): number {
  switch (formula.kind) {
    case 'always':
      return yes;
    case 'test':
      return code.push(...instruction(formula.id), yes, no) - WIDTH;
    case 'all':
      return formula.parts.reduceRight((next, part) => emit(code, instruction, part, next, no), yes);
    case 'any':
      return formula.parts.reduceRight((next, part) => emit(code, instruction, part, yes, next), no);
  }
}
