const CHUNK_CHARS = 64 * 1024;

/** Gathers short texts into chunks worth sending. */
export class TextChunks {
  #text = '';

  /** A chunk when there is one; null while more fits. */
  add(text: string): Buffer | null {
    this.#text += text;
    return this.#text.length >= CHUNK_CHARS ? this.take() : null;
  }

  take(): Buffer {
    const chunk = Buffer.from(this.#text);
    this.#text = '';
    return chunk;
  }
}
