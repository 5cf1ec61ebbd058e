import { hash } from 'node:crypto';
import { canonicalJson } from '@aegis/contracts/canonical-json';
import type { Exchange } from './exchange.ts';
import type { IdempotencyStore, StoredAnswer } from './ports.ts';
import type { Principal } from './principal.ts';
import { problemReply } from './problem.ts';
import type { Reply } from './route.ts';

/** Headers that belong to the object and not to one transmission of it. */
const KEPT_HEADERS = ['location', 'content-type'];

/** These say nothing about what the same request would be answered later. */
const PASSING_STATUSES = new Set([401, 403, 429]);

/**
 * Executes a request once: a repetition with the same Idempotency-Key gets the stored answer. Called after
 * authorisation, so that a replay shows nothing to someone who may no longer see it.
 */
export async function executeOnce(
  exchange: Exchange,
  store: IdempotencyStore,
  request: { readonly principal: Principal; readonly key: string; readonly body: unknown },
  execute: (seed: string) => Promise<Reply>,
): Promise<Reply> {
  const { principal, key, body } = request;
  const { method, path } = exchange.request;
  const claim = await store.begin({
    organizationId: principal.organizationId,
    principal: principalName(principal),
    method,
    path,
    key,
    bodySha256: hash('sha256', canonicalJson(body ?? null)),
  });
  if (claim.kind === 'replay') {
    const { status, headers, body: stored } = claim.answer;
    return { status, headers: { ...headers, 'idempotency-replayed': 'true' }, body: stored };
  }
  let reply: Reply;
  try {
    reply = await execute(claim.seed);
  } catch (error) {
    const problem = exchange.refusal(error);
    if (problem.status >= 500 || PASSING_STATUSES.has(problem.status)) {
      await claim.release();
      throw problem;
    }
    reply = problemReply(problem, exchange.requestId);
  }
  await claim.complete(reply.secret ? 'secret-shown' : storedAnswer(reply));
  return reply;
}

/** Keys of one agent share its answers, so that a rotated key still finds them. */
export function principalName(principal: Principal): string {
  if (principal.agentId !== null) return `agent:${principal.agentId}`;
  return principal.keyId ?? principal.userId ?? principal.kind;
}

function storedAnswer(reply: Reply): StoredAnswer {
  const kept = Object.entries(reply.headers ?? {}).filter(([name]) => KEPT_HEADERS.includes(name.toLowerCase()));
  const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? '');
  return { status: reply.status, headers: Object.fromEntries(kept), body };
}
