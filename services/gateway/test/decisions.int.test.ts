import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from './support/api.ts';
import { decidedEvent, type DecisionOf } from './support/decided-event.ts';
import { seededRandom } from './support/random.ts';
import { startStatusJournal, type StatusJournal } from './support/status-journal.ts';
import { startTestGateway, type Tenant, type TestGateway } from './support/test-gateway.ts';

const INTENTS = 300;

let gateway: TestGateway;
let tenant: Tenant;
let journal: StatusJournal;

beforeAll(async () => {
  gateway = await startTestGateway();
  await gateway.startReplica();
  tenant = await gateway.createTenant();
  journal = await startStatusJournal(gateway.config.databaseUrl);
});
afterAll(async () => {
  await journal.stop();
  await gateway.stop();
});

async function submit(): Promise<string> {
  const body = { agentId: tenant.agentId, amount: 5000, currency: 'INR', reason: 'x' };
  const answer = await api<{ id: string }>(gateway.url, 'POST /v1/intents', { token: tenant.agentKey, body });
  return answer.body.id;
}

async function read(id: string, wait = 0): Promise<Record<string, unknown>> {
  const answer = await api(gateway.url, `GET /v1/intents/${id}?wait=${wait}`, { token: tenant.agentKey });
  return answer.body;
}

function decided(intentId: string, decision: Pick<DecisionOf, 'outcome' | 'policyDecision' | 'policyName'>) {
  const { organizationId, agentId } = tenant;
  return decidedEvent({ organizationId, agentId, intentId, ...decision });
}

/** All of an agent's decisions are in one partition: when a last one is applied, so are those before it. */
async function settled(): Promise<void> {
  const last = await submit();
  await gateway.bus.publish([decided(last, { outcome: 'approved' })]);
  expect((await read(last, 20))['status']).toBe('approved');
}

describe('decisions', () => {
  test('delivered one to five times in any order move each intent to one final state, once', async () => {
    const { seed, integer, shuffled } = seededRandom();
    const ids = await Promise.all(Array.from({ length: INTENTS }, submit));
    const outcomes = new Map(ids.map((id, index) => [id, index % 2 === 0 ? 'approved' : 'denied'] as const));
    const deliveries = [...outcomes].flatMap(([id, outcome], index) => {
      const asked = decided(id, { outcome: 'pending_approval' });
      const final = decided(id, { outcome, policyDecision: 'require_approval' });
      const events = index % 3 === 0 ? [final] : [asked, final];
      return events.flatMap((event) => Array.from({ length: integer(1, 5) }, () => event));
    });
    const order = shuffled(deliveries);
    for (let start = 0; start < order.length; start += 50) await gateway.bus.publish(order.slice(start, start + 50));
    await settled();

    const moves = await journal.read();
    for (const [id, outcome] of outcomes) {
      const path = moves.get(id)?.join(' then ');
      expect([outcome, `pending_approval then ${outcome}`], `${id}, TEST_SEED=${seed}`).toContain(path);
      expect((await read(id))['status']).toBe(outcome);
    }
  });

  test('that contradict a final one change nothing', async () => {
    const id = await submit();
    await gateway.bus.publish([
      decided(id, { outcome: 'denied', policyName: 'First' }),
      decided(id, { outcome: 'approved', policyName: 'Second' }),
      decided(id, { outcome: 'pending_approval', policyName: 'Third' }),
    ]);
    await settled();
    const before = await read(id);
    expect(before).toMatchObject({ status: 'denied', policyDecision: 'deny', matchedPolicy: 'First' });
    await gateway.bus.publish([decided(id, { outcome: 'approved', policyName: 'Late' })]);
    await settled();
    expect(await read(id)).toEqual(before);
  });

  test("of another organisation's event never touch an intent", async () => {
    const id = await submit();
    const other = await gateway.createTenant();
    const forged = decidedEvent({
      organizationId: other.organizationId,
      agentId: tenant.agentId,
      intentId: id,
      outcome: 'approved',
    });
    await gateway.bus.publish([forged]);
    await settled();
    expect((await read(id))['status']).toBe('pending');
  });

  test('carry policy, risk, factors and reasons to the intent', async () => {
    const id = await submit();
    await gateway.bus.publish([decided(id, { outcome: 'approved', policyName: 'Default Allow' })]);
    expect(await read(id, 20)).toMatchObject({
      status: 'approved',
      policyDecision: 'allow',
      matchedPolicy: 'Default Allow',
      matchedPolicyId: expect.stringMatching(/^pol_/),
      riskScore: 0.12,
      riskFactors: [{ name: 'new_merchant', contribution: 0.12, detail: 'first time' }],
      reasons: ['the policy "Large spend" matches'],
    });
  });

  test('that nobody can read go to the dead letters, and those around them are applied', async () => {
    const ids = await Promise.all([submit(), submit()]);
    const [first, last] = ids.map((id) => decided(id, { outcome: 'approved' }));
    if (!first || !last) throw new Error('two events were made');
    const unreadable = { ...first, value: '{"intentId":"nonsense"}' };
    const letters: string[] = [];
    const subscription = await gateway.bus.subscribe({
      group: 'test-letters',
      topics: ['aegis.dead-letters'],
      handle: async (batch) => void letters.push(...batch.map((letter) => letter.value)),
    });
    await gateway.bus.publish([first, unreadable, last]);
    for (const id of ids) expect((await read(id, 20))['status']).toBe('approved');
    await expect.poll(() => letters).toEqual([unreadable.value]);
    await subscription.stop();
  });
});
