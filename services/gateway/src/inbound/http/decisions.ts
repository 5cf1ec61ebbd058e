import { decisionsVerificationSchema, verifyDecisionsQuery } from '@aegis/contracts/http/decisions';
import type { VerifyDecisionsProgress } from '@aegis/grpc/generated/aegis/policy/v1/VerifyDecisionsProgress';
import { type Route, route } from '@aegis/http/route';
import type { PolicyClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { startStream } from './start-stream.ts';
import { verificationView } from './views/verification-view.ts';

export interface DecisionRoutesDeps {
  readonly policy: Pick<PolicyClient, 'verifyDecisions'>;
}

/** Deciding years again takes its time; a client that loses interest ends it earlier. */
const STREAM_TIMEOUT_MS = 3_600_000;

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
      const encode = (line: VerifyDecisionsProgress) => Buffer.from(`${JSON.stringify(verificationView(line))}\n`);
      const { bytes } = await startStream(progress, encode);
      return { status: 200, headers: { 'content-type': 'application/x-ndjson' }, stream: bytes };
    },
  });
}
