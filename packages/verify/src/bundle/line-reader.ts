import type { Faults } from './faults.ts';
import type { FileReader } from './file-reader.ts';

const LINE_FEED = 0x0a;
/** Longer than any line of a bundle: a leaf has 65,535 bytes at most, its disclosures a few of these. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Reads a file line by line, in memory for one chunk and one line. A last line without its line feed is a fault. */
export class LineReader {
  readonly #file: FileReader;
  readonly #faults: Faults;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  #number = 0;

  constructor(file: FileReader, faults: Faults) {
    this.#file = file;
    this.#faults = faults;
  }

  /** Lines read so far. */
  get number(): number {
    return this.#number;
  }

  get place(): string {
    return `${this.#file.name} line ${this.#number}`;
  }

  /** Null at the end. */
  async next(): Promise<string | null> {
    for (;;) {
      const end = this.#chunk.indexOf(LINE_FEED, this.#at);
      if (end >= 0) {
        const line = this.#chunk.subarray(this.#at, end);
        this.#at = end + 1;
        this.#number += 1;
        return this.#file.decode(line, this.place);
      }
      const rest = this.#chunk.subarray(this.#at);
      const more = rest.length > MAX_LINE_BYTES ? null : await this.#file.next();
      this.#at = 0;
      this.#chunk = more === null ? Buffer.alloc(0) : Buffer.concat([rest, more]);
      if (more !== null) continue;
      if (rest.length > 0)
        this.#faults.add(`${this.#file.name} line ${this.#number + 1}`, 'the line does not end, or is too long');
      return null;
    }
  }
}
