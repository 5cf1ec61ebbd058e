import {
  getIntentQuery,
  intentDetailSchema,
  intentListSchema,
  intentSchema,
  listIntentsQuery,
  submitIntentBody,
  submittedIntentSchema,
} from '@aegis/contracts/http/intents';
import { idSchema } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import { decodeCursor, toPage } from '@aegis/http/pagination';
import type { ForbiddenAttempt } from '@aegis/http/ports';
import { type Reply, type Route, route } from '@aegis/http/route';
import { z } from 'zod';
import { refusalToSubmitFor, SUBMIT_FOR_ANY } from '../../domain/intents/bound-agent.ts';
import type { StoredIntent } from '../../domain/intents/intent.ts';
import type { GetIntentQuery, SearchIntentsQuery } from '../../usecases/intents/read-intents.ts';
import type { Patience } from '../../usecases/intents/submit-and-wait.ts';
import type { AcceptedIntent, SubmitIntentCommand } from '../../usecases/intents/submit-intent.ts';
import { intentDetail, type IntentDetailDeps } from './intent-detail.ts';
import { intentView, submittedView } from './views/intent-view.ts';

export interface IntentRoutesDeps extends IntentDetailDeps {
  submit(command: SubmitIntentCommand): Promise<AcceptedIntent>;
  submitAndWait(
    command: SubmitIntentCommand,
    patience: Patience,
  ): Promise<{ accepted: AcceptedIntent; decided: StoredIntent | null }>;
  get(query: GetIntentQuery): Promise<StoredIntent>;
  /** Told of a key that submits for an agent it may not submit for. */
  onForbidden(attempt: ForbiddenAttempt): void;
  search(query: SearchIntentsQuery): Promise<{ rows: readonly StoredIntent[]; total: number }>;
}

const tag = 'Intents';

export function intentRoutes(deps: IntentRoutesDeps): Route[] {
  return [submitRoute(deps), getRoute(deps), listRoute(deps)];
}

function submitRoute(deps: IntentRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/intents',
    operationId: 'submitIntent',
    tag,
    summary: 'Submit a spend intent',
    description:
      'Answers as soon as the intent is durable; it is decided asynchronously. With `Prefer: wait=N` (RFC 7240, at most 30 seconds) the answer waits for the decision. A repeated request with the same `Idempotency-Key` gets the first answer again, for as long as the intent exists.',
    access: 'intents:write',
    body: submitIntentBody,
    idempotency: 'resource',
    responses: {
      202: {
        description: 'Accepted, not decided yet.',
        schema: submittedIntentSchema,
        headers: {
          Location: 'Where the intent is.',
          'Idempotency-Replayed': '`true` when the request was a repeated one.',
        },
      },
      200: {
        description: 'Decided within the time that `Prefer: wait` named.',
        schema: intentSchema,
        headers: { Location: 'Where the intent is.', 'Preference-Applied': 'The wait that was honoured.' },
      },
      422: {
        description: 'The agent or the currency is not known, or the amount is refused.',
      },
    },
    async handle(context) {
      const { principal, body, numberSources, idempotency, traceparent, preferWaitSeconds } = context;
      const refusal = refusalToSubmitFor(body.agentId, principal);
      if (refusal) {
        deps.onForbidden({ principal, permission: SUBMIT_FOR_ANY, method: 'POST', path: '/v1/intents', traceparent });
        throw new ProblemError('forbidden', refusal);
      }
      const command: SubmitIntentCommand = {
        principal,
        body,
        amountText: numberSources['amount'] ?? '',
        idempotencyKey: idempotency.key,
        seed: idempotency.seed,
        traceparent,
      };
      if (preferWaitSeconds === 0) return submittedReply(await deps.submit(command));
      const patience = { waitMs: preferWaitSeconds * 1000, signal: context.signal };
      const { accepted, decided } = await deps.submitAndWait(command, patience);
      const reply = submittedReply(accepted);
      const headers = { ...reply.headers, 'preference-applied': `wait=${preferWaitSeconds}` };
      return decided ? { status: 200, headers, body: intentView(decided) } : { ...reply, headers };
    },
  });
}

function submittedReply({ kind, submission, createdAt }: AcceptedIntent): Reply {
  const headers: Record<string, string> = { location: `/v1/intents/${submission.id}` };
  if (kind === 'replayed') headers['idempotency-replayed'] = 'true';
  return { status: 202, headers, body: submittedView(submission, createdAt) };
}

function getRoute(deps: IntentRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/intents/:id',
    operationId: 'getIntent',
    tag,
    summary: 'Read an intent',
    description: 'Its state, decision, approvals and audit references. A key bound to an agent reads its own intents.',
    access: 'intents:read',
    params: z.object({ id: idSchema('int') }),
    query: getIntentQuery,
    responses: { 200: { description: 'The intent.', schema: intentDetailSchema } },
    async handle(context) {
      const { principal, params, query } = context;
      const waitMs = (query.wait ?? context.preferWaitSeconds) * 1000;
      const intent = await deps.get({ principal, id: params.id, waitMs, signal: context.signal });
      return { status: 200, body: await intentDetail(deps, principal, intent) };
    },
  });
}

const positionSchema = z.tuple([z.int().min(0).max(8.64e15), idSchema('int')]);

function listRoute(deps: IntentRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/intents',
    operationId: 'listIntents',
    tag,
    summary: 'List intents',
    description: 'Newest first. A key bound to an agent lists its own intents.',
    access: 'intents:read',
    query: listIntentsQuery,
    responses: { 200: { description: 'A page of intents.', schema: intentListSchema } },
    async handle({ principal, query }) {
      const { limit, offset = 0, cursor, ...filter } = query;
      const position = cursor === undefined ? null : decodeCursor(cursor, positionSchema);
      const after = position && { createdAt: new Date(position[0]), id: position[1] };
      const { rows, total } = await deps.search({ principal, filter, page: { limit, offset, after } });
      const page = toPage({
        rows,
        limit,
        offset,
        total,
        cursorOf: (intent) => [intent.createdAt.getTime(), intent.id],
        present: intentView,
      });
      return { status: 200, body: page };
    },
  });
}
