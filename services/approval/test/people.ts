import { randomUUID } from 'node:crypto';
import type { Actor } from '@aegis/contracts/actor';
import type { Decision } from '../src/domain/approval-request.ts';
import type { Respond } from '../src/usecases/respond.ts';

interface Request {
  readonly organizationId: string;
  readonly id: string;
}

/** One person of finance, unless told otherwise, answers. */
export function answer(
  { organizationId, id }: Request,
  decision: Decision,
  { userId = randomUUID(), roles = ['finance'] }: { userId?: string; roles?: readonly string[] } = {},
): Respond {
  const actor: Actor = { type: 'human', id: userId, role: 'finance', authMethod: 'jwt' };
  return {
    organizationId,
    approvalId: id,
    responderId: userId,
    roles,
    decision,
    note: null,
    origin: { actor, traceparent: null },
  };
}

export function approve(request: Request, person: { userId?: string; roles?: readonly string[] } = {}): Respond {
  return answer(request, 'approve', person);
}
