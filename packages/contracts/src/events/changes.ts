import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';

/** One field of an object before and after; the values are canonical JSON, null where the object did not exist. */
export const changesSchema = z.array(
  z.object({ field: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
);
export type Changes = z.infer<typeof changesSchema>;

/** The fields of `after` that differ from those of `before`, in the order of `after`. */
export function changesBetween<T extends object>(before: Readonly<T> | null, after: Readonly<T>): Changes {
  const old = before as Readonly<Record<string, unknown>> | null;
  return Object.entries(after)
    .map(([field, value]) => ({
      field,
      before: old === null ? null : canonicalJson(old[field] ?? null),
      after: canonicalJson(value ?? null),
    }))
    .filter((change) => change.before !== change.after);
}
