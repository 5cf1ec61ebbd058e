import { newId } from '@aegis/contracts/ids';
import { randomUUID } from 'node:crypto';
import type { Database } from '@aegis/postgres/database';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Caller } from '../src/usecases/caller.ts';
import { lintPolicies } from '../src/usecases/lint-policies.ts';
import { PolicySetCache } from '../src/usecases/policy-set-cache.ts';
import { BUYER, callerOf, createOrganization, type RunningPolicy, startPolicy } from './policy-service.ts';

let policy: RunningPolicy;
beforeAll(async () => {
  policy = await startPolicy();
});
afterAll(() => policy.stop());

const when = (field: string, operator: string, value: unknown) => ({ field, operator, value });
const all = (...conditions: object[]) => ({ match: 'all', conditions });

async function withPolicies(policies: readonly { name: string; priority: number; action: string; rules: object }[]) {
  const caller = await createOrganization(policy);
  const created = [];
  for (const { rules, ...fields } of policies) {
    const id = newId('pol');
    const rulesJson = JSON.stringify(rules);
    created.push(await policy.client.createPolicy({ caller, id, ...fields, isActive: true, rulesJson }));
  }
  const lint = (proposal: object = {}) => policy.client.lintPolicies({ caller, ...proposal });
  return { caller, created, lint };
}

const CAP = { name: 'Cap', priority: 50, action: 'deny', rules: all(when('amount', 'gt', 100)) };
const HIDDEN = { name: 'Hidden', priority: 1, action: 'allow', rules: all(when('amount', 'gt', 200)) };
const NEVER = { name: 'Never', priority: 60, action: 'deny', rules: all(when('hour_of_day', 'gt', 23)) };

test('policies in force are looked at, and nothing of them is changed', async () => {
  const { lint, created } = await withPolicies([CAP, HIDDEN, NEVER]);
  const report = await lint();
  expect(report).toMatchObject({
    findings: [
      { kind: 'contradiction', policy: { id: created[2]?.id, name: 'Never' }, paths: ['rules.conditions[0]'] },
      {
        kind: 'unreachable',
        policy: { id: created[1]?.id, name: 'Hidden' },
        by: [{ id: created[0]?.id }],
        after: 'deny',
      },
    ],
    undecided: [],
  });
  expect(await lint()).toEqual(report);
});

test('an intent that a proposal answers less strictly is answered so when it is simulated', async () => {
  const { caller, lint, created } = await withPolicies([CAP]);
  const policiesJson = JSON.stringify([{ ...CAP, id: created[0]?.id, rules: all(when('amount', 'gt', 150)) }]);
  const { findings, undecided } = await lint({ policiesJson });
  expect(undecided).toEqual([]);
  expect(findings).toMatchObject([
    { kind: 'looser', policy: { name: 'Cap' }, by: [{ name: 'Default Allow' }], before: 'deny', after: 'allow' },
  ]);
  const witness = findings[0]?.witness;
  if (!witness) throw new Error('there is no witness');
  const { seesJson, ...intent } = witness;
  const agentId = randomUUID();
  await policy.client.createAgent({ caller, id: agentId, ...BUYER });
  expect(await policy.client.simulateIntent({ caller, ...intent, agentId, policiesJson })).toMatchObject({
    live: { decision: 'deny', matchedPolicy: 'Cap' },
    verdict: { decision: 'allow' },
  });
  expect(JSON.parse(seesJson)).toMatchObject({ amount: expect.any(Number), daily_spend: 0, wallet_balance: null });

  expect(await lint({ policiesJson: '[]', defaultAction: 'require_approval' })).toMatchObject({
    findings: [{ kind: 'looser', by: [{ name: 'Default Approval' }], before: 'deny', after: 'require_approval' }],
  });
  expect(await lint({ defaultAction: 'deny' })).toMatchObject({ findings: [], undecided: [] });
});

test('a proposal that cannot be evaluated is refused with the path, and others see nothing of a set', async () => {
  const { lint } = await withPolicies([CAP, HIDDEN]);
  const broken = [{ ...CAP, rules: all(when('amuont', 'gt', 1)) }];
  await expect(lint({ policiesJson: JSON.stringify(broken) })).rejects.toMatchObject({
    code: 'invalid_policy',
    errors: [{ path: 'policies[0].rules.conditions[0].field' }],
  });
  const stranger = await createOrganization(policy);
  expect(await policy.client.lintPolicies({ caller: stranger })).toMatchObject({ findings: [], undecided: [] });
});

test('nothing is done for somebody who has gone', async () => {
  const read = vi.fn();
  const deps = { database: { read } as unknown as Database, policySets: new PolicySetCache() };
  const caller = { ...callerOf(), traceparent: null } as Caller;
  const inForce = { policies: null, defaultAction: null };
  const lint = lintPolicies(deps, caller, inForce, new Date(), AbortSignal.abort());
  await expect(lint).rejects.toMatchObject({ name: 'AbortError' });
  expect(read).not.toHaveBeenCalled();
});

test('several who ask are answered one after the other', async () => {
  const { lint } = await withPolicies([CAP, HIDDEN]);
  const reports = await Promise.all([lint(), lint({ policiesJson: '{}' }).catch(() => null), lint()]);
  expect(reports[1]).toBe(null);
  expect(reports[2]).toEqual(reports[0]);
});
