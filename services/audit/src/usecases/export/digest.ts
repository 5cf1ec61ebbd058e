import { createHash } from 'node:crypto';

/** Counts and digests bytes on their way. */
export class Digest {
  readonly #sha256 = createHash('sha256');
  #bytes = 0;
  rows = 0;

  update(content: Buffer): void {
    this.#bytes += content.length;
    this.#sha256.update(content);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** May be called once. */
  end(): { readonly bytes: number; readonly sha256: string } {
    return { bytes: this.#bytes, sha256: this.#sha256.digest('hex') };
  }
}

export function digestOf(content: Buffer): { readonly bytes: number; readonly sha256: string } {
  const digest = new Digest();
  digest.update(content);
  return digest.end();
}
