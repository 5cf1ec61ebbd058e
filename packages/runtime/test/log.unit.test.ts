import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../src/log.ts';

const CANARY = 'aegis_sk_c4n4ryC4N4RY-c4n4ry_1a2b3c4d';

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger({ name: 'test', level: 'trace', destination: { write: (line: string) => lines.push(line) } }));
  return lines.join('');
}

describe('createLogger', () => {
  it('writes one JSON object a line with level, time and service', () => {
    const line = JSON.parse(logged((log) => log.info({ count: 2 }, 'hello')));
    expect(line).toEqual({ level: 'info', time: expect.any(String), service: 'test', count: 2, msg: 'hello' });
    expect(new Date(line.time).toISOString()).toBe(line.time);
  });

  it.each([
    ['an authorization header at any depth', { req: { headers: { authorization: 'Basic hunter2' } } }],
    ['a list of cookies', { 'set-cookie': ['a=hunter2', 'b="hunter2"'] }],
    ['a password with quotes in it', { user: { newPassword: 'x"hunter2' } }],
    ['a signing secret', { webhookSecret: 'hunter2' }],
    ['the key of a service', { apiKey: 'hunter2', private_key: 'hunter2' }],
    ['a bearer token in text', { note: 'sent Bearer hunter2.abc' }],
    ['a password in a URL', { url: 'postgres://aegis:hunter2@db:5432/x' }],
  ])('hides %s', (_what, fields) => {
    const line = logged((log) => log.info(fields, 'x'));
    expect(line).not.toContain('hunter2');
    expect(JSON.parse(line).msg).toBe('x');
  });

  it('takes linear time on text made to slow it', () => {
    const started = performance.now();
    logged((log) => log.info({ text: 'secret'.repeat(50_000), other: 'bearer '.repeat(50_000) }, 'x'));
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('leaves the id of a key in clear', () => {
    expect(logged((log) => log.info({ apiKeyId: 'key_1' }, 'x'))).toContain('key_1');
  });

  it('hides an API key wherever it stands, in an error with its cause as in a message', () => {
    const error = new Error(`bad key ${CANARY}`, { cause: new Error(CANARY) });
    const text = logged((log) => log.error({ err: error, nested: [{ deep: CANARY }] }, `got ${CANARY}`));
    expect(text).not.toContain(CANARY.slice('aegis_sk_'.length));
    expect(text).toContain('aegis_sk_[redacted]');
  });

  it('keeps every line valid JSON, and what is not secret unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, secret) => {
        const line = JSON.parse(logged((log) => log.info({ data: { password: secret, after: 1 }, value }, 'x')));
        expect(line.data).toEqual({ password: '[redacted]', after: 1 });
        expect(JSON.stringify(line.value)).toBe(JSON.stringify(value));
      }),
    );
  });

  describe('within a span', () => {
    beforeAll(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
    afterAll(() => context.disable());

    it('carries the ids of the trace', () => {
      const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
      const span = trace.wrapSpanContext({ ...ids, traceFlags: 1 });
      const line = context.with(trace.setSpan(context.active(), span), () => logged((log) => log.info('x')));
      expect(JSON.parse(line)).toMatchObject(ids);
    });
  });
});
