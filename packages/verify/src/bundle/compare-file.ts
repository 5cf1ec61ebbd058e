import type { Faults } from './faults.ts';
import type { FileReader } from './file-reader.ts';

const BATCH_CHARS = 64 * 1024;

/** Compares a file, byte for byte, with what the entries give, in memory for one batch. */
export class FileComparison {
  readonly #file: FileReader;
  readonly #faults: Faults;
  #expected = '';
  /** Where in `#expected` the rows of each entry end. */
  #ends: { readonly seq: number; readonly chars: number }[] = [];
  #actual: Buffer = Buffer.alloc(0);
  #offset = 0;
  #differs = false;

  constructor(file: FileReader, faults: Faults) {
    this.#file = file;
    this.#faults = faults;
  }

  /** @param seq the entry that the text is of; null for head and tail */
  async expect(text: string, seq: number | null): Promise<void> {
    if (this.#differs) return;
    this.#expected += text;
    if (seq !== null) this.#ends.push({ seq, chars: this.#expected.length });
    if (this.#expected.length >= BATCH_CHARS) await this.#compare();
  }

  /** Compares what is left; nothing may follow it. */
  async end(): Promise<void> {
    await this.#compare();
    if (this.#differs) return;
    const more = this.#actual.length > 0 ? this.#actual : await this.#file.next();
    if (more !== null) this.#fault(`there is more than the entries give, from byte ${this.#offset} on`);
  }

  async #compare(): Promise<void> {
    const expected = Buffer.from(this.#expected);
    while (this.#actual.length < expected.length) {
      const more = await this.#file.next();
      if (more === null) break;
      this.#actual = this.#actual.length === 0 ? more : Buffer.concat([this.#actual, more]);
    }
    const actual = this.#actual.subarray(0, expected.length);
    if (!actual.equals(expected)) {
      const at = firstDifference(actual, expected);
      const chars = expected.subarray(0, at).toString('utf8').length;
      const entry = this.#ends.find((end) => chars < end.chars);
      const where = entry ? `the row of seq ${entry.seq}` : 'no row';
      this.#fault(`byte ${this.#offset + at}, in ${where}, is not what the entries give`);
    }
    this.#offset += expected.length;
    this.#actual = this.#actual.subarray(expected.length);
    this.#expected = '';
    this.#ends = [];
  }

  #fault(what: string): void {
    this.#differs = true;
    this.#faults.add(this.#file.name, what);
  }
}

function firstDifference(actual: Buffer, expected: Buffer): number {
  let at = 0;
  while (at < actual.length && actual[at] === expected[at]) at += 1;
  return at;
}
