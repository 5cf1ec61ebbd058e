import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';

/** The API's answer; `body` is parsed JSON, or null when there was none. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** JSON text sent as it stands, for amounts that must not pass through a float. */
  readonly json?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Api {
  /** Sends a request; waits and tries again while the answer is 429 or 503, and when the connection is refused. */
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** Like `send`, but an answer of 400 or above is an `ApiError`. */
  call(request: ApiRequest): Promise<unknown>;
  /** The lines of an answer in NDJSON, as they come; nothing is tried again. */
  lines(request: ApiRequest): AsyncIterable<unknown>;
  close(): Promise<void>;
}

/** The API refused; the message is its own explanation. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
}

const ATTEMPTS = 10;
const LONGEST_PAUSE_MS = 5_000;
const REQUEST_TIMEOUT_MS = 60_000;

/**
 * A client with its own keep-alive connections, at most `connections` at once.
 *
 * @throws ApiError when `baseUrl` is not an origin, which is as much as every path here is added to
 */
export function createApi(baseUrl: string, token: string | null, connections = 8): Api {
  const pool = new Pool(originOf(baseUrl), {
    connections,
    headersTimeout: REQUEST_TIMEOUT_MS,
    bodyTimeout: REQUEST_TIMEOUT_MS,
  });
  const authorization = token ? { authorization: `Bearer ${token}` } : {};

  function open(request: ApiRequest) {
    const payload = request.json ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
    const content = payload === undefined ? {} : { 'content-type': 'application/json' };
    return pool.request({
      method: request.method,
      path: request.path,
      headers: { ...authorization, ...content, ...request.headers },
      body: payload ?? null,
    });
  }

  async function once(request: ApiRequest): Promise<ApiAnswer & { retryAfterMs: number }> {
    const { statusCode, headers, body } = await open(request);
    const text = await body.text();
    const retryAfter = Number(headers['retry-after'] ?? 0.25);
    return { status: statusCode, body: text === '' ? null : JSON.parse(text), retryAfterMs: retryAfter * 1000 };
  }

  async function* lines(request: ApiRequest): AsyncGenerator {
    const { statusCode, body } = await open(request).catch((error: unknown) => {
      throw unreachable(baseUrl, error);
    });
    if (statusCode >= 400) {
      const text = await body.text();
      const answer = { status: statusCode, body: text === '' ? null : JSON.parse(text) };
      throw new ApiError(`${request.method} ${request.path}: ${describeProblem(answer)}`);
    }
    for await (const line of createInterface({ input: body })) yield JSON.parse(line);
  }

  async function send(request: ApiRequest): Promise<ApiAnswer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await once(request).catch((error: unknown) => {
        if (attempt === ATTEMPTS) throw unreachable(baseUrl, error);
        return { status: 503, body: null, retryAfterMs: 100 * 2 ** attempt };
      });
      if ((answer.status !== 429 && answer.status !== 503) || attempt === ATTEMPTS) return answer;
      await delay(Math.min(answer.retryAfterMs, LONGEST_PAUSE_MS));
    }
  }

  return {
    send,
    lines,
    async call(request) {
      const answer = await send(request);
      if (answer.status >= 400) throw new ApiError(`${request.method} ${request.path}: ${describeProblem(answer)}`);
      return answer.body;
    },
    close: () => pool.close(),
  };
}

function originOf(baseUrl: string): URL {
  const url = URL.parse(baseUrl);
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
  if (isOrigin) return url;
  throw new ApiError(`--base-url must be an origin such as http://localhost:8080, without a path; not ${baseUrl}`);
}

/** One line from a problem+json body: the code, the detail and the fields at fault. */
export function describeProblem({ status, body }: ApiAnswer): string {
  if (typeof body !== 'object' || body === null) return `HTTP ${status}`;
  const { code, detail, errors } = body as {
    code?: string;
    detail?: string;
    errors?: { path: string; message: string }[];
  };
  const fields = (errors ?? []).map((error) => `${error.path}: ${error.message}`).join('; ');
  return [`HTTP ${status} ${code ?? ''}`.trim(), detail, fields].filter(Boolean).join(' — ');
}

function unreachable(baseUrl: string, error: unknown): ApiError {
  const cause = error instanceof Error ? error.message : String(error);
  return new ApiError(`${baseUrl} does not answer (${cause}). Is it running? Start it with: npm start`, {
    cause: error,
  });
}
