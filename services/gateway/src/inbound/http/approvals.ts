import { approvalListSchema, approvalSchema, listApprovalsQuery, respondBody } from '@aegis/contracts/http/approvals';
import { idSchema } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import type { Approval } from '@aegis/grpc/generated/aegis/approval/v1/Approval';
import type { Principal } from '@aegis/http/principal';
import { type Route, route } from '@aegis/http/route';
import { z } from 'zod';
import type { ApprovalClient } from '../../clients.ts';
import type { StoredIntent } from '../../domain/intents/intent.ts';
import type { AwaitFinalQuery } from '../../usecases/intents/await-final.ts';
import { callerOf } from './caller.ts';
import { optionalPageRequest, paginationOf } from './pages.ts';
import { approvalView } from './views/approval-view.ts';

export interface ApprovalRoutesDeps {
  readonly approval: Pick<ApprovalClient, 'listApprovals' | 'respond'>;
  findIntents(organizationId: string, ids: readonly string[]): Promise<readonly StoredIntent[]>;
  awaitFinal(query: AwaitFinalQuery): Promise<StoredIntent | null>;
}

const tag = 'Approvals';

/** How long the answer to a response waits for the decision that it causes. */
const FINAL_WAIT_MS = 2_000;

export function approvalRoutes(deps: ApprovalRoutesDeps): Route[] {
  return [listRoute(deps), respondRoute(deps)];
}

function listRoute({ approval, findIntents }: ApprovalRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/approvals',
    operationId: 'listApprovals',
    tag,
    summary: 'List approval requests',
    description: 'Those assigned to the caller or to one of their roles, by expiry ascending. Default: the open ones.',
    access: 'approvals:read',
    query: listApprovalsQuery,
    responses: { 200: { description: 'Approval requests, each with its whole intent.', schema: approvalListSchema } },
    async handle({ principal, query }) {
      const { approvals, page } = await approval.listApprovals({
        caller: callerOf(principal),
        ...responderOf(principal),
        status: query.status ?? '',
        ...optionalPageRequest(query),
      });
      const ids = approvals.map(({ intentId }) => intentId);
      const found = ids.length === 0 ? [] : await findIntents(principal.organizationId, ids);
      const intents = new Map(found.map((intent) => [intent.id, intent]));
      const data = approvals.map((entry) => approvalView(entry, intentOf(entry, intents.get(entry.intentId))));
      return { status: 200, body: { data, pagination: paginationOf(query, data.length, page) } };
    },
  });
}

function respondRoute({ approval, awaitFinal }: ApprovalRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/approvals/:id/respond',
    operationId: 'respondToApproval',
    tag,
    summary: 'Approve or reject',
    description:
      'Records the answer. When it settles the request, the intent is decided for good after a last check of agent and budget; the answer waits up to two seconds for that.',
    access: 'approvals:respond',
    params: z.object({ id: idSchema('apr') }),
    body: respondBody,
    responses: {
      200: { description: 'The request with its intent as it stands now.', schema: approvalSchema },
      403: { description: 'The permission is missing, or the caller is a party to the intent (`self_approval`).' },
      409: { description: 'The request is resolved or has expired.' },
    },
    async handle(context) {
      const { principal, params, body } = context;
      const { decision, note } = body;
      const answered = await approval.respond({
        caller: callerOf(principal),
        ...responderOf(principal),
        approvalId: params.id,
        decision,
        ...(note === undefined ? {} : { note }),
      });
      const intent = await awaitFinal({
        organizationId: principal.organizationId,
        id: answered.intentId,
        timeoutMs: answered.status === 'open' ? 0 : FINAL_WAIT_MS,
        signal: context.signal,
      });
      return { status: 200, body: approvalView(answered, intentOf(answered, intent)) };
    },
  });
}

/** A key is no person: nothing is assigned to it but through roles, which it has none of. */
function responderOf({ userId, roles }: Principal): { userId: string; roles: string[] } {
  return { userId: userId ?? '', roles: [...roles] };
}

/** The intent is stored before anything can be asked about it, so its absence means that the stores disagree. */
function intentOf(approval: Approval, intent: StoredIntent | null | undefined): StoredIntent {
  if (!intent)
    throw new ProblemError('internal', `the intent ${approval.intentId} of ${approval.id} is not stored here`);
  return intent;
}
