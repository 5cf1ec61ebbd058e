import { describe, expect, test } from 'vitest';
import { sharedGateway } from './support/shared-gateway.ts';

const shared = sharedGateway();
const { call } = shared;

describe('policies', () => {
  const rules = { match: 'all', conditions: [{ field: 'amount', operator: 'gte', value: 50_000 }] };

  test('are created active, listed whole, changed and archived', async () => {
    const approval = { assignees: [{ role: 'finance' }], quorum: 2, expiresInMinutes: 60 };
    const created = await call('POST /v1/policies', {
      name: 'Large spend',
      priority: 80,
      action: 'require_approval',
      rules,
      approval,
      description: 'Two people look at it',
    });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      id: expect.stringMatching(/^pol_[0-9a-f]{32}$/),
      version: 1,
      priority: 80,
      rules,
      approval,
      isActive: true,
      archived: false,
    });
    const path = created.headers.get('location');
    const changed = await call(`PATCH ${path}`, { isActive: false, priority: 81.5 });
    expect(changed.body).toMatchObject({ version: 2, isActive: false, priority: 81.5, name: 'Large spend' });
    expect((await call('GET /v1/policies')).body['data']).toMatchObject([{ name: 'Large spend' }]);
    expect(await call(`DELETE ${path}`)).toMatchObject({ status: 204, body: null });
    expect((await call(`GET ${path}`)).body).toMatchObject({ archived: true });
  });

  test('with rules that cannot be evaluated are refused with the path', async () => {
    const body = {
      name: 'x',
      priority: 1,
      action: 'deny',
      rules: { match: 'all', conditions: [{ field: 'nonsense' }] },
    };
    expect(await call('POST /v1/policies', body)).toMatchObject({
      status: 422,
      body: { code: 'invalid_policy', errors: [{ path: 'rules.conditions[0].field', message: 'names no field' }] },
    });
  });

  test('are read version by version, alone and as the sets that decided', async () => {
    const shadow = { name: 'Quiet', priority: 1, action: 'deny', rules, mode: 'shadow' };
    const { body: created } = await call('POST /v1/policies', shadow);
    expect(created).toMatchObject({ mode: 'shadow' });
    expect((await call(`GET /v1/policies/${created['id']}/versions`)).body).toMatchObject({
      data: [{ id: created['id'], version: 1 }],
      pagination: { total: 1, hasMore: false },
    });
    const { body: sets } = await call('GET /v1/policy-sets?limit=5');
    expect(sets).toMatchObject({ data: [{ version: 3, policyCount: 1 }], pagination: { limit: 5 } });
    const { body: set } = await call('GET /v1/policy-sets/3');
    expect(set).toMatchObject({ hash: 'c'.repeat(64), defaultAction: 'allow' });
    expect(set['policies']).toContainEqual(created);
    expect(await call('GET /v1/policy-sets/4')).toMatchObject({ status: 404 });
    expect(await call('GET /v1/policy-sets/x')).toMatchObject({ status: 404 });
  });

  test('refuse what is not supported rather than ignoring it', async () => {
    const body = { name: 'x', priority: 1, action: 'deny', rules, onMatch: 'page me' };
    const answer = await call('POST /v1/policies', body);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'onMatch' }] } });
    expect(await call('PATCH /v1/policies/pol_1', { name: 'x' })).toMatchObject({ status: 404 });
    expect(await call('POST /v1/policies', { ...body, onMatch: undefined, action: 'maybe' })).toMatchObject({
      status: 400,
    });
  });

  test('are simulated over a window in lines, of which the last has the report', async () => {
    const simulate = async (body: object) => {
      const response = await fetch(`${shared.gateway.url}/v1/policies/simulate`, {
        method: 'POST',
        headers: { authorization: `Bearer ${shared.tenant.owner}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      return {
        status: response.status,
        lines: text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      };
    };
    const strict = { name: 'Strict', priority: 1, action: 'deny', rules };
    const { status, lines } = await simulate({ window: { days: 30 }, policies: [strict], newRequests: 'unanswered' });
    expect(status).toBe(200);
    expect(lines[0]).toEqual({ replayed: 1, total: 2, report: null });
    expect(lines[1]).toMatchObject({
      replayed: 2,
      report: {
        intents: 2,
        changed: 1,
        assumption: 'unanswered',
        currency: 'INR',
        outcomes: [{ before: 'approved', after: 'denied', count: 1, amount: 10.5 }],
        policies: [{ kind: 'policy', id: null, name: 'Strict', before: { count: 0 }, after: { count: 1 } }],
        examples: [{ before: { outcome: 'approved' }, after: { matchedPolicy: 'Strict', reasons: ['unanswered'] } }],
      },
    });
    const from = '2026-03-05T00:00:00+05:30';
    const told = await simulate({ window: { from }, intents: true });
    expect(told.lines[0].intents).toMatchObject([{ createdAt: '2026-03-04T18:30:00.000Z', amount: 10.5 }]);
    expect(await simulate({ window: { days: 0 } })).toMatchObject({ status: 400 });
    expect(await simulate({ window: {}, policies: [{ ...strict, onMatch: 1 }] })).toMatchObject({ status: 400 });
    const broken = { ...strict, rules: { match: 'all', conditions: [{ field: 'nonsense' }] } };
    expect(await simulate({ window: {}, policies: [broken] })).toMatchObject({
      status: 422,
      lines: [{ code: 'invalid_policy', errors: [{ path: 'policies[0].rules.conditions[0].field' }] }],
    });
  });

  test('are tried on one intent, with what every condition saw and the answer of today', async () => {
    const intent = {
      agentId: '0193f2c3-a1b2-7c4d-8e5f-60718293a4b5',
      amount: 60_000.5,
      currency: 'INR',
      reason: 'x',
      metadata: { project: 'a' },
    };
    const strict = { name: 'Strict', priority: 1, action: 'deny', rules };
    const at = '2026-03-05T00:00:00+05:30';
    const proposed = await call('POST /v1/policies/simulate', { intent, at, policies: [strict] });
    expect(proposed.status).toBe(200);
    expect(proposed.body).toEqual({
      decision: 'deny',
      matchedPolicy: 'Strict',
      matchedPolicyId: null,
      reasons: ['6000050 of 2 INR', '2026-03-04T18:30:00.000Z', '{"project":"a"}'],
      guards: [{ name: 'Daily Limit', verdict: 'deny', reason: 'Daily Limit: no' }],
      limits: [
        { name: 'Daily Limit', whose: 'the agent', limit: 100, spent: 50, held: 1, fits: false },
        { name: 'Monthly Limit', whose: 'the category "travel"', limit: 0, spent: 0, held: 0, fits: null },
      ],
      riskScore: 0.15,
      riskFactors: [{ name: 'unusual_hour', contribution: 0.1, detail: 'late' }],
      policies: [
        {
          id: null,
          name: 'Strict',
          priority: 2.5,
          action: 'deny',
          mode: 'enforce',
          isActive: true,
          holds: true,
          answers: true,
          conditions: [
            {
              path: 'rules.conditions[0]',
              field: 'amount',
              operator: 'gte',
              value: 50_000,
              actual: 60_000,
              holds: true,
            },
            {
              path: 'rules.conditions[0]',
              field: 'merchant',
              operator: 'exists',
              value: null,
              actual: null,
              holds: false,
            },
          ],
        },
      ],
      policiesLeftOut: 0,
      live: { decision: 'allow', matchedPolicy: 'Default Allow', matchedPolicyId: null },
      changed: true,
      policySetVersion: 3,
    });
    const today = await call('POST /v1/policies/simulate', { intent });
    expect(today.body).toMatchObject({ live: null, changed: false });
  });

  test('are not tried on an intent that could not be submitted, and the path says why', async () => {
    const intent = { agentId: '0193f2c3-a1b2-7c4d-8e5f-60718293a4b5', amount: 1, currency: 'INR', reason: 'x' };
    const simulate = (body: object) => call('POST /v1/policies/simulate', body);
    expect(await simulate({ intent: { ...intent, amount: 1.234 } })).toMatchObject({
      status: 422,
      body: { code: 'amount_decimals', errors: [{ path: 'intent.amount' }] },
    });
    expect(await simulate({ intent: { ...intent, currency: 'XXQ' } })).toMatchObject({
      status: 422,
      body: { code: 'unknown_currency', errors: [{ path: 'intent.currency' }] },
    });
    expect(await simulate({ intent: { ...intent, agentId: 'x' } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'intent.agentId' }] },
    });
    expect(await simulate({ intent, window: { days: 1 } })).toMatchObject({ status: 400 });
    expect(await simulate({})).toMatchObject({ status: 400 });
  });

  test('are looked through for mistakes, each shown by an intent in the form of a submission', async () => {
    const now = { name: 'Now', priority: 1, action: 'allow', rules };
    const { status, body } = await call('POST /v1/policies/lint', { policies: [now] });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      findings: [
        {
          kind: 'contradiction',
          policy: { id: 'pol_0193f2c3a1b27c4d8e5f60718293a4b5', name: 'Never' },
          paths: ['rules.conditions[0]'],
          alternative: 'rules.conditions[1].conditions[0]',
          by: [],
          before: null,
          after: null,
          witness: null,
        },
        {
          kind: 'looser',
          policy: { id: null, name: 'Default Deny' },
          alternative: null,
          by: [{ id: null, name: JSON.stringify([{ ...now, isActive: true, mode: 'enforce' }]) }],
          before: 'deny',
          after: 'allow',
          witness: {
            intent: { amount: 10.5, currency: 'INR', reason: 'Any reason', confidence: 0.5, metadata: { a: 1 } },
            at: '2026-03-05T10:00:00.000Z',
            sees: { amount: 10.5, merchant: null },
          },
        },
      ],
      findingsLeftOut: 0,
      undecided: [{ kind: 'unreachable', policy: { id: null, name: 'Long' } }],
      undecidedLeftOut: 2,
      policySetVersion: 3,
    });
    expect(await call('POST /v1/policies/lint', {})).toMatchObject({ status: 200 });
    expect(await call('POST /v1/policies/lint', { policy: [] })).toMatchObject({ status: 400 });
  });
});
