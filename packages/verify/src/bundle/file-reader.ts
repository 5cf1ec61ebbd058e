import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { BundleSource } from '../source/bundle-source.ts';
import { type Faults, isFormatFault } from './faults.ts';

/** Reads a file chunk by chunk and digests it on the way. Damage ends the file and is noted as a fault. */
export class FileReader {
  readonly name: string;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #faults: Faults;
  readonly #sha256 = createHash('sha256');
  #bytes = 0;
  #hasEnded = false;

  constructor(source: BundleSource, name: string, faults: Faults) {
    this.name = name;
    this.#chunks = source.stream(name)[Symbol.asyncIterator]();
    this.#faults = faults;
  }

  /** Null at the end. */
  async next(): Promise<Buffer | null> {
    if (this.#hasEnded) return null;
    try {
      const { done, value } = await this.#chunks.next();
      if (!done) {
        this.#sha256.update(value);
        this.#bytes += value.length;
        return value;
      }
    } catch (error) {
      if (!isFormatFault(error)) throw error;
      this.#faults.add(this.name, error.message);
    }
    this.#hasEnded = true;
    return null;
  }

  /** Reads what is left. */
  async finish(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    while ((await this.next()) !== null);
    return { bytes: this.#bytes, sha256: this.#sha256.digest('hex') };
  }

  /** Bytes that are no UTF-8 are a fault: each reader would make another text of them. */
  decode(bytes: Buffer, place = this.name): string {
    if (!isUtf8(bytes)) this.#faults.add(place, 'it is not UTF-8');
    return bytes.toString('utf8');
  }

  /** The whole file, which must be short. */
  async text(): Promise<string> {
    const chunks: Buffer[] = [];
    for (let chunk = await this.next(); chunk !== null; chunk = await this.next()) {
      if (this.#bytes > MAX_TEXT_BYTES) {
        this.#faults.add(this.name, `it is longer than the ${MAX_TEXT_BYTES} bytes that such a file has at most`);
        break;
      }
      chunks.push(chunk);
    }
    return this.decode(Buffer.concat(chunks));
  }
}

/** More than any manifest or proof has. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;
