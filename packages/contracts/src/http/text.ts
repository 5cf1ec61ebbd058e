import { z } from 'zod';

/** Text in a query string. PostgreSQL refuses the NUL character, which no one searches for; bodies never hold it. */
export function queryText(range: { min: number; max: number }) {
  return z
    .string()
    .min(range.min)
    .max(range.max)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must not hold NUL characters');
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}(?:[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2}))?$/;

const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether a time, in UTC, has a year that PostgreSQL reads: it has no year 0, and RFC 3339 none beyond 9999. */
export function isStorableTime(text: string): boolean {
  const atMs = Date.parse(text);
  return atMs >= FIRST_MS && atMs <= LAST_MS;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is a date of the calendar: `Date.parse` makes 2 March of 30 February. */
export function isCalendarDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** A time with its zone that a store can be asked for. */
export function zonedTime(options: { readonly error?: string } = {}) {
  return z.iso
    .datetime({ offset: true, abort: true, ...options })
    .refine(isStorableTime, 'must lie in the years from 1 to 9999');
}

/** A time that a cursor carries, as it was read from the database. */
export const positionTimeSchema = z.iso.datetime().refine(isStorableTime);

/** A point in time in a query string: RFC 3339, or a date alone, which means its midnight in UTC. Becomes a `Date`. */
export const instantQuery = z
  .string()
  .refine(
    (text) => RFC_3339.test(text) && isCalendarDate(text.slice(0, 10)) && isStorableTime(text),
    'must be a time such as 2026-03-05T10:00:00Z or a date such as 2026-03-05 (midnight UTC)',
  )
  .transform((text) => new Date(text));

/** A time in an answer: RFC 3339, UTC, milliseconds. */
export const timestampSchema = z.iso.datetime().meta({ example: '2026-03-05T10:00:00.000Z' });
