import { ProblemError } from '@aegis/contracts/problems';
import { parse } from 'csv-parse/sync';

const COLUMNS = ['currency', 'rate', 'effectiveAt'];

/**
 * Rates from CSV with the header `currency,rate,effectiveAt`, whose last column may be missing or empty, in the form of
 * the JSON body. Every cell stays the text that it is.
 *
 * @throws ProblemError `invalid_request` for what is no such table
 */
export function ratesFromCsv(text: string): unknown {
  const [header = [], ...rows] = records(text);
  const names = header.map((name) => name.trim());
  const unknown = names.filter((name) => !COLUMNS.includes(name));
  if (!names.includes('currency') || !names.includes('rate') || unknown.length > 0) {
    throw refusal('the first line must be currency,rate or currency,rate,effectiveAt');
  }
  return {
    rates: rows.map((cells) =>
      Object.fromEntries(names.map((name, index) => [name, cells[index]?.trim()]).filter(([, cell]) => cell)),
    ),
  };
}

function records(text: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true });
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error));
  }
}

function refusal(message: string): ProblemError {
  return new ProblemError('invalid_request', `the CSV cannot be read: ${message}`, [{ path: '', message }]);
}
