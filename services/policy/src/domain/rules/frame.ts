import { type Fields, type Reader, readerOf } from './fields.ts';
import type { Formula } from './formula.ts';
import type { Test } from './condition-test.ts';

const ACCEPT = -1;
const REJECT = -2;
/** Numbers of an instruction: the test, and where to go on when it holds and when it does not. */
const WIDTH = 3;

/**
 * The state of one evaluation, reused by the next. Each value is read and each test is run at most once an evaluation,
 * when it is first needed: what carries the number of the current evaluation is known, the rest is left over from
 * earlier ones.
 */
export class Frame {
  readonly #readers: Reader[] = [];
  readonly #holds: Test['holds'][];
  readonly #slotOf: Int32Array;
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
    this.#slotOf = Int32Array.from(tests, (test) => this.#addSlot(test));
    const code: number[] = [];
    this.#entries = Int32Array.from(formulas, (formula) => emit(code, formula, ACCEPT, REJECT));
    this.#code = Int32Array.from(code);
    this.#values = this.#readers.map(() => undefined);
    this.#read = new Float64Array(this.#readers.length);
    this.#known = new Float64Array(tests.length);
    this.#answers = new Uint8Array(tests.length);
  }

  /** Where the value that a test looks at is kept. */
  slotOf(id: number): number {
    return this.#slotOf[id] ?? 0;
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
    while (at >= 0) at = (this.#test(code[at] ?? 0) ? code[at + 1] : code[at + 2]) ?? REJECT;
    return at === ACCEPT;
  }

  #test(id: number): boolean {
    if (this.#known[id] === this.#evaluation) return this.#answers[id] === 1;
    const answer = this.#holds[id]?.(this.value(this.slotOf(id))) === true;
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

/**
 * Appends the formula as instructions that jump to `yes` or `no`, and returns where to enter. The last part is written
 * first, as the parts before it jump to it.
 */
function emit(code: number[], formula: Formula, yes: number, no: number): number {
  switch (formula.kind) {
    case 'always':
      return yes;
    case 'test':
      return code.push(formula.id, yes, no) - WIDTH;
    case 'all':
      return formula.parts.reduceRight((next, part) => emit(code, part, next, no), yes);
    case 'any':
      return formula.parts.reduceRight((next, part) => emit(code, part, yes, next), no);
  }
}
