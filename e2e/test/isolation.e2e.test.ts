import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Client,
  type Json,
  newAgent,
  newOwner,
  personClient,
  submitDecided,
  uniqueMerchant,
  untilAnswer,
} from '../src/client.ts';

/** The owner of another organisation on the same system. */
let stranger: Client;

beforeAll(async () => {
  stranger = (await newOwner('Another organisation')).client;
});

describe('another organisation', () => {
  it('finds nothing of ours: every object answers exactly as a missing one', async () => {
    const admin = await personClient('admin');
    const agent = await newAgent();
    const merchant = uniqueMerchant();
    const rules = { match: 'all', conditions: [{ field: 'merchant', operator: 'eq', value: merchant }] };
    const policy = await admin.post('/v1/policies', { name: 'Ours', priority: 5, action: 'require_approval', rules });
    const intent = await submitDecided(agent, { merchant });
    const open = await untilAnswer(admin, '/v1/approvals', ({ body }) =>
      body.data.some((item: Json) => item.intent?.id === intent.id),
    );
    const approval = open.body.data.find((item: Json) => item.intent?.id === intent.id);
    const missing: Record<'agent' | 'intent' | 'policy' | 'approval' | 'schedule', string> = {
      agent: randomUUID(),
      intent: `int_${'0'.repeat(32)}`,
      policy: `pol_${'0'.repeat(32)}`,
      approval: `apr_${'0'.repeat(32)}`,
      schedule: `exs_${'0'.repeat(32)}`,
    };

    const paths = (ids: typeof missing): ['get' | 'post' | 'delete' | 'patch', string, unknown?][] => [
      ['get', `/v1/intents/${ids.intent}`],
      ['get', `/v1/audit/intents/${ids.intent}/timeline`],
      ['get', `/v1/agents/${ids.agent}`],
      ['patch', `/v1/agents/${ids.agent}`, { name: 'mine now' }],
      ['post', `/v1/agents/${ids.agent}/suspend`],
      ['get', `/v1/policies/${ids.policy}`],
      ['patch', `/v1/policies/${ids.policy}`, { isActive: false }],
      ['delete', `/v1/policies/${ids.policy}`],
      ['post', `/v1/approvals/${ids.approval}/respond`, { decision: 'approve' }],
      ['get', `/v1/audit/export-schedules/${ids.schedule}`],
      ['get', `/v1/audit/export-schedules/${ids.schedule}/runs`],
      ['post', `/v1/audit/export-schedules/${ids.schedule}/pause`],
      ['delete', `/v1/audit/export-schedules/${ids.schedule}`],
    ];
    const schedule = await admin.post('/v1/audit/export-schedules', {
      name: 'Ours',
      format: 'csv',
      standard: 'sox',
      cadence: 'monthly',
    });
    const ours = paths({
      agent: agent.id,
      intent: intent.id,
      policy: policy.body.id,
      approval: approval.id,
      schedule: schedule.body.id,
    });
    for (const [index, [method, path, body]] of paths(missing).entries()) {
      const [absent, present] = await Promise.all([
        stranger[method](path, body as never),
        stranger[method](ours[index]?.[1] ?? '', body as never),
      ]);
      expect([present.status, present.body.code, present.body.title], path).toEqual([
        404,
        absent.body.code,
        absent.body.title,
      ]);
    }
    const strange = await stranger.post('/v1/intents', { agentId: agent.id, amount: 1, currency: 'EUR', reason: 'x' });
    const unknown = await stranger.post('/v1/intents', {
      agentId: missing.agent,
      amount: 1,
      currency: 'EUR',
      reason: 'x',
    });
    expect([strange.status, strange.body.code]).toEqual([422, 'unknown_agent']);
    expect([unknown.status, unknown.body.code]).toEqual([422, 'unknown_agent']);
  });

  it('lists, exports and counts only its own', async () => {
    const agent = await newAgent();
    await submitDecided(agent);
    for (const path of [
      '/v1/intents',
      '/v1/agents',
      '/v1/policies',
      '/v1/approvals',
      `/v1/intents?agentId=${agent.id}`,
    ]) {
      expect((await stranger.get(path)).body.data, path).toEqual([]);
    }
    expect((await stranger.get(`/v1/analytics/spend?agentId=${agent.id}`)).body).toMatchObject({
      total: 0,
      intentCount: 0,
    });
    const { text } = await stranger.get('/v1/audit/export?format=csv&standard=generic');
    expect(text).not.toContain(agent.id);
    expect(text).toContain('organization.created');
  });
});
