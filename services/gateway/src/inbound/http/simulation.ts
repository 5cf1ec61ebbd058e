import { simulateWindowBody, simulationLineSchema } from '@aegis/contracts/http/simulation';
import { type Route, route } from '@aegis/http/route';
import type { Clock } from '@aegis/runtime/clock';
import type { z } from 'zod';
import type { PolicyClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { STREAM_TIMEOUT_MS, streamLines } from './stream-lines.ts';
import { simulationLine } from './views/simulation-view.ts';

export interface SimulationRoutesDeps {
  readonly policy: Pick<PolicyClient, 'simulateWindow'>;
  readonly clock: Clock;
}

const DAY_MS = 86_400_000;

export function simulationRoutes(deps: SimulationRoutesDeps): Route[] {
  return [simulateRoute(deps)];
}

function simulateRoute({ policy, clock }: SimulationRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/policies/simulate',
    operationId: 'simulatePolicies',
    tag: 'Policies',
    summary: 'Replay history against proposed policies',
    description:
      'In the order in which it was decided, each intent at its own date, with budgets, holds and the agents\u2019 past as the proposed policies would have left them, and with the answers that people gave. Lines of JSON tell the progress; the last one has the report. Nothing is changed.',
    access: 'policies:read',
    body: simulateWindowBody,
    idempotency: 'none',
    responses: {
      200: {
        description: 'Progress, line by line.',
        contentType: 'application/x-ndjson',
        schema: simulationLineSchema,
      },
      422: { description: 'A proposed policy cannot be evaluated; `errors` names the path.' },
    },
    async handle(context) {
      const { principal, body } = context;
      const { policies, defaultAction, newRequests, intents } = body;
      const lines = policy.simulateWindow(
        {
          caller: callerOf(principal),
          ...range(body.window, clock.now()),
          ...(policies && { policiesJson: JSON.stringify(policies) }),
          ...(defaultAction && { defaultAction }),
          assumption: newRequests,
          intents,
        },
        { timeoutMs: STREAM_TIMEOUT_MS, signal: context.signal },
      );
      const options = { intents, assumption: newRequests };
      return streamLines(lines, (line) => simulationLine(line, options));
    },
  });
}

function range(window: z.output<typeof simulateWindowBody>['window'], now: Date): { from?: string; to?: string } {
  if ('days' in window) return { from: new Date(now.getTime() - window.days * DAY_MS).toISOString() };
  const { from, to } = window;
  return { ...(from && { from: new Date(from).toISOString() }), ...(to && { to: new Date(to).toISOString() }) };
}
