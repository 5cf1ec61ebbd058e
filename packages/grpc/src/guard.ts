import { ProblemError } from '@aegis/contracts/problems';
import { type ServerInterceptor, type ServerInterceptingCallInterface, ServerInterceptingCall } from '@grpc/grpc-js';
import { statusOfProblem } from './errors.ts';

const HEALTH_METHODS = '/grpc.health.v1.Health/';

/**
 * Refuses calls before their message is read: those from certificates not on the list, and those without a deadline
 * (gRPC's default is to wait for ever). Health probes need no deadline, as their `Watch` has no end.
 */
export function guardCalls(allowedNames: readonly string[] | undefined): ServerInterceptor {
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => {
        next({
          onReceiveMetadata: (metadata, proceed) => {
            const problem = refusedName(call, allowedNames) ?? missingDeadline(call, method.path);
            if (problem) call.sendStatus(statusOfProblem(problem));
            else proceed(metadata);
          },
        });
      },
    });
}

function missingDeadline(call: ServerInterceptingCallInterface, path: string): ProblemError | null {
  if (call.getDeadline() !== Infinity || path.startsWith(HEALTH_METHODS)) return null;
  return new ProblemError('invalid_request', 'a call must have a deadline');
}

function refusedName(call: ServerInterceptingCallInterface, allowed: readonly string[] | undefined) {
  if (!allowed) return null;
  const certificate = call.getAuthContext().sslPeerCertificate;
  const names = certificate ? certificateNames(certificate) : [];
  if (names.some((name) => allowed.includes(name))) return null;
  return new ProblemError('forbidden', 'the certificate does not name a permitted client');
}

/** DNS names of the certificate; the common name counts only when there are none (RFC 6125, section 6.4.4). */
function certificateNames(certificate: { subject?: { CN?: string | string[] }; subjectaltname?: string }): string[] {
  const dns = (certificate.subjectaltname ?? '')
    .split(', ')
    .filter((entry) => entry.startsWith('DNS:'))
    .map((entry) => entry.slice('DNS:'.length));
  return dns.length > 0 ? dns : [certificate.subject?.CN ?? []].flat();
}
