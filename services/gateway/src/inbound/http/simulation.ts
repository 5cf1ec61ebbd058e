import {
  intentSimulationSchema,
  simulateBody,
  type simulateIntentBody,
  type simulateWindowBody,
  simulationLineSchema,
} from '@aegis/contracts/http/simulation';
import { ProblemError } from '@aegis/contracts/problems';
import type { Principal } from '@aegis/http/principal';
import { type Reply, type Route, route } from '@aegis/http/route';
import type { Clock } from '@aegis/runtime/clock';
import { z } from 'zod';
import type { PolicyClient } from '../../clients.ts';
import { createSubmission } from '../../domain/intents/submission.ts';
import { callerOf } from './caller.ts';
import { STREAM_TIMEOUT_MS, streamLines } from './stream-lines.ts';
import { intentSimulationView } from './views/intent-simulation-view.ts';
import { simulationLine } from './views/simulation-view.ts';

export interface SimulationRoutesDeps {
  readonly policy: Pick<PolicyClient, 'simulateWindow' | 'simulateIntent'>;
  readonly clock: Clock;
}

const DAY_MS = 86_400_000;

export function simulationRoutes(deps: SimulationRoutesDeps): Route[] {
  return [simulateRoute(deps)];
}

function simulateRoute(deps: SimulationRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/policies/simulate',
    operationId: 'simulatePolicies',
    tag: 'Policies',
    summary: 'Try policies on one intent or on history',
    description:
      'With `intent`: what it would be answered as things stand, with every condition of every policy, the value that it saw and whether it holds; with `policies`, by those, beside the answer of today. With `window`: history replayed in the order in which it was decided, each intent at its own date, with budgets, holds and the agents\u2019 past as the proposed policies would have left them, and with the answers that people gave. Lines of JSON tell the progress; the last one has the report. Nothing is changed.',
    access: 'policies:read',
    body: simulateBody,
    idempotency: 'none',
    responses: {
      200: {
        description: 'The answer to one intent, explained; or the progress of a replay, line by line.',
        contentType: 'application/json, application/x-ndjson',
        schema: z.union([intentSimulationSchema, simulationLineSchema]),
      },
      422: {
        description:
          'The agent or the currency is not known, the amount is refused, or a proposed policy cannot be evaluated; `errors` names the path.',
      },
    },
    async handle({ principal, body, idempotency, signal }) {
      return 'intent' in body
        ? simulateIntent(deps, principal, body, idempotency.seed)
        : simulateWindow(deps, principal, body, signal);
    },
  });
}

async function simulateIntent(
  { policy }: SimulationRoutesDeps,
  principal: Principal,
  { intent: body, at, policies, defaultAction }: z.output<typeof simulateIntentBody>,
  seed: string,
): Promise<Reply> {
  const { organizationId } = principal;
  const amountText = String(body.amount);
  const submission = inside('intent', () => createSubmission({ seed, organizationId, body, amountText }));
  const { agentId, amountMinor, currency, exponent, reason, confidence, merchant, merchantCategory } = submission;
  const response = await policy.simulateIntent({
    caller: callerOf(principal),
    agentId,
    amount: { amountMinor: amountMinor.toString(), currency, exponent },
    reason,
    confidence,
    ...(merchant !== null && { merchant }),
    ...(merchantCategory !== null && { merchantCategory }),
    ...(submission.metadata && { metadataJson: JSON.stringify(submission.metadata) }),
    ...(at && { at: new Date(at).toISOString() }),
    ...(policies && { policiesJson: JSON.stringify(policies) }),
    ...(defaultAction && { defaultAction }),
  });
  return { status: 200, body: intentSimulationView(response) };
}

/** Names the faults of a part of the body by their path in the whole. */
function inside<T>(part: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const errors = error.errors.map(({ path, message }) => ({ path: `${part}.${path}`, message }));
    throw new ProblemError(error.code, `${part}.${error.message}`, errors);
  }
}

async function simulateWindow(
  { policy, clock }: SimulationRoutesDeps,
  principal: Principal,
  body: z.output<typeof simulateWindowBody>,
  signal: AbortSignal,
): Promise<Reply> {
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
    { timeoutMs: STREAM_TIMEOUT_MS, signal },
  );
  const options = { intents, assumption: newRequests };
  return streamLines(lines, (line) => simulationLine(line, options));
}

function range(window: z.output<typeof simulateWindowBody>['window'], now: Date): { from?: string; to?: string } {
  if ('days' in window) return { from: new Date(now.getTime() - window.days * DAY_MS).toISOString() };
  const { from, to } = window;
  return { ...(from && { from: new Date(from).toISOString() }), ...(to && { to: new Date(to).toISOString() }) };
}
