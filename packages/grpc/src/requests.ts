import { actorSchema } from '@aegis/contracts/actor';
import { uuidSchema } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import { z } from 'zod';

/** Who asks, as every request carries it. */
export const callerSchema = z.object({
  organizationId: uuidSchema,
  actor: actorSchema.extend({ role: z.string().nullable().default(null) }),
});

/** @throws ProblemError `invalid_request` naming the fields */
export function parse<S extends z.ZodType>(schema: S, request: object): z.output<S> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new ProblemError('invalid_request', 'the request does not fit its schema', errors);
}
