import { ProblemError } from '@aegis/contracts/problems';
import { Client, Metadata, type ServiceError, credentials, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { auditService } from '../src/definitions.ts';
import { ENTRY, REQUEST, closeAll, connect, serve } from './audit-server.ts';

afterEach(closeAll);

async function problemOf(promise: Promise<unknown>): Promise<ProblemError> {
  const error = await promise.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof ProblemError) return error;
  throw error;
}

describe('a unary call', () => {
  it('carries 64-bit numbers exactly and tells absent fields from empty ones', async () => {
    const requests: unknown[] = [];
    const server = await serve({
      listEntries: async (request) => {
        requests.push(request);
        return { entries: [], page: { hasMore: false } };
      },
    });
    const client = connect(server.address);
    expect(await client.listForIntent(REQUEST)).toEqual({ entries: [ENTRY] });
    const page = await client.listEntries({ caller: null, page: { limit: 0, offset: 0 }, type: '' });
    expect(requests).toEqual([{ caller: null, page: { limit: 0, offset: 0 }, type: '' }]);
    expect(page).toEqual({ entries: [], page: { hasMore: false } });
  });

  it('brings a problem back with its code, detail, fields and Retry-After', async () => {
    const thrown = new ProblemError(
      'rate_limited',
      'slow down — “später” \uD800',
      [{ path: 'a[0].b', message: 'no' }],
      7,
    );
    const server = await serve({ listForIntent: () => Promise.reject(thrown) });
    const problem = await problemOf(connect(server.address).listForIntent(REQUEST));
    expect(problem).toMatchObject({ code: 'rate_limited', errors: thrown.errors, retryAfterSeconds: 7 });
    expect(problem.message).toBe(thrown.message);
    expect(problem.cause).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  });

  it('brings back a problem with more field errors than headers hold', async () => {
    const errors = Array.from({ length: 5000 }, (_, index) => ({ path: `rules.conditions[${index}]`, message: 'no' }));
    const server = await serve({
      listForIntent: () => Promise.reject(new ProblemError('invalid_policy', 'x', errors)),
    });
    const problem = await problemOf(connect(server.address).listForIntent(REQUEST));
    expect(problem.code).toBe('invalid_policy');
    expect(problem.errors.length).toBeGreaterThan(10);
    expect(problem.errors).toEqual(errors.slice(0, problem.errors.length));
  });

  it('shows nothing of an unexpected error, and logs all of it', async () => {
    const server = await serve({ listForIntent: () => Promise.reject(new Error('column "hunter2" is missing')) });
    const problem = await problemOf(connect(server.address).listForIntent(REQUEST));
    expect(problem.code).toBe('internal');
    expect(JSON.stringify([problem.message, String(problem.cause)])).not.toContain('hunter2');
    expect(server.logged()).toContain('hunter2');
  });

  it('translates the errors a service declares', async () => {
    const problemOfError = (error: unknown) =>
      error instanceof RangeError ? new ProblemError('unavailable', 'the database is away') : null;
    const server = await serve(
      { listForIntent: () => Promise.reject(new RangeError('x')) },
      { problemOf: problemOfError },
    );
    const problem = await problemOf(connect(server.address).listForIntent(REQUEST));
    expect(problem).toMatchObject({ code: 'unavailable', message: 'the database is away' });
  });

  it('logs a response that does not fit its message', async () => {
    const server = await serve({ listForIntent: async () => ({ entries: 5 }) as never });
    expect((await problemOf(connect(server.address).listForIntent(REQUEST))).code).toBe('internal');
    expect(server.logged()).toContain('does not fit its message');
  });

  it('is unavailable when nobody listens', async () => {
    const problem = await problemOf(connect('localhost:1').listForIntent(REQUEST));
    expect(problem).toMatchObject({ code: 'unavailable', message: 'audit cannot be reached; try again' });
  });

  it('is unavailable where the server is older than the method, as in the middle of an upgrade', async () => {
    const server = await serve({}, { services: [] });
    const problem = await problemOf(connect(server.address).listForIntent(REQUEST));
    expect(problem).toMatchObject({ code: 'unavailable', message: expect.stringContaining('audit is older') });
  });

  it('ends at its deadline on both sides', async () => {
    const aborted = Promise.withResolvers<void>();
    const server = await serve({
      listForIntent: (_request, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted.resolve();
            reject(signal.reason);
          });
        }),
    });
    const problem = await problemOf(connect(server.address).listForIntent(REQUEST, { timeoutMs: 500 }));
    expect(problem).toMatchObject({ code: 'unavailable', message: 'audit did not answer in time; try again' });
    await aborted.promise;
    expect(server.logged()).not.toContain('"level":"error"');
  });

  it('ends on both sides when the caller gives up', async () => {
    const [entered, aborted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const server = await serve({
      listForIntent: (_request, { signal }) => {
        signal.addEventListener('abort', () => aborted.resolve());
        entered.resolve();
        return new Promise(() => undefined);
      },
    });
    const controller = new AbortController();
    const call = connect(server.address).listForIntent(REQUEST, { signal: controller.signal });
    await entered.promise;
    controller.abort(new Error('client left'));
    await expect(call).rejects.toThrow('client left');
    await aborted.promise;
  });

  it('does not abort the signal of a call that ended well', async () => {
    const signals: AbortSignal[] = [];
    const server = await serve({
      listForIntent: async (_request, { signal }) => {
        signals.push(signal);
        return { entries: [] };
      },
    });
    const client = connect(server.address);
    await client.listForIntent(REQUEST);
    await client.listForIntent(REQUEST);
    expect(signals.map((signal) => signal.aborted)).toEqual([false, false]);
  });

  it('is refused without a deadline', async () => {
    const handler = vi.fn();
    const server = await serve({ listForIntent: handler });
    const raw = new Client(server.address, credentials.createInsecure());
    const method = auditService.definition['ListForIntent'];
    const error = await new Promise<ServiceError | null>((resolve) => {
      raw.makeUnaryRequest(method!.path, method!.requestSerialize, method!.responseDeserialize, REQUEST, resolve);
    });
    raw.close();
    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'a call must have a deadline' });
    expect(handler).not.toHaveBeenCalled();
  });

  it('hands on the trace of a caller that does not trace itself', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const seen: (string | null)[] = [];
    const server = await serve({
      listForIntent: async (_request, context) => {
        seen.push(context.traceparent);
        return { entries: [] };
      },
    });
    const client = connect(server.address);
    await client.listForIntent(REQUEST, { traceparent });
    await client.listForIntent(REQUEST);
    expect(seen).toEqual([traceparent, null]);
  });

  it('reconnects after the server was away', async () => {
    const first = await serve({});
    const client = connect(first.address);
    await client.listForIntent(REQUEST);
    await first.stop();
    expect((await problemOf(client.listForIntent(REQUEST))).code).toBe('unavailable');
    await serve({}, { port: Number(first.address.split(':')[1]) });
    await vi.waitFor(() => client.listForIntent(REQUEST), { timeout: 30_000 });
  });
});

describe('the health protocol', () => {
  it('follows readiness and needs no deadline', async () => {
    let ready = true;
    const server = await serve({}, { readiness: async () => ({ ready, checks: {} }) });
    const raw = new Client(server.address, credentials.createInsecure());
    const check = () =>
      new Promise<Buffer | undefined>((resolve, reject) => {
        const done = (error: ServiceError | null, value?: Buffer) => (error ? reject(error) : resolve(value));
        const bytes = (value: Buffer) => value;
        raw.makeUnaryRequest('/grpc.health.v1.Health/Check', bytes, bytes, Buffer.alloc(0), new Metadata(), done);
      });
    // Field 1 as a varint: 1 is SERVING, 2 is NOT_SERVING.
    expect(await check()).toEqual(Buffer.from([8, 1]));
    ready = false;
    expect(await check()).toEqual(Buffer.from([8, 2]));
    raw.close();
  });
});
