import { settledIntentSchema, settleIntentBody } from '@aegis/contracts/http/settlements';
import { idSchema } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import type { ForbiddenAttempt } from '@aegis/http/ports';
import type { Principal } from '@aegis/http/principal';
import { type Route, type RouteContext, route } from '@aegis/http/route';
import { z } from 'zod';
import type { StoredIntent } from '../../domain/intents/intent.ts';
import type { AwaitFinalQuery } from '../../usecases/intents/await-final.ts';
import type { SettledIntent, SettleIntentCommand } from '../../usecases/intents/settle-intent.ts';
import { intentView } from './views/intent-view.ts';
import { settlementView } from './views/settlement-view.ts';

export interface SettlementRoutesDeps {
  settle(command: SettleIntentCommand): Promise<SettledIntent>;
  awaitFinal(query: AwaitFinalQuery): Promise<StoredIntent | null>;
  /** Told of a credential that settles without a permission to. */
  onForbidden(attempt: ForbiddenAttempt): void;
}

const tag = 'Intents';
const params = z.object({ id: idSchema('int') });
const answer = { description: 'The intent with everything that was said of its payment.', schema: settledIntentSchema };
const OWN_WORD =
  'An agent says so itself by `intents:write`; that frees nothing of what was approved until a payment tool or a person confirms it by `intents:settle`.';

/** How long the answer to a cancellation waits for the decision that it causes. */
const FINAL_WAIT_MS = 2_000;

export function settlementRoutes(deps: SettlementRoutesDeps): Route[] {
  return [settleRoute(deps), cancelRoute(deps)];
}

function settleRoute(deps: SettlementRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/intents/:id/settle',
    operationId: 'settleIntent',
    tag,
    summary: 'Record what was paid for an approved intent',
    description: `Captures add up; each has its own reference, and the same again changes nothing. ${OWN_WORD} A confirmed payment beyond the agent's tolerance is charged in full and suspends the agent.`,
    access: 'authenticated',
    params,
    body: settleIntentBody,
    responses: {
      200: answer,
      409: { description: 'The intent is not approved, or was settled or cancelled for good.' },
      422: { description: 'More than was approved, and nobody confirms it; or the amount is refused.' },
    },
    async handle(context) {
      requireMaySettle(deps, context, 'settle');
      const {
        principal,
        params: { id },
        body,
        numberSources,
        traceparent,
      } = context;
      const { reference, final } = body;
      const capture = { amountText: numberSources['amount'] ?? '', reference, final };
      return { status: 200, body: viewOf(await deps.settle({ principal, id, capture, traceparent })) };
    },
  });
}

function cancelRoute(deps: SettlementRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/intents/:id/cancel',
    operationId: 'cancelIntent',
    tag,
    summary: 'Say that nothing (more) will be paid',
    description: `What waits for an approval is withdrawn and ends in a denial; the answer waits up to two seconds for that. After a part was captured the rest is freed. ${OWN_WORD}`,
    access: 'authenticated',
    params,
    responses: { 200: answer, 409: { description: 'The intent was denied or settled for good.' } },
    async handle(context) {
      requireMaySettle(deps, context, 'cancel');
      const {
        principal,
        params: { id },
        traceparent,
        signal,
      } = context;
      const { intent, facts } = await deps.settle({ principal, id, capture: null, traceparent });
      const { organizationId } = principal;
      const final = await deps.awaitFinal({ organizationId, id, timeoutMs: FINAL_WAIT_MS, signal });
      return { status: 200, body: viewOf({ intent: final ?? intent, facts }) };
    },
  });
}

function viewOf({ intent, facts }: SettledIntent) {
  return { ...intentView(intent), settlement: settlementView(intent, facts) };
}

/** An agent speaks for itself, a back end for its agents, and whoever may confirm for everybody. */
function requireMaySettle(
  { onForbidden }: SettlementRoutesDeps,
  { principal, traceparent }: Pick<RouteContext<unknown, unknown, unknown>, 'principal' | 'traceparent'>,
  action: 'settle' | 'cancel',
): void {
  if (principal.permissions.has('intents:settle') || maySpeak(principal)) return;
  const path = `/v1/intents/:id/${action}`;
  onForbidden({ principal, permission: 'intents:settle', method: 'POST', path, traceparent });
  throw new ProblemError('forbidden', 'needs intents:settle, or intents:write for an agent of its own');
}

function maySpeak({ kind, agentId, permissions }: Principal): boolean {
  if (!permissions.has('intents:write')) return false;
  return kind !== 'key' || agentId !== null || permissions.has('intents:write:any');
}
