import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { ProblemError } from '@aegis/contracts/problems';
import type { Logger } from '@aegis/runtime/log';
import { currentTraceparent } from '@aegis/runtime/tracing';
import type { Request, Response } from 'express';
import type { RateLimitVerdict } from './ports.ts';
import { problemReply } from './problem.ts';
import { ClientGoneError } from './read-body.ts';
import { acceptableRequestId, bearerToken, parseTraceparent } from './request-headers.ts';
import type { Reply } from './route.ts';
import { securityHeaders } from './security-headers.ts';

const SECURITY_HEADERS = securityHeaders();

export interface ExchangeOptions {
  readonly log: Logger;
  /** Turns errors of other layers, such as a lost database connection, into refusals; undefined: not one of those. */
  readonly translateError?: ((error: unknown) => ProblemError | undefined) | undefined;
}

/** One request and its answer, with what every answer carries. */
export class Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly requestId: string;
  readonly token: string | undefined;
  rateLimit: RateLimitVerdict | undefined;
  readonly #options: ExchangeOptions;
  #abort: AbortController | undefined;

  constructor(request: Request, response: Response, options: ExchangeOptions) {
    this.request = request;
    this.response = response;
    this.#options = options;
    this.requestId = acceptableRequestId(request.get('x-request-id')) ?? randomUUID();
    this.token = bearerToken(request.headers.authorization);
  }

  get sourceIp(): string | null {
    return this.request.ip ?? null;
  }

  /** The server's own span where tracing is on, so that what follows hangs below it; else what the client sent. */
  get traceparent(): string | null {
    return currentTraceparent() ?? parseTraceparent(this.request.get('traceparent'));
  }

  /** Most handlers never look: the controller exists from the first look on. */
  get signal(): AbortSignal {
    if (!this.#abort) {
      const abort = new AbortController();
      this.#abort = abort;
      if (this.response.destroyed) abort.abort();
      this.response.once('close', () => {
        if (!this.response.writableFinished) abort.abort();
      });
    }
    return this.#abort.signal;
  }

  async send(reply: Reply): Promise<void> {
    const { response } = this;
    const headers: Record<string, string | number> = { ...SECURITY_HEADERS, 'x-request-id': this.requestId };
    if (this.rateLimit) {
      headers['ratelimit-limit'] = this.rateLimit.limit;
      headers['ratelimit-remaining'] = this.rateLimit.remaining;
      headers['ratelimit-reset'] = this.rateLimit.resetSeconds;
    }
    if (reply.stream) {
      response.writeHead(reply.status, Object.assign(headers, reply.headers));
      response.flushHeaders();
      await pipeline(reply.stream, response);
      return;
    }
    const content = contentOf(reply.body);
    if (content !== undefined) {
      headers['content-type'] = 'application/json; charset=utf-8';
      headers['content-length'] = Buffer.byteLength(content);
    }
    response.writeHead(reply.status, reply.headers ? Object.assign(headers, reply.headers) : headers);
    response.end(content);
  }

  async fail(error: unknown): Promise<void> {
    if (error instanceof ClientGoneError || this.response.destroyed) return;
    if (this.response.headersSent) {
      this.#options.log.error({ err: error, requestId: this.requestId }, 'answer cut short');
      this.response.destroy();
      return;
    }
    const problem = this.refusal(error);
    await this.send(problemReply(problem, this.requestId, this.#problemHeaders(problem)));
  }

  /** The refusal that an error stands for. What nobody foresaw is logged, and told as nothing but `internal`. */
  refusal(error: unknown): ProblemError {
    if (error instanceof ProblemError) return error;
    const { method } = this.request;
    const fields = { err: error, requestId: this.requestId, method, route: this.request.route?.path as unknown };
    const translated = this.#options.translateError?.(error);
    if (translated) {
      this.#options.log.warn(fields, 'request refused');
      return translated;
    }
    if (error instanceof URIError) return new ProblemError('invalid_request', 'the path is not properly encoded');
    this.#options.log.error(fields, 'request failed');
    return new ProblemError('internal', 'an unexpected fault; the operator finds it by the requestId');
  }

  #problemHeaders(problem: ProblemError): Record<string, string> {
    if (problem.status === 401) {
      const fault = this.token === undefined ? '' : ', error="invalid_token"';
      return { 'www-authenticate': `Bearer realm="aegis"${fault}` };
    }
    // The rest of an oversized body is not worth reading just to keep the connection.
    return problem.status === 413 && !this.request.complete ? { connection: 'close' } : {};
  }
}

function contentOf(body: unknown): string | Uint8Array | undefined {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return body;
  return JSON.stringify(body);
}
