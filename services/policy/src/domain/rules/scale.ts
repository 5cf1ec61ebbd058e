import type { Operand } from './operand.ts';

/**
 * Splits the values of an ordered field at the constants that conditions name. With m of them there are 2m + 1 places:
 * 2i + 1 is the constant i itself, 2i lies before it, 2m behind the last. All values of a place answer every ordered
 * condition of the field alike.
 */
export class Scale {
  readonly #constants: readonly Operand[];

  constructor(constants: Iterable<Operand>) {
    const sorted = [...constants].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    this.#constants = sorted.filter((value, index) => index === 0 || value !== sorted[index - 1]);
  }

  get size(): number {
    return 2 * this.#constants.length + 1;
  }

  placeOf(value: Operand): number {
    let low = 0;
    let high = this.#constants.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#constants[middle] as Operand) < value) low = middle + 1;
      else high = middle;
    }
    return this.#constants[low] === value ? 2 * low + 1 : 2 * low;
  }
}
