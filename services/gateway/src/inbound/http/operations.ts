import { type Route, route } from '@aegis/http/route';
import type { Readiness } from '@aegis/runtime/service';
import { withoutDetails } from '@aegis/service/checks';
import { z } from 'zod';

const checksSchema = z
  .object({
    ok: z.boolean(),
    checks: z.record(z.string(), z.object({ ok: z.boolean() })),
  })
  .meta({ id: 'Health' });

const tag = 'Operations';

/** Probes for orchestrators. */
export function healthRoutes(readiness: () => Promise<Readiness>): Route[] {
  const livez = route({
    method: 'get',
    path: '/livez',
    operationId: 'livez',
    tag,
    summary: 'Whether the process answers',
    access: 'public',
    responses: { 200: { description: 'It does.', schema: checksSchema } },
    handle: async () => ({ status: 200, body: { ok: true, checks: {} } }),
  });
  const readyz = route({
    method: 'get',
    path: '/readyz',
    operationId: 'readyz',
    tag,
    summary: 'Whether traffic may come',
    access: 'public',
    responses: {
      200: { description: 'It may.', schema: checksSchema },
      503: { description: 'It may not: a check fails.', schema: checksSchema },
    },
    // What is wrong stands in the log: the probe is public.
    async handle() {
      const { ready, checks } = await readiness();
      return { status: ready ? 200 : 503, body: { ok: ready, checks: withoutDetails(checks) } };
    },
  });
  return [livez, readyz];
}
