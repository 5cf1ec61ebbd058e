import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from './support/api.ts';
import { startTestGateway, type Tenant, type TestGateway } from './support/test-gateway.ts';

const KEYS = 100;
const ATTEMPTS = 20;

let gateway: TestGateway;
let tenant: Tenant;
let urls: readonly [string, string];

beforeAll(async () => {
  gateway = await startTestGateway();
  urls = [gateway.url, (await gateway.startReplica()).url];
  tenant = await gateway.createTenant();
});
afterAll(() => gateway.stop());

const spend = (reason: string) => ({ agentId: tenant.agentId, amount: 10, currency: 'INR', reason });

function submit(url: string, key: string, body: object, signal?: AbortSignal) {
  const headers = { 'idempotency-key': key };
  return api(url, 'POST /v1/intents', { token: tenant.agentKey, body, headers, ...(signal ? { signal } : {}) });
}

async function storedUnder(prefix: string): Promise<{ intents: number; keys: number }> {
  return gateway.db.read(ALL_ORGANIZATIONS, async (tx) => {
    const { rows } = await tx.query<{ intents: bigint; keys: bigint }>(
      `SELECT count(*) AS intents, count(DISTINCT idempotency_key) AS keys FROM intents
       WHERE starts_with(idempotency_key, $1)`,
      [prefix],
    );
    return { intents: Number(rows[0]?.intents), keys: Number(rows[0]?.keys) };
  });
}

describe('a submission under an Idempotency-Key', () => {
  test('makes one intent of many concurrent requests on two replicas, whatever answers are lost, and one answer', async () => {
    let dropped = 0;
    const attempt = async (key: string, index: number) => {
      // A third of the clients go away after a moment: before, while or after their intent is committed.
      const signal = index % 3 === 0 ? AbortSignal.timeout(1 + ((index * 7) % 40)) : undefined;
      try {
        return await submit(urls[index % 2 === 0 ? 0 : 1], key, spend(key), signal);
      } catch (error) {
        if (!signal?.aborted) throw error;
        dropped += 1;
        return null;
      }
    };
    await Promise.all(
      Array.from({ length: KEYS }, async (_, number) => {
        const key = `storm-${number}`;
        const attempts = await Promise.all(Array.from({ length: ATTEMPTS }, (__, index) => attempt(key, index)));
        const last = await submit(urls[0], key, spend(key));
        const answers = [...attempts.filter((answer) => answer !== null), last];
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
        expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
        expect(last.headers.get('idempotency-replayed')).toBe('true');
        expect(answers.filter(({ headers }) => !headers.has('idempotency-replayed')).length).toBeLessThanOrEqual(1);
      }),
    );
    expect(dropped).toBeGreaterThan(0);
    expect(await storedUnder('storm-')).toEqual({ intents: KEYS, keys: KEYS });
  });

  test('is refused with another body, also while the first request is in the same batch', async () => {
    const reasons = ['first', 'second', 'first', 'third'];
    const answers = await Promise.all(reasons.map((reason) => submit(urls[0], 'mixed', spend(reason))));
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted.length).toBeGreaterThan(0);
    expect(new Set(accepted.map(({ body }) => body['id'])).size).toBe(1);
    for (const { status, body } of answers.filter((answer) => answer.status !== 202)) {
      expect({ status, code: body['code'] }).toEqual({ status: 422, code: 'idempotency_key_reused' });
    }
    expect(await storedUnder('mixed')).toEqual({ intents: 1, keys: 1 });
  });

  test('does not care how the same body is written', async () => {
    const body = { ...spend('same'), metadata: { a: 1, b: 2 } };
    const first = await submit(urls[0], 'spelling', body);
    const again = await api(urls[1], 'POST /v1/intents', {
      token: tenant.agentKey,
      text: `{"metadata":{"b":2,"a":1},"reason":"same","currency":"INR","amount":10.00,"agentId":"${tenant.agentId.toUpperCase()}"}`,
      headers: { 'idempotency-key': 'spelling' },
    });
    expect(again.body).toEqual(first.body);
  });

  test('belongs to whoever sent it: another caller makes another intent', async () => {
    const own = await submit(urls[0], 'shared', spend('shared'));
    const headers = { 'idempotency-key': 'shared' };
    const other = await api(urls[0], 'POST /v1/intents', { token: tenant.owner, body: spend('shared'), headers });
    expect(other.status).toBe(202);
    expect(other.body['id']).not.toBe(own.body['id']);
  });
});

test('the same request twice without a key makes two intents', async () => {
  const send = () => api(urls[0], 'POST /v1/intents', { token: tenant.agentKey, body: spend('twice') });
  const [first, second] = await Promise.all([send(), send()]);
  expect(first.body['id']).not.toBe(second.body['id']);
});
