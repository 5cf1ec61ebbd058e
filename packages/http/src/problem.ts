import { PROBLEMS, type ProblemError } from '@aegis/contracts/problems';
import type { Reply } from './route.ts';

/** The answer to a refusal (RFC 9457). Holds what the error says to the client and nothing of its stack or cause. */
export function problemReply(problem: ProblemError, requestId: string, headers: Record<string, string> = {}): Reply {
  const { status, title } = PROBLEMS[problem.code];
  const { code, message: detail, errors, retryAfterSeconds } = problem;
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(Math.ceil(retryAfterSeconds));
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({
      type: `urn:aegis:problem:${code}`,
      title,
      status,
      detail,
      code,
      requestId,
      ...(errors.length > 0 ? { errors } : {}),
    }),
  };
}
