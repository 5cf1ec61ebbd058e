import { describe, expect, test } from 'vitest';
import { sharedGateway } from './support/shared-gateway.ts';

const shared = sharedGateway();
const { call } = shared;

describe('audit', () => {
  test('lists entries with checksum and predecessor', async () => {
    const { body } = await call('GET /v1/audit?type=intent.submitted&limit=5');
    expect(body).toMatchObject({
      data: [
        {
          seq: 0,
          actor: { type: 'agent', role: null },
          subject: { type: 'intent' },
          data: { currency: 'INR' },
          previousChecksum: '0'.repeat(64),
        },
      ],
      pagination: { limit: 5, offset: 0, total: 1 },
    });
  });

  test('has the timeline of an intent, with the way to each entry’s proof', async () => {
    const id = `int_${'7'.repeat(32)}`;
    const { body } = await call(`GET /v1/audit/intents/${id}/timeline`);
    expect(body).toMatchObject({
      data: [{ subject: { id }, proof: '/v1/audit/evt_1/proof', erased: [] }],
      pagination: { hasMore: false, total: null },
    });
    for (const query of ['offset=1', 'limit=101', 'from=2026-01-01T00:00:00Z']) {
      expect((await call(`GET /v1/audit/intents/${id}/timeline?${query}`)).status).toBe(400);
    }
    expect((await call('GET /v1/audit/intents/x/timeline')).status).toBe(404);
  });

  test('verifies in lines, of which the last one holds the result', async () => {
    const response = await fetch(`${shared.gateway.url}/v1/audit/verify`, {
      headers: { authorization: `Bearer ${shared.tenant.owner}` },
    });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      { checked: 1, size: 2, done: false, intact: null, fault: null, head: null },
      { checked: 2, size: 2, done: true, intact: true, fault: null, head: 'a'.repeat(64) },
    ]);
  });

  test('decides recorded decisions again in lines, and tells what differs', async () => {
    const verify = async (query: string) => {
      const response = await fetch(`${shared.gateway.url}/v1/decisions/verify${query}`, {
        headers: { authorization: `Bearer ${shared.tenant.owner}` },
      });
      return { status: response.status, lines: (await response.text()).trim().split('\n') };
    };
    const { lines } = await verify('');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      {
        checked: 1,
        total: 2,
        findings: [
          {
            result: 'different',
            cause: null,
            differences: [{ field: 'outcome', recorded: 'approved', again: 'denied' }],
          },
        ],
        done: false,
      },
      { checked: 2, different: 1, findings: [], done: true },
    ]);
    expect((await verify('?from=2026-03-05')).lines[0]).toContain('"findings":[]');
    expect(await verify('?from=yesterday')).toMatchObject({ status: 400 });
  });

  test('exports at the speed of the reader, and stops when the reader goes away', async () => {
    const { audit } = shared.gateway.services;
    const abort = new AbortController();
    const response = await fetch(`${shared.gateway.url}/v1/audit/export?format=csv&standard=sox`, {
      headers: { authorization: `Bearer ${shared.tenant.owner}` },
      signal: abort.signal,
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="audit.csv"');
    const reader = response.body?.getReader();
    await reader?.read();
    let sent = -1;
    // A reader that takes nothing more: the source comes to rest when the buffers on the way are full.
    await expect
      .poll(
        () => {
          const before = sent;
          sent = audit.chunksSent;
          return sent === before;
        },
        { interval: 300, timeout: 20_000 },
      )
      .toBe(true);
    expect(audit.aborted).toBe(false);
    abort.abort();
    await expect.poll(() => audit.aborted, { timeout: 5_000 }).toBe(true);
  });

  test.each(['2026-13-01', '2026-02-30', '2026-03-05T10:00', 'today'])(
    'tells what an end of the time to export looks like, which %s does not',
    async (from) => {
      const detail = 'from must be a time such as 2026-03-05T10:00:00Z or a date such as 2026-03-05';
      expect(await call(`GET /v1/audit/export?format=csv&standard=sox&from=${from}`)).toMatchObject({
        status: 400,
        body: { detail },
      });
    },
  );

  test('refuses an export before its first byte as a proper problem', async () => {
    shared.gateway.services.audit.refuses = true;
    const answer = await call('GET /v1/audit/export?format=json&standard=generic');
    shared.gateway.services.audit.refuses = false;
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'export_refused', detail: 'entry 7 has a wrong checksum' },
    });
    expect(await call('GET /v1/audit/export?format=xml&standard=sox')).toMatchObject({ status: 400 });
    expect(
      await call('GET /v1/audit/export?format=csv&standard=sox', undefined, shared.tenant.backendKey),
    ).toMatchObject({
      status: 403,
    });
  });
});
