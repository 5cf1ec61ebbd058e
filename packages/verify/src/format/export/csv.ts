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
 * Letters, digits and most punctuation at the start of a text of one line without quotes: nearly every cell, which stands
 * between quotes as it is.
 */
const PLAIN = /^[\w#$%&(),./:;<>?[\\\]^{|}~!*][^"\r\n]*$/;

/** RFC 4180: comma, CRLF, every cell in quotes, one header line. */
export function csvHeader(columns: Columns): string {
  return line(Object.keys(columns).map(quote));
}

/** @param onEscape told of every cell that got an apostrophe */
export function csvRow(columns: Columns, record: ExportRecord, onEscape: () => void = () => undefined): string {
  const cells: string[] = [];
  for (const column in columns) {
    const value = record[column] ?? null;
    cells.push(columns[column] === 'number' ? numberCell(value) : textCell(value, onEscape));
  }
  return line(cells);
}

function numberCell(value: Cell): string {
  if (value === null) return '""';
  return typeof value === 'number' ? `"${value}"` : quote(value);
}

function textCell(value: Cell, onEscape: () => void): string {
  if (value === null) return '""';
  const text = String(value);
  if (text.length <= MAX_CELL_LENGTH && PLAIN.test(text)) return `"${text}"`;
  const safe = csvText(text);
  if (safe.length === text.length + 1) onEscape();
  return quote(safe);
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
