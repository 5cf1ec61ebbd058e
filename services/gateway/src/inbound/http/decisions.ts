import { decisionsVerificationSchema, verifyDecisionsQuery } from '@aegis/contracts/http/decisions';
import { type Route, route } from '@aegis/http/route';
import type { PolicyClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { STREAM_TIMEOUT_MS, streamLines } from './stream-lines.ts';
import { verificationView } from './views/verification-view.ts';

export interface DecisionRoutesDeps {
  readonly policy: Pick<PolicyClient, 'verifyDecisions'>;
}

export function decisionRoutes(deps: DecisionRoutesDeps): Route[] {
  return [verifyRoute(deps)];
}

function verifyRoute({ policy }: DecisionRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/decisions/verify',
    operationId: 'verifyDecisions',
    tag: 'Audit',
    summary: 'Decide recorded decisions again',
    description:
      'Each from its submission, the context it recorded and the policy-set version it names, and tells of every one that comes out otherwise. Lines of JSON tell the progress; the last one is `done`.',
    access: 'audit:read',
    query: verifyDecisionsQuery,
    streams: true,
    responses: {
      200: {
        description: 'Progress and findings, line by line.',
        contentType: 'application/x-ndjson',
        schema: decisionsVerificationSchema,
      },
    },
    async handle(context) {
      const { principal, query } = context;
      const { from, to, agentId } = query;
      const progress = policy.verifyDecisions(
        {
          caller: callerOf(principal),
          ...(from && { from: from.toISOString() }),
          ...(to && { to: to.toISOString() }),
          ...(agentId && { agentId }),
        },
        { timeoutMs: STREAM_TIMEOUT_MS, signal: context.signal },
      );
      return streamLines(progress, verificationView);
    },
  });
}
