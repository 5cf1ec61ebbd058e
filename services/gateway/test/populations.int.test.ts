import { randomUUID } from 'node:crypto';
import { newId } from '@aegis/contracts/ids';
import { createGrpcClient, type GrpcClient } from '@aegis/grpc/client';
import { type PopulationMethods, populationService } from '@aegis/grpc/definitions';
import type { IntentPage } from '@aegis/grpc/generated/aegis/gateway/v1/IntentPage';
import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from './support/api.ts';
import { decidedEvent } from './support/decided-event.ts';
import { startTestGateway, type Tenant, type TestGateway } from './support/test-gateway.ts';

const OPTIONS = { timeoutMs: 10_000 };

let gateway: TestGateway;
let tenant: Tenant;
let client: GrpcClient<PopulationMethods>;

beforeAll(async () => {
  gateway = await startTestGateway();
  tenant = await gateway.createTenant();
  const { grpcAddress } = await gateway.startReplica();
  client = createGrpcClient(populationService, { address: grpcAddress, tls: null });
});
afterAll(async () => {
  client.close();
  await gateway.stop();
});

const callerOf = (organizationId: string) => ({
  organizationId,
  actor: { type: 'service', id: 'audit', authMethod: 'internal' },
});

async function submit({ agentId, agentKey }: Tenant, amount = 5000): Promise<string> {
  const body = { agentId, amount, currency: 'INR', reason: 'x' };
  return (await api<{ id: string }>(gateway.url, 'POST /v1/intents', { token: agentKey, body })).body.id;
}

async function createdAt(intentId: string): Promise<string> {
  const { body } = await api<{ createdAt: string }>(gateway.url, `GET /v1/intents/${intentId}`, {
    token: tenant.agentKey,
  });
  return body.createdAt;
}

async function list(organizationId: string, created: { from?: string; to?: string } = {}) {
  const pages: IntentPage[] = [];
  for await (const page of client.listIntents({ caller: callerOf(organizationId), ...created }, OPTIONS))
    pages.push(page);
  return pages;
}

describe('the intents of the operational database', () => {
  test('are told oldest first, with what they count for as it stands', async () => {
    const ids = [await submit(tenant), await submit(tenant, 12.5), await submit(tenant)];
    const { organizationId, agentId } = tenant;
    await gateway.bus.publish([decidedEvent({ organizationId, agentId, intentId: ids[1] ?? '', outcome: 'approved' })]);
    await eventually(async () => {
      const [page] = await list(organizationId);
      expect(page?.intents.map(({ id, status, money }) => [id, status, money])).toEqual([
        [ids[0], 'pending', { amountMinor: '500000', currency: 'INR', exponent: 2 }],
        [ids[1], 'approved', { amountMinor: '1250', currency: 'INR', exponent: 2 }],
        [ids[2], 'pending', { amountMinor: '500000', currency: 'INR', exponent: 2 }],
      ]);
    });
  });

  test('are those of a half-open time, up to the clock that the answer tells', async () => {
    const { organizationId } = tenant;
    const [whole] = await list(organizationId);
    const ids = whole?.intents.map(({ id }) => id) ?? [];
    const times = await Promise.all(ids.map(createdAt));
    expect(times.every((time) => time < (whole?.asOf ?? ''))).toBe(true);
    const [, second, third] = times;
    const [part] = await list(organizationId, { from: second ?? '', to: third ?? '' });
    expect(part?.intents.map(({ id }) => id)).toEqual([ids[1]]);
  });

  test('are handed out in pages that leave nothing out and repeat nothing, also where many have one time', async () => {
    const other = await gateway.createTenant();
    await gateway.admin(`
      INSERT INTO gateway.intents (id, organization_id, agent_id, status, amount_minor, currency, exponent, reason,
        confidence, created_at, updated_at)
      SELECT 'int_' || lpad(to_hex(n), 32, '0'), '${other.organizationId}', '${other.agentId}', 'pending', n, 'INR', 2, '',
        1, timestamptz '2026-01-01' + (n / 1500) * interval '1 second', now()
      FROM generate_series(1, 3500) AS n`);
    const pages = await list(other.organizationId);
    expect(pages.map(({ intents }) => intents.length)).toEqual([1000, 1000, 1000, 500]);
    const amounts = pages.flatMap(({ intents }) => intents.map(({ money }) => Number(money?.amountMinor)));
    expect(amounts).toEqual(Array.from({ length: 3500 }, (_, index) => index + 1));
  });

  test('can be asked for by their ids, and those of another organisation do not exist', async () => {
    const id = await submit(tenant);
    const ask = (organizationId: string, ids: string[]) =>
      client.getIntents({ caller: callerOf(organizationId), ids }, OPTIONS);
    expect((await ask(tenant.organizationId, [id, newId('int')])).intents).toMatchObject([{ id, status: 'pending' }]);
    const { organizationId } = await gateway.createTenant();
    expect((await ask(organizationId, [id])).intents).toEqual([]);
    expect(await list(organizationId)).toMatchObject([{ intents: [] }]);
    await expect(ask('not a uuid', [id])).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(ask(randomUUID(), ['int_x'])).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('are read in the order of an index, not sorted', async () => {
    const plan: string[] = [];
    await gateway.db.read({ organizationId: tenant.organizationId }, async (tx) => {
      const { rows } = await tx.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT id FROM intents WHERE organization_id = $1 AND (created_at, id) > ($2, $3) AND created_at < $4
         ORDER BY created_at, id LIMIT 1000`,
        [tenant.organizationId, '-infinity', '', 'infinity'],
      );
      plan.push(...rows.map((row) => row['QUERY PLAN']));
    });
    expect(plan.join('\n')).toContain('intents_by_time');
    expect(plan.join('\n')).not.toContain('Sort');
  });
});
