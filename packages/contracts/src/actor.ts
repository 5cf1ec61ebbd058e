import { z } from 'zod';

/** Who caused something: a person, an agent by its key, or one of our own services (a timer, a consumer). */
export const actorSchema = z.object({
  type: z.enum(['human', 'agent', 'service']),
  id: z.string(),
  role: z.string().nullable(),
  authMethod: z.enum(['jwt', 'api_key', 'operator_key', 'internal']),
});
export type Actor = z.infer<typeof actorSchema>;

/** The actor of work a service does on its own account. */
export function serviceActor(service: string): Actor {
  return { type: 'service', id: service, role: null, authMethod: 'internal' };
}
