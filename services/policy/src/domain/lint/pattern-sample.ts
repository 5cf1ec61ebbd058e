/**
 * A text that a regular expression probably matches, or null for one with parts that this does not read. It knows
 * groups, alternatives, classes, the common escapes and repetitions, and writes the least of each; whoever uses the
 * text checks it.
 */
export function sampleOf(pattern: string): string | null {
  const reader = new Reader(pattern);
  const text = reader.alternatives();
  return reader.atEnd && text !== null ? text : null;
}

const ESCAPES: Readonly<Record<string, string>> = {
  d: '1',
  D: 'a',
  w: 'a',
  W: ' ',
  s: ' ',
  S: 'a',
  b: '',
  B: '',
  A: '',
  z: '',
  n: '\n',
  t: '\t',
};

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The first alternative that is read; the others are read over. */
  alternatives(): string | null {
    let text = this.#sequence();
    while (this.#take('|')) text = text === null ? this.#sequence() : (this.#sequence(), text);
    return text;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #sequence(): string | null {
    let text = '';
    while (!this.atEnd && this.#text[this.#at] !== '|' && this.#text[this.#at] !== ')') {
      const part = this.#repeated();
      if (part === null) return null;
      text += part;
    }
    return text;
  }

  #repeated(): string | null {
    const part = this.#atom();
    if (part === null) return null;
    const quantifier = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.#text.slice(this.#at));
    if (!quantifier) return part;
    const [whole, least] = quantifier;
    this.#at += whole.length;
    return part.repeat(least === undefined ? 1 : Number(least));
  }

  #atom(): string | null {
    const character = this.#text[this.#at] ?? '';
    this.#at += 1;
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      case '.':
        return 'a';
      case '^':
      case '$':
        return '';
      default:
        return character;
    }
  }

  #group(): string | null {
    const flags = /^\?(?:P?<\w+>|[a-z]*:)/.exec(this.#text.slice(this.#at));
    this.#at += flags?.[0].length ?? 0;
    const text = this.alternatives();
    return this.#take(')') ? text : null;
  }

  #escape(): string | null {
    const character = this.#text[this.#at] ?? '';
    this.#at += 1;
    if (/[a-zA-Z0-9]/.test(character)) return ESCAPES[character] ?? null;
    return character === '' ? null : character;
  }

  /** The first member of a class that says what is in it. */
  #class(): string | null {
    const found = /^(?:\\(.)|([^\]^\\[]))(?:[^\]\\[]|\\.)*\]/.exec(this.#text.slice(this.#at));
    if (!found) return null;
    this.#at += found[0].length;
    const [, escaped, plain] = found;
    return escaped === undefined ? (plain ?? null) : (ESCAPES[escaped] ?? escaped);
  }
}
