import { parseDisclosures } from '../format/export/bundle-files.ts';
import type { Disclosures } from '../format/leaf.ts';
import type { Faults } from './faults.ts';
import type { LineReader } from './line-reader.ts';

const NONE: Disclosures = {};

/** Hands out the disclosures of one entry after another; a line that belongs to none is a fault. */
export class DisclosureReader {
  readonly #lines: LineReader;
  readonly #faults: Faults;
  #ahead: { readonly seq: number; readonly disclosures: Disclosures } | null = null;
  #hasEnded = false;

  constructor(lines: LineReader, faults: Faults) {
    this.#lines = lines;
    this.#faults = faults;
  }

  async of(seq: number): Promise<Disclosures> {
    const next = await this.#peek();
    if (next === null || next.seq > seq) return NONE;
    this.#ahead = null;
    if (next.seq === seq) return next.disclosures;
    this.#stray(next.seq);
    return NONE;
  }

  /** Nothing may be left. */
  async end(): Promise<void> {
    const next = await this.#peek();
    if (next !== null) this.#stray(next.seq);
  }

  async #peek() {
    if (this.#ahead !== null || this.#hasEnded) return this.#ahead;
    const line = await this.#lines.next();
    if (line !== null) {
      this.#ahead = parseDisclosures(line);
      if (this.#ahead !== null) return this.#ahead;
      this.#faults.add(this.#lines.place, 'the line does not hold disclosures in canonical form');
    }
    this.#hasEnded = true;
    return null;
  }

  #stray(seq: number): void {
    this.#faults.add(this.#lines.place, `seq ${seq} is out of order, or no entry of this range`);
    this.#hasEnded = true;
    this.#ahead = null;
  }
}
