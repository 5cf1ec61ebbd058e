/** Every error code of the API with its HTTP status and title. Codes are stable: clients may switch on them. */
export const PROBLEMS = {
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  invalid_request: { status: 400, title: 'The request does not fit the schema' },
  unauthenticated: { status: 401, title: 'No valid credentials' },
  forbidden: { status: 403, title: 'A permission is missing' },
  self_approval: { status: 403, title: 'Nobody approves their own request' },
  not_found: { status: 404, title: 'No such object' },
  method_not_allowed: { status: 405, title: 'The path does not take this method' },
  wrong_state: { status: 409, title: 'The object is no longer in a state that allows this' },
  already_exists: { status: 409, title: 'An object with this identity exists' },
  secret_already_shown: { status: 409, title: 'A secret is shown once' },
  idempotency_in_progress: { status: 409, title: 'The first request with this key is still running' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  range_not_satisfiable: { status: 416, title: 'The file ends before the range asked for' },
  amount_not_positive: { status: 422, title: 'The amount must be greater than zero' },
  amount_too_precise: { status: 422, title: 'The amount has more than 15 significant digits' },
  amount_decimals: { status: 422, title: 'The amount has more decimals than its currency' },
  settlement_exceeds_approval: { status: 422, title: 'More than was approved' },
  unknown_currency: { status: 422, title: 'Not a currency of ISO 4217' },
  unknown_agent: { status: 422, title: 'No such agent in this organisation' },
  invalid_policy: { status: 422, title: 'The policy cannot be evaluated' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key belongs to another request' },
  export_refused: { status: 409, title: 'The audit log failed a check, so nothing is exported' },
  log_contradicts_checkpoint: { status: 409, title: 'The audit log is not the one that was signed before' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'An unexpected fault' },
  unavailable: { status: 503, title: 'A part of the system is not available' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One field at fault: `path` is a JSON path such as `rules.conditions[0].field`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** A refusal with a stable code; the edges turn it into problem+json or a gRPC status. `detail` says what to do. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  /** Seconds after which the same request may succeed: the `Retry-After` of a 429 or 503. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, detail: string, errors: readonly FieldError[] = [], retryAfterSeconds?: number) {
    super(detail);
    this.code = code;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}
