import { hash } from 'node:crypto';
import { BASE_COLUMNS, COLUMNS, type ExportRecord } from './columns.ts';

/** A cell longer than this, in UTF-16 code units, is replaced by its digest: spreadsheets cut it off at 32,767. */
export const MAX_CELL_LENGTH = 32_000;

/**
 * The start of a text that spreadsheets run as a formula: at the start of the cell or of a line within it, after white
 * space (which in JavaScript's \s includes NBSP), one of = + - @, their full-width forms, TAB, CR or LF.
 */
const FORMULA = /(?:^|\r\n|\r(?!\n)|\n)[^\S\t\r\n]*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** RFC 4180: UTF-8 without BOM, comma, CRLF, every cell in quotes, one header line. */
export const CSV_HEADER = csvLine(COLUMNS);

export function csvRow(record: ExportRecord): string {
  return csvLine(
    COLUMNS.map((column) => {
      const value = record[column];
      if (value === null) return '';
      return BASE_COLUMNS[column] === 'number' ? String(value) : csvText(String(value));
    }),
  );
}

/**
 * A text made safe to open in a spreadsheet. One apostrophe goes before a text that would run as a formula, and before
 * one that starts with an apostrophe: taking one leading apostrophe away, where there is one, restores what was recorded.
 */
export function csvText(text: string): string {
  if (text.length > MAX_CELL_LENGTH) return `sha256:${hash('sha256', text)}`;
  return text.startsWith("'") || FORMULA.test(text) ? `'${text}` : text;
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`;
}
