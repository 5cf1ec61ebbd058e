import { z } from 'zod';

export const MAX_PAGE_LIMIT = 100;
export const DEFAULT_PAGE_LIMIT = 20;

/** Totals are counted up to here; beyond it they are null, because counting would cost more than it tells. */
export const MAX_COUNTED_TOTAL = 10_000;

/** A whole number in a query string. */
export function queryInteger(range: { min: number; max: number }) {
  const message = `must be a whole number from ${range.min} to ${range.max}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .refine((value) => value >= range.min && value <= range.max, message)
    .meta({ override: { type: 'integer', minimum: range.min, maximum: range.max, pattern: undefined } });
}

const limit = queryInteger({ min: 1, max: MAX_PAGE_LIMIT });
const offset = queryInteger({ min: 0, max: 2_147_483_647 }).meta({ description: 'Entries to skip.' });
const cursor = z
  .string()
  .min(1)
  .max(512)
  .meta({ description: '`nextCursor` of the page before: depth without cost. It and `offset` exclude each other.' });

/** Query parameters of a list that always comes in pages. */
export const pageQuery = {
  limit: limit.default(DEFAULT_PAGE_LIMIT).meta({ description: `Entries a page. Default: ${DEFAULT_PAGE_LIMIT}.` }),
  offset: offset.optional(),
  cursor: cursor.optional(),
};

/** Query parameters of a list that comes whole unless a page of it is asked for. */
export const wholeOrPageQuery = {
  limit: limit.optional().meta({ description: 'Entries a page. Absent: the whole list, unless `cursor` is given.' }),
  offset: offset.optional(),
  cursor: cursor.optional(),
};

/** A query in which `offset` and `cursor` exclude each other. */
export function withOnePosition<S extends z.ZodType<{ offset?: number | undefined; cursor?: string | undefined }>>(
  schema: S,
) {
  return schema.refine((query) => !query.offset || !query.cursor, {
    path: ['cursor'],
    message: 'must not come with offset',
  });
}

export const paginationSchema = z
  .object({
    limit: z.int().meta({ description: 'The page size asked for; of a whole list, its length.' }),
    offset: z.int(),
    total: z
      .int()
      .nullable()
      .meta({ description: `Exact to ${MAX_COUNTED_TOTAL}, then null.` }),
    hasMore: z.boolean(),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'Pagination' });
export type Pagination = z.infer<typeof paginationSchema>;

/** The answer of every list. */
export function listOf<S extends z.ZodType>(item: S) {
  return z.object({ data: z.array(item), pagination: paginationSchema });
}
