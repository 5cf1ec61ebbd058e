import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AdminServer, type AdminServerOptions, startAdminServer } from '../src/admin-server.ts';
import { createLogger } from '../src/log.ts';
import { counter, gauge, histogram } from '../src/metrics.ts';
import { progressCheck, readinessOf } from '../src/service.ts';

const servers: AdminServer[] = [];
const log = createLogger({ name: 'test', level: 'silent' });

async function start(options: Partial<AdminServerOptions> = {}): Promise<string> {
  const server = await startAdminServer({
    host: '127.0.0.1',
    port: 0,
    log,
    readiness: async () => readinessOf({}),
    liveness: () => ({}),
    ...options,
  });
  servers.push(server);
  return `http://127.0.0.1:${server.port}`;
}

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

describe('startAdminServer', () => {
  it('is unready when one check fails, and says which', async () => {
    const checks = { store: { ok: true }, consumer: { ok: false, detail: 'not joined' } };
    const response = await fetch(`${await start({ readiness: async () => readinessOf(checks) })}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ok: false, checks });
  });

  it('is unready when the check throws or never answers', async () => {
    const failing = await start({ readiness: () => Promise.reject(new Error('no connection')) });
    expect(await (await fetch(`${failing}/readyz`)).json()).toMatchObject({
      checks: { readiness: { ok: false, detail: 'no connection' } },
    });
    const hanging = await start({ readiness: () => new Promise(() => undefined) });
    expect((await fetch(`${hanging}/readyz`)).status).toBe(503);
  });

  it('is dead when a consumer made no progress for too long, although it answers', async () => {
    const now = new Date('2026-01-01T00:10:00Z');
    const lastProgressAt = now.getTime() - 300_000;
    const base = await start({ liveness: () => ({ consumer: progressCheck(lastProgressAt, now, 120_000) }) });
    const response = await fetch(`${base}/livez`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ checks: { consumer: { detail: 'no progress for 300 s' } } });
  });

  it('shows counters, histograms and gauges by their Prometheus names', async () => {
    counter('test.sent.bytes', { description: 'Sent.', labels: ['format'] }).add(7, { format: 'csv' });
    histogram('test.wait.seconds', { description: 'Waited.', boundaries: [0.1, 1] }).record(0.5, {});
    gauge('test.height', { description: 'High.', labels: ['log'] }).observe(() => 42, { log: 'a' });
    const base = await start();
    const text = await (await fetch(`${base}/metrics`)).text();
    expect(text).toContain('test_sent_bytes_total{format="csv"} 7');
    expect(text).toContain('test_wait_seconds_bucket{le="1"} 1');
    expect(text).toContain('test_height{log="a"} 42');
  });

  it('serves nothing else', async () => {
    const base = await start();
    expect((await fetch(`${base}/`)).status).toBe(404);
    expect((await fetch(`${base}/__proto__`)).status).toBe(404);
    expect((await fetch(`${base}/livez`, { method: 'POST' })).status).toBe(404);
  });
});
