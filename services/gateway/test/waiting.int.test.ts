import type { Database } from '@aegis/postgres/database';
import { createLogger } from '@aegis/runtime/log';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composeIntents } from '../src/intents.ts';
import { api } from './support/api.ts';
import { decidedData, decidedEvent } from './support/decided-event.ts';
import { startTestGateway, type Tenant, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
let tenant: Tenant;
let urls: readonly string[];

beforeAll(async () => {
  gateway = await startTestGateway();
  urls = [gateway.url, (await gateway.startReplica()).url];
  tenant = await gateway.createTenant();
});
afterAll(() => gateway.stop());

const spend = () => ({ agentId: tenant.agentId, amount: 10, currency: 'INR', reason: 'x' });

/** Decides every intent that is submitted from now on, as soon as its event comes. */
function decideAll(outcome: 'approved' | 'pending_approval', group: string) {
  return gateway.bus.subscribe({
    group,
    topics: ['aegis.intents'],
    handle: async (batch) =>
      gateway.bus.publish(
        batch.map(({ headers, key }) =>
          decidedEvent({
            organizationId: headers['ce_org'] ?? '',
            agentId: key,
            intentId: headers['ce_subject'] ?? '',
            outcome,
          }),
        ),
      ),
  });
}

describe('whoever waits', () => {
  test('gets the decided intent, on whichever replica they wait and whichever applies the decision', async () => {
    const policy = await decideAll('approved', 'test-approve');
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        api(urls[index % urls.length] ?? '', 'POST /v1/intents', {
          token: tenant.agentKey,
          body: spend(),
          headers: { prefer: 'wait=20' },
        }),
      ),
    );
    await policy.stop();
    for (const { status, headers, body } of answers) {
      expect(status).toBe(200);
      expect(headers.get('preference-applied')).toBe('wait=20');
      expect(headers.get('location')).toBe(`/v1/intents/${body['id']}`);
      expect(body).toMatchObject({ status: 'approved', policyDecision: 'allow', amount: 10, reason: 'x' });
    }
  });

  test('is answered when a person is asked, as that may take days', async () => {
    const policy = await decideAll('pending_approval', 'test-ask');
    const { status, body } = await api(gateway.url, 'POST /v1/intents', {
      token: tenant.agentKey,
      body: spend(),
      headers: { prefer: 'respond-async, wait=20' },
    });
    await policy.stop();
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'pending_approval', policyDecision: 'require_approval' });
  });

  test('gets the plain answer when nothing is decided in time', async () => {
    const answer = await api(gateway.url, 'POST /v1/intents', {
      token: tenant.agentKey,
      body: spend(),
      headers: { prefer: 'wait=1' },
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('preference-applied')).toBe('wait=1');
    expect(answer.body).toMatchObject({ status: 'pending', policyDecision: null });
    const read = await api(gateway.url, `GET /v1/intents/${answer.body['id']}?wait=1`, { token: tenant.agentKey });
    expect(read).toMatchObject({ status: 200, body: { status: 'pending' } });
  });

  test('again under the same Idempotency-Key waits for the first intent', async () => {
    const headers = { 'idempotency-key': 'patient', prefer: 'wait=20' };
    const call = { token: tenant.agentKey, body: spend(), headers };
    const first = api(urls[0] ?? '', 'POST /v1/intents', call);
    const second = api(urls[1] ?? '', 'POST /v1/intents', call);
    const policy = await decideAll('approved', 'test-patient');
    const answers = await Promise.all([first, second]);
    await policy.stop();
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[0]?.body).toEqual(answers[1]?.body);
  });

  test('may wait while reading, for 30 seconds at most', async () => {
    const { body } = await api(gateway.url, 'POST /v1/intents', { token: tenant.agentKey, body: spend() });
    const waiting = api(urls[1] ?? '', `GET /v1/intents/${body['id']}?wait=30`, { token: tenant.agentKey });
    const policy = await decideAll('approved', 'test-read');
    expect((await waiting).body).toMatchObject({ id: body['id'], status: 'approved', audit: expect.any(Array) });
    await policy.stop();
    const tooLong = await api(gateway.url, `GET /v1/intents/${body['id']}?wait=31`, { token: tenant.agentKey });
    expect(tooLong).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});

test('a decision applied by one replica wakes those who wait on another, without a sweep', async () => {
  const log = createLogger({ name: 'replica', level: 'silent' });
  const sweepMs = 3_600_000;
  const looked = Promise.withResolvers<void>();
  const db: Database = {
    ...gateway.db,
    read: (scope, work) => gateway.db.read(scope, work).finally(looked.resolve),
  };
  const compose = () =>
    composeIntents({
      db,
      databaseUrl: gateway.config.databaseUrl,
      policy: { getAgent: () => Promise.reject(new Error('not asked')) },
      now: null,
      log,
      sweepMs,
    });
  const [waiting, applying] = [compose(), compose()];
  const { body } = await api(gateway.url, 'POST /v1/intents', { token: tenant.agentKey, body: spend() });
  const intentId = String(body['id']);
  const { organizationId, agentId } = tenant;
  const waited = waiting.operations.awaitFinal({
    organizationId,
    id: intentId,
    timeoutMs: 20_000,
    signal: new AbortController().signal,
  });
  await looked.promise;
  await applying.handlers.applyDecided([
    { organizationId, data: decidedData({ organizationId, agentId, intentId, outcome: 'denied' }) },
  ]);
  const startedAt = performance.now();
  expect((await waited)?.status).toBe('denied');
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  await Promise.all([waiting.stop(), applying.stop()]);
});
