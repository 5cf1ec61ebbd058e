import { type FieldError, PROBLEMS, type ProblemCode, ProblemError } from '@aegis/contracts/problems';
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';

/** Trailing metadata that carries a problem as JSON {code, detail, errors, retryAfterSeconds}. */
export const PROBLEM_KEY = 'aegis-problem-bin';

/** HTTP/2 bounds the headers of an answer; field errors beyond this many bytes of JSON are left out. */
const MAX_PROBLEM_BYTES = 4096;

const STATUS_OF_HTTP: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  409: status.FAILED_PRECONDITION,
  413: status.RESOURCE_EXHAUSTED,
  416: status.OUT_OF_RANGE,
  422: status.INVALID_ARGUMENT,
  429: status.RESOURCE_EXHAUSTED,
  500: status.INTERNAL,
  503: status.UNAVAILABLE,
};

/** What a failed call ends with. */
export interface CallStatus {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

export function statusOfProblem(problem: ProblemError): CallStatus {
  const metadata = new Metadata();
  metadata.set(PROBLEM_KEY, encodeProblem(problem));
  return { code: statusCode(problem), details: statusText(problem.message), metadata };
}

function statusCode(problem: ProblemError): status {
  if (problem.code === 'already_exists') return status.ALREADY_EXISTS;
  return STATUS_OF_HTTP[problem.status] ?? status.UNKNOWN;
}

/** The text is sent as a percent-encoded header, which a lone surrogate would make throw; the problem has the whole of it. */
function statusText(message: string): string {
  return message.slice(0, 256).toWellFormed();
}

function encodeProblem({ code, message, errors, retryAfterSeconds }: ProblemError): Buffer {
  const kept = [...errors];
  for (;;) {
    const bytes = Buffer.from(JSON.stringify({ code, detail: message, errors: kept, retryAfterSeconds }));
    if (bytes.length <= MAX_PROBLEM_BYTES || kept.length === 0) return bytes;
    kept.length = Math.floor(kept.length / 2);
  }
}

/**
 * The problem a failed call stands for. One that the service did not name is `unavailable` when trying again may help,
 * otherwise `internal`; the gRPC error is its `cause`.
 */
export function problemOfError(error: ServiceError, service: string): ProblemError {
  const problem = decodeProblem(error.metadata) ?? transportProblem(error, service);
  problem.cause = error;
  return problem;
}

function transportProblem(error: ServiceError, service: string): ProblemError {
  switch (error.code) {
    case status.UNAVAILABLE:
    case status.RESOURCE_EXHAUSTED:
    // Not by our own signal, so the server was told to stop.
    case status.CANCELLED:
      return new ProblemError('unavailable', `${service} cannot be reached; try again`);
    case status.DEADLINE_EXCEEDED:
      return new ProblemError('unavailable', `${service} did not answer in time; try again`);
    // During an upgrade a replica of the version before may be asked.
    case status.UNIMPLEMENTED:
      return new ProblemError('unavailable', `${service} is older than this request; try again once it is upgraded`);
    default:
      return new ProblemError('internal', `${service} failed`);
  }
}

function decodeProblem(metadata: Metadata | undefined): ProblemError | null {
  const [bytes] = metadata?.get(PROBLEM_KEY) ?? [];
  if (!Buffer.isBuffer(bytes)) return null;
  try {
    const body: unknown = JSON.parse(bytes.toString());
    if (!isProblemBody(body)) return null;
    return new ProblemError(body.code, body.detail, body.errors, body.retryAfterSeconds);
  } catch {
    return null;
  }
}

interface ProblemBody {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors: FieldError[];
  readonly retryAfterSeconds?: number;
}

/** A peer of another version may use a code that is not known here. */
function isProblemBody(body: unknown): body is ProblemBody {
  if (typeof body !== 'object' || body === null) return false;
  const { code, detail, errors } = body as Record<string, unknown>;
  return (
    typeof code === 'string' && Object.hasOwn(PROBLEMS, code) && typeof detail === 'string' && Array.isArray(errors)
  );
}
