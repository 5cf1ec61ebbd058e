import { ProblemError } from '@aegis/contracts/problems';
import { type ApprovalMethods, approvalService } from '@aegis/grpc/definitions';
import { parse } from '@aegis/grpc/requests';
import { type BoundService, type Handlers, bind } from '@aegis/grpc/server';
import type { ApprovalFilter } from '../domain/approval-list.ts';
import type { Approval } from '../domain/approval-request.ts';
import { type ApprovalPage, MAX_PAGE, type PageOf } from '../usecases/list-approvals.ts';
import type { Respond } from '../usecases/respond.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { approvalMessage } from './messages.ts';
import { listApprovalsRequest, listForIntentRequest, respondRequest } from './requests.ts';

/** What can be asked of the service. */
export interface Operations {
  readonly listApprovals: (filter: ApprovalFilter, page: PageOf) => Promise<ApprovalPage>;
  readonly listForIntent: (organizationId: string, intentId: string) => Promise<readonly Approval[]>;
  readonly respond: (command: Respond) => Promise<Approval>;
}

/** Entries of a page whose size was not said, as in the HTTP API. */
const DEFAULT_LIMIT = 20;

/** The gRPC face of approvals. */
export function approvalGrpc(operations: Operations): BoundService {
  const handlers: Handlers<ApprovalMethods> = {
    async listApprovals(request) {
      const { caller, userId, roles, status, page } = parse(listApprovalsRequest, request);
      const found = await operations.listApprovals(
        { organizationId: caller.organizationId, userId, roles, status },
        {
          limit: page ? page.limit || DEFAULT_LIMIT : MAX_PAGE,
          offset: page?.offset ?? 0,
          after: page?.cursor ? decodeCursor(status, page.cursor) : null,
        },
      );
      return {
        approvals: found.approvals.map(approvalMessage),
        page: {
          ...(found.total !== null && { total: found.total }),
          hasMore: found.next !== null,
          ...(found.next && { nextCursor: encodeCursor(status, found.next) }),
        },
      };
    },

    async listForIntent(request) {
      const { caller, intentId } = parse(listForIntentRequest, request);
      const approvals = await operations.listForIntent(caller.organizationId, intentId);
      return { approvals: approvals.map(approvalMessage), page: { total: approvals.length, hasMore: false } };
    },

    async respond(request, { traceparent }) {
      const { caller, approvalId, userId, roles, decision, note = null } = parse(respondRequest, request);
      const { organizationId, actor } = caller;
      if (actor.type !== 'human') throw new ProblemError('forbidden', 'approvals are answered by people');
      const origin = { actor, traceparent };
      const answer = { responderId: userId, roles, decision, note };
      return approvalMessage(await operations.respond({ organizationId, approvalId, ...answer, origin }));
    },
  };
  return bind(approvalService, handlers);
}
