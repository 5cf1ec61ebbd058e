import { hash } from 'node:crypto';
import type { Cell, Columns, ExportRecord } from './columns.ts';

/** A cell longer than this, in UTF-16 code units, is replaced by its digest: spreadsheets cut it off at 32,767. */
export const MAX_CELL_LENGTH = 32_000;

/** What some spreadsheets need to take a file for UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The start of a text that spreadsheets run as a formula: at the start of the cell or of a line within it, after white
 * space (which in JavaScript's \s includes NBSP), one of = + - @, their full-width forms, TAB, CR or LF.
 */
const FORMULA = /(?:^|\r\n|\r(?!\n)|\n)[^\S\t\r\n]*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/**
 * How nearly every cell of text begins, letters, digits and most punctuation; where it also has neither quotes nor line breaks, it
 * stands between quotes as it is.
 */
const PLAIN_TEXT = '"(?:[\\w#$%&(),./:;<>?[\\\\\\]^{|}~!*][^"\\r\\n]*)?"';
const PLAIN_NUMBER = '"[^"]*"';

/** The rows of a file with these columns by RFC 4180: comma, CRLF, every cell in quotes, one header line. */
export class CsvRows {
  readonly #columns: Columns;
  readonly #onEscape: () => void;
  /** A row all of whose cells are plain. As each cell is without quotes, none can pass for two. */
  readonly #plain: RegExp;

  /** @param onEscape told of every cell that got an apostrophe */
  constructor(columns: Columns, onEscape: () => void = () => undefined) {
    this.#columns = columns;
    this.#onEscape = onEscape;
    const cells = Object.values(columns).map((kind) => (kind === 'number' ? PLAIN_NUMBER : PLAIN_TEXT));
    this.#plain = new RegExp(`^${cells.join(',')}\\r\\n$`);
  }

  header(): string {
    return line(Object.keys(this.#columns).map(quote));
  }

  row(record: ExportRecord): string {
    const cells: Cell[] = [];
    for (const column in this.#columns) cells.push(record[column] ?? null);
    // All at once takes two thirds of looking at each. An empty cell is joined as an empty text.
    const plain = `"${cells.join('","')}"\r\n`;
    return plain.length <= MAX_CELL_LENGTH && this.#plain.test(plain) ? plain : this.#safeRow(cells);
  }

  #safeRow(cells: readonly Cell[]): string {
    const kinds = Object.values(this.#columns);
    return line(cells.map((cell, index) => quote(kinds[index] === 'number' ? String(cell ?? '') : this.#safe(cell))));
  }

  #safe(cell: Cell): string {
    const text = String(cell ?? '');
    const safe = csvText(text);
    if (safe.length === text.length + 1) this.#onEscape();
    return safe;
  }
}

/**
 * A text made safe to open in a spreadsheet. One apostrophe goes before a text that would run as a formula, and before
 * one that starts with an apostrophe: taking one leading apostrophe away, where there is one, restores what was recorded.
 */
export function csvText(text: string): string {
  if (text.length > MAX_CELL_LENGTH) return `sha256:${hash('sha256', text)}`;
  return text.startsWith("'") || FORMULA.test(text) ? `'${text}` : text;
}

function quote(cell: string): string {
  return cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : `"${cell}"`;
}

function line(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`;
}
