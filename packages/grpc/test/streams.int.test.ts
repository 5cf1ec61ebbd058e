import { ProblemError } from '@aegis/contracts/problems';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { closeAll, connect, serve } from './audit-server.ts';

const REQUEST = { caller: null, format: 'json', standard: 'generic' };
const CHUNK = Buffer.alloc(64 * 1024, 7);
const chunk = (content: Buffer) => ({ content, file: null });

afterEach(closeAll);

describe('a server stream', () => {
  it('delivers every message in order', async () => {
    const server = await serve({
      async *export() {
        for (let index = 0; index < 200; index += 1) yield chunk(Buffer.from([index]));
      },
    });
    const received: number[] = [];
    for await (const { content } of connect(server.address).export(REQUEST, { timeoutMs: 10_000 })) {
      received.push(content[0] ?? -1);
    }
    expect(received).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  it('produces no more than buffers hold while its reader pauses', async () => {
    let produced = 0;
    const server = await serve({
      async *export() {
        for (; produced < 10_000; produced += 1) yield chunk(CHUNK);
      },
    });
    const stream = connect(server.address).export(REQUEST, { timeoutMs: 30_000 })[Symbol.asyncIterator]();
    await stream.next();
    // The source has stopped when a thousand turns of the loop produced nothing more.
    await vi.waitFor(
      async () => {
        const before = produced;
        for (let count = 0; count < 1000; count += 1) await turn();
        expect(produced).toBe(before);
      },
      { timeout: 30_000 },
    );
    expect(produced).toBeGreaterThan(1);
    expect(produced).toBeLessThan(200);
    const stalledAt = produced;
    for (let count = 0; count < 300; count += 1) await stream.next();
    expect(produced).toBeGreaterThan(stalledAt);
    await stream.return?.();
  });

  it('ends its source when the reader stops early', async () => {
    const ended = Promise.withResolvers<void>();
    const server = await serve({
      async *export() {
        try {
          for (;;) yield chunk(CHUNK);
        } finally {
          ended.resolve();
        }
      },
    });
    for await (const { content } of connect(server.address).export(REQUEST, { timeoutMs: 30_000 })) {
      expect(content).toHaveLength(CHUNK.length);
      break;
    }
    await ended.promise;
  });

  it('ends with the problem its source raised, after what it had sent', async () => {
    const server = await serve({
      async *export() {
        yield chunk(Buffer.from('a'));
        throw new ProblemError('export_refused', 'entry 7 does not match its checksum');
      },
    });
    const received: string[] = [];
    const read = async () => {
      for await (const { content } of connect(server.address).export(REQUEST, { timeoutMs: 10_000 })) {
        received.push(content.toString());
      }
    };
    await expect(read()).rejects.toMatchObject({
      code: 'export_refused',
      message: 'entry 7 does not match its checksum',
    });
    expect(received).toEqual(['a']);
  });

  it('ends at its deadline, and its source with it', async () => {
    const ended = Promise.withResolvers<void>();
    const server = await serve({
      async *export(_request, { signal }) {
        yield chunk(CHUNK);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        ended.resolve();
      },
    });
    const stream = connect(server.address).export(REQUEST, { timeoutMs: 1000 })[Symbol.asyncIterator]();
    await stream.next();
    await expect(stream.next()).rejects.toMatchObject({ code: 'unavailable' });
    await ended.promise;
  });
});

describe('stopping a server', () => {
  it('lets the call in flight finish and refuses new ones', async () => {
    const [entered, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const server = await serve({
      async *export() {
        entered.resolve();
        yield chunk(Buffer.from('first'));
        await release.promise;
        yield chunk(Buffer.from('last'));
      },
    });
    const stream = connect(server.address).export(REQUEST, { timeoutMs: 10_000 })[Symbol.asyncIterator]();
    expect(String((await stream.next()).value?.content)).toBe('first');
    await entered.promise;
    let stopped = false;
    const stopping = server.stop().then(() => (stopped = true));
    await expect(connect(server.address).listForIntent({ caller: null, intentId: '' })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(stopped).toBe(false);
    release.resolve();
    expect(String((await stream.next()).value?.content)).toBe('last');
    expect((await stream.next()).done).toBe(true);
    await stopping;
  });

  it('cuts off what does not finish within the bound', async () => {
    const aborted = Promise.withResolvers<void>();
    const server = await serve(
      {
        async *export(_request, { signal }) {
          signal.addEventListener('abort', () => aborted.resolve());
          yield chunk(CHUNK);
          await new Promise(() => undefined);
        },
      },
      { stopTimeoutMs: 50 },
    );
    const stream = connect(server.address).export(REQUEST, { timeoutMs: 60_000 })[Symbol.asyncIterator]();
    await stream.next();
    await server.stop();
    await expect(stream.next()).rejects.toMatchObject({ code: 'unavailable' });
    await aborted.promise;
    expect(server.logged()).toContain('were cut off');
  });
});
