import type { z } from 'zod';

/**
 * Marks personal or free text. Such a field never enters an audit leaf in clear (only a salted digest does), and every
 * store can blank it.
 */
export function personal<S extends z.ZodType>(schema: S): S {
  return schema.meta({ personal: true });
}

/** Names of the top-level fields of an event's data that are marked personal. */
export function personalFields(schema: z.ZodObject): string[] {
  return Object.entries(schema.shape)
    .filter(([, field]) => isPersonal(field as z.ZodType))
    .map(([name]) => name);
}

function isPersonal(schema: z.ZodType): boolean {
  return schema.meta()?.['personal'] === true;
}
