import { describe, expect, test } from 'vitest';
import { api } from './support/api.ts';
import { sharedGateway } from './support/shared-gateway.ts';

const shared = sharedGateway();
const { call } = shared;

const rate = { currency: 'EUR', rate: '90.5', effectiveAt: '2026-03-05T00:00:00Z' };

function csv(text: string, contentType = 'text/csv; charset=utf-8') {
  return fetch(new URL('/v1/fx-rates', shared.gateway.url), {
    method: 'PUT',
    headers: { authorization: `Bearer ${shared.tenant.owner}`, 'content-type': contentType },
    body: text,
  });
}

describe('exchange rates', () => {
  test('are put as JSON and as CSV alike', async () => {
    const put = await call('PUT /v1/fx-rates', { rates: [rate] });
    expect(put).toMatchObject({
      status: 200,
      body: { data: [{ currency: 'EUR', rate: '90.5', baseCurrency: 'INR' }] },
    });
    const answer = await csv('\uFEFFcurrency,rate,effectiveAt\r\nEUR,90.5,2026-03-05T00:00:00Z\r\nUSD, 83.1,\r\n');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      data: [
        { currency: 'EUR', effectiveAt: '2026-03-05T00:00:00Z' },
        { currency: 'USD', rate: '83.1' },
      ],
    });
  });

  test.each([90.5, 'NaN', '-1', '0', '1e309', '9'.repeat(400), null])(
    'of %j are refused, by their place',
    async (value) => {
      const refused = await call('PUT /v1/fx-rates', { rates: [rate, { ...rate, rate: value }] });
      expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringContaining('rates[1].rate') } });
    },
  );

  test.each([
    ['no header', 'EUR,90.5\n'],
    ['an unknown column', 'currency,rate,source\nEUR,90.5,ecb\n'],
    ['a broken quote', 'currency,rate\n"EUR,90.5\n'],
    ['no rates', 'currency,rate\n'],
    ['a rate that is none', 'currency,rate\nEUR,NaN\n'],
  ])('in CSV with %s are refused', async (_, text) => {
    expect((await csv(text)).status).toBe(400);
  });

  test('of another content type, another charset or too many are refused', async () => {
    expect((await csv('x', 'text/plain')).status).toBe(415);
    expect((await csv('x', 'text/csv; charset=utf-16')).status).toBe(415);
    expect((await csv(`currency,rate\n${'EUR,90.5\n'.repeat(501)}`)).status).toBe(400);
    expect((await csv('x'.repeat(70_000))).status).toBe(413);
  });

  test('other routes take no CSV', async () => {
    const headers = { 'content-type': 'text/csv' };
    const answer = await api(shared.gateway.url, 'POST /v1/agents', { token: shared.tenant.owner, body: {}, headers });
    expect(answer.status).toBe(415);
  });

  test('are listed in pages, and unknown parameters are refused', async () => {
    expect(await call('GET /v1/fx-rates?currency=EUR')).toMatchObject({ status: 200, body: { data: [] } });
    expect(await call('GET /v1/fx-rates?at=now')).toMatchObject({ status: 400 });
    expect(await call('GET /v1/fx-rates?currency=euro')).toMatchObject({ status: 400 });
  });
});
