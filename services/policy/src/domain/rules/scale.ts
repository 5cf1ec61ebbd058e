import type { Operand } from './operand.ts';

/**
 * Splits the values of an ordered field at the constants that conditions name. With m of them there are 2m + 1 places:
 * 2i + 1 is the constant i itself, 2i lies before it, 2m behind the last. All values of a place answer every ordered
 * condition of the field alike.
 */
export class Scale {
  /** In ascending order, each once. */
  readonly constants: readonly Operand[];
  readonly #isText: boolean;

  constructor(constants: Iterable<Operand>) {
    const sorted = [...constants].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    this.constants = sorted.filter((value, index) => index === 0 || value !== sorted[index - 1]);
    this.#isText = typeof this.constants[0] === 'string';
  }

  get size(): number {
    return 2 * this.constants.length + 1;
  }

  /** Null for a value that the constants cannot be compared with: it satisfies no ordered condition. */
  placeOf(value: unknown): number | null {
    return isComparable(value) && (typeof value === 'string') === this.#isText ? this.placeOfConstant(value) : null;
  }

  placeOfConstant(value: Operand): number {
    let low = 0;
    let high = this.constants.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.constants[middle] as Operand) < value) low = middle + 1;
      else high = middle;
    }
    return this.constants[low] === value ? 2 * low + 1 : 2 * low;
  }
}

function isComparable(value: unknown): value is Operand {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint';
}
