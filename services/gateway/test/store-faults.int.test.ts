import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from './support/api.ts';
import { seededRandom } from './support/random.ts';
import { startTestGateway, type Tenant, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
let tenant: Tenant;

beforeAll(async () => {
  gateway = await startTestGateway();
  tenant = await gateway.createTenant();
});
afterAll(() => gateway.stop());

function submit(key: string) {
  return api<{ id: string }>(gateway.url, 'POST /v1/intents', {
    token: tenant.agentKey,
    body: { agentId: tenant.agentId, amount: 10, currency: 'INR', reason: key },
    headers: { 'idempotency-key': key },
  });
}

/** Ids of intents under keys with a prefix, by key. */
async function stored(prefix: string): Promise<Map<string, string>> {
  return gateway.db.read(ALL_ORGANIZATIONS, async (tx) => {
    const { rows } = await tx.query<{ key: string; id: string }>(
      'SELECT idempotency_key AS key, id FROM intents WHERE starts_with(idempotency_key, $1)',
      [prefix],
    );
    return new Map(rows.map(({ key, id }) => [key, id]));
  });
}

describe('when the store', () => {
  test('is cut off at COMMIT, no acknowledged intent is lost, none is stored twice, and each has one event', async () => {
    const { seed, integer } = seededRandom();
    const events = new Map<string, Set<string>>();
    const subscription = await gateway.bus.subscribe({
      group: 'test-faults',
      topics: ['aegis.intents'],
      handle: async (batch) => {
        for (const { headers } of batch) {
          const intentId = headers['ce_subject'] ?? '';
          events.set(intentId, (events.get(intentId) ?? new Set()).add(headers['ce_id'] ?? ''));
        }
      },
    });
    let cuts = 0;
    gateway.proxy.judge((chunk) => {
      if (!chunk.includes('COMMIT') || integer(0, 3) > 0) return 'forward';
      cuts += 1;
      return integer(0, 1) === 0 ? 'cut' : 'cut-answer';
    });
    const acknowledged = new Map<string, string>();
    const untilAccepted = async (key: string) => {
      for (;;) {
        const { status, body } = await submit(key);
        if (status === 202) return void acknowledged.set(key, body.id);
        expect(status, JSON.stringify(body)).toBe(503);
      }
    };
    // Submits that arrive together share a COMMIT, so how many there are to cut is not fixed by the number of submits.
    for (let round = 0; round < 40 || cuts < 6; round += 1) {
      await Promise.all(Array.from({ length: 5 }, (_, index) => untilAccepted(`cut-${round}-${index}`)));
    }
    gateway.proxy.judge(() => 'forward');

    expect(await stored('cut-'), `TEST_SEED=${seed}`).toEqual(acknowledged);
    await expect.poll(() => events.size, { timeout: 20_000 }).toBe(acknowledged.size);
    for (const id of acknowledged.values()) expect(events.get(id)?.size, `TEST_SEED=${seed}`).toBe(1);
    await subscription.stop();
  });

  test('is silent, as behind a broken network, requests end in time all the same', async () => {
    gateway.proxy.freeze();
    const refusals = await Promise.all([
      submit('silence'),
      api(gateway.url, 'GET /v1/intents', { token: tenant.agentKey }),
    ]);
    gateway.proxy.thaw();
    for (const refusal of refusals) expect(refusal).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    await expect.poll(async () => (await submit('silence')).status, { timeout: 20_000 }).toBe(202);
    expect((await stored('silence')).size).toBe(1);
  });

  test('cannot be reached, requests are refused in time as unavailable, and accepted again afterwards', async () => {
    gateway.proxy.judge(() => 'cut');
    gateway.proxy.cut();
    const refused = await submit('outage');
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(await api(gateway.url, 'GET /v1/intents', { token: tenant.agentKey })).toMatchObject({ status: 503 });
    expect(await api(gateway.url, 'GET /readyz')).toMatchObject({ status: 503, body: { ok: false } });
    expect(await api(gateway.url, 'GET /livez')).toMatchObject({ status: 200, body: { ok: true } });
    gateway.proxy.judge(() => 'forward');
    await expect.poll(async () => (await submit('outage')).status, { timeout: 20_000 }).toBe(202);
    await expect.poll(async () => (await api(gateway.url, 'GET /readyz')).status, { timeout: 20_000 }).toBe(200);
    expect((await stored('outage')).size).toBe(1);
  });
});
