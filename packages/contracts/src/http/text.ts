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

/** A point in time in a query string: RFC 3339, or a date alone, which means its midnight in UTC. Becomes a `Date`. */
export const instantQuery = z
  .string()
  .refine(
    (text) => RFC_3339.test(text) && !Number.isNaN(Date.parse(text)),
    'must be a time such as 2026-03-05T10:00:00Z or a date such as 2026-03-05 (midnight UTC)',
  )
  .transform((text) => new Date(text));

/** A time in an answer: RFC 3339, UTC, milliseconds. */
export const timestampSchema = z.iso.datetime().meta({ example: '2026-03-05T10:00:00.000Z' });
