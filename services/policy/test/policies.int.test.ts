import { newId } from '@aegis/contracts/ids';
import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrganization, RULES, type RunningPolicy, startPolicy, WEEKEND } from './policy-service.ts';

let policy: RunningPolicy;
beforeAll(async () => {
  policy = await startPolicy();
});
afterAll(() => policy.stop());

describe('policies', () => {
  test('are versions of sets: each change is a version of the policy, a version of the set and two events', async () => {
    const caller = await createOrganization(policy);
    const id = newId('pol');
    const approvalJson = JSON.stringify({ assignees: [{ role: 'owner' }], quorum: 1, expiresInMinutes: 60 });
    const request = { caller, id, ...WEEKEND, description: 'No', approvalJson };
    const created = await policy.client.createPolicy(request);
    expect(created).toMatchObject({
      id,
      version: 1,
      name: WEEKEND.name,
      priority: 80,
      action: 'deny',
      isActive: true,
      description: 'No',
      archived: false,
    });
    expect(JSON.parse(created.rulesJson)).toEqual(RULES);
    expect(JSON.parse(created.approvalJson ?? '')).toEqual(JSON.parse(approvalJson));
    expect(await policy.client.createPolicy({ ...request, name: 'Another' })).toEqual(created);
    const paused = await policy.client.updatePolicy({ caller, id, isActive: false, approvalJson: '' });
    expect(paused).toMatchObject({ version: 2, isActive: false, name: created.name });
    expect(paused.approvalJson).toBeUndefined();
    expect(await policy.client.updatePolicy({ caller, id, isActive: false })).toEqual(paused);
    const archived = await policy.client.archivePolicy({ caller, id });
    expect(archived).toMatchObject({ version: 3, archived: true });
    expect(await policy.client.archivePolicy({ caller, id })).toEqual(archived);
    expect(await policy.client.getPolicy({ caller, id })).toEqual(archived);
    expect((await policy.client.listPolicies({ caller })).policies).toEqual([]);
    await expect(policy.client.updatePolicy({ caller, id, name: 'x' })).rejects.toMatchObject({ code: 'wrong_state' });
    await eventually(() => {
      expect(policy.typesOf(caller.organizationId, id)).toEqual([
        'policy.created',
        'policy.updated',
        'policy.archived',
      ]);
      expect(policy.typesOf(caller.organizationId, caller.organizationId)).toHaveLength(4);
    });
  });

  test('keep every version they had, and every set that ever decided, to be read page by page', async () => {
    const caller = await createOrganization(policy);
    const id = newId('pol');
    await policy.client.createPolicy({ caller, id, ...WEEKEND });
    await policy.client.updatePolicy({ caller, id, mode: 'shadow' });
    await policy.client.archivePolicy({ caller, id });
    const page = { limit: 2, offset: 0 };
    const newest = await policy.client.listPolicyVersions({ caller, id, page });
    expect(newest.policies.map(({ version, mode, archived }) => [version, mode, archived])).toEqual([
      [3, 'shadow', true],
      [2, 'shadow', false],
    ]);
    expect(newest.page).toMatchObject({ total: 3, hasMore: true });
    const cursor = newest.page?.nextCursor ?? '';
    const oldest = await policy.client.listPolicyVersions({ caller, id, page: { limit: 2, offset: 0, cursor } });
    expect(oldest.policies).toMatchObject([{ version: 1, mode: 'enforce', name: WEEKEND.name }]);
    await expect(policy.client.listPolicyVersions({ caller, id: newId('pol'), page })).rejects.toMatchObject({
      code: 'not_found',
    });

    const sets = await policy.client.listPolicySets({ caller, page });
    expect(sets.policySets.map(({ version, policyCount }) => [version, policyCount])).toEqual([
      [4, 0],
      [3, 1],
    ]);
    expect(sets.page).toMatchObject({ total: 4, hasMore: true });
    const set = await policy.client.getPolicySet({ caller, version: 3 });
    expect(set).toMatchObject({ hash: sets.policySets[1]?.hash, baseCurrency: 'INR', policies: [{ id, version: 2 }] });
    await expect(policy.client.getPolicySet({ caller, version: 5 })).rejects.toMatchObject({ code: 'not_found' });
    const other = await createOrganization(policy);
    await expect(policy.client.listPolicyVersions({ caller: other, id, page })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('hold regular expressions that expand to so much together, of which some can always be taken away', async () => {
    const caller = await createOrganization(policy);
    const heavy = (count: number) =>
      JSON.stringify({
        match: 'any',
        conditions: Array(count).fill({ field: 'reason', operator: 'matches', value: 'a{950}' }),
      });
    const id = newId('pol');
    await policy.client.createPolicy({ caller, id, ...WEEKEND, rulesJson: heavy(9) });
    const second = { caller, id: newId('pol'), ...WEEKEND, rulesJson: heavy(2) };
    await expect(policy.client.createPolicy(second)).rejects.toMatchObject({
      code: 'invalid_policy',
      errors: [{ path: 'rules' }],
    });
    const { name, priority, action } = WEEKEND;
    const proposed = [9, 2].map((count) => ({ name, priority, action, rules: JSON.parse(heavy(count)) as object }));
    await expect(policy.client.lintPolicies({ caller, policiesJson: JSON.stringify(proposed) })).rejects.toMatchObject({
      errors: [{ path: 'policies[1].rules.conditions[1].value' }],
    });
    await policy.client.updatePolicy({ caller, id, rulesJson: heavy(8) });
    expect(await policy.client.createPolicy(second)).toMatchObject({ version: 1 });
  });

  test('are two thousand at most, of which each can still be changed or archived', async () => {
    const caller = await createOrganization(policy);
    const id = newId('pol');
    await policy.client.createPolicy({ caller, id, ...WEEKEND });
    for (const [table, column] of [
      ['policy_versions', 'version, name, priority, action, rules, is_active, archived, sha256, created_at, mode'],
      ['policies', 'version, archived, created_at'],
    ]) {
      await policy.store.rows(
        `INSERT INTO ${table} (organization_id, policy_id, ${column})
         SELECT organization_id, 'pol_' || lpad(to_hex(n), 32, '0'), ${column}
         FROM ${table}, generate_series(1, 1999) AS n WHERE organization_id = $1 AND policy_id = $2`,
        [caller.organizationId, id],
      );
    }
    const another = { caller, id: newId('pol'), ...WEEKEND };
    await expect(policy.client.createPolicy(another)).rejects.toMatchObject({ code: 'wrong_state' });
    expect(await policy.client.updatePolicy({ caller, id, priority: 1 })).toMatchObject({ version: 2 });
    await policy.client.archivePolicy({ caller, id });
    expect(await policy.client.createPolicy(another)).toMatchObject({ version: 1 });
  });

  test('come in the order they are evaluated in, whole or in pages', async () => {
    const caller = await createOrganization(policy);
    for (const priority of [1, 80, 2.5, 80, -3]) {
      await policy.client.createPolicy({ caller, id: newId('pol'), ...WEEKEND, priority });
    }
    const { policies } = await policy.client.listPolicies({ caller });
    expect(policies.map(({ priority }) => priority)).toEqual([80, 80, 2.5, 1, -3]);
    const paged: typeof policies = [];
    let cursor: string | undefined;
    do {
      const answer = await policy.client.listPolicies({ caller, page: { limit: 2, offset: 0, cursor } });
      paged.push(...answer.policies);
      cursor = answer.page?.nextCursor;
    } while (cursor);
    expect(paged).toEqual(policies);
  });

  test('that cannot be evaluated are refused with every fault and its path', async () => {
    const caller = await createOrganization(policy);
    const rulesJson = JSON.stringify({
      match: 'all',
      conditions: [
        { field: 'merchant_rating', operator: 'lt', value: 10 },
        { field: 'amount', operator: 'gte', value: '5000' },
      ],
    });
    const request = { caller, id: newId('pol'), ...WEEKEND, action: 'block', rulesJson };
    await expect(policy.client.createPolicy(request)).rejects.toMatchObject({
      code: 'invalid_policy',
      errors: [{ path: 'action' }, { path: 'rules.conditions[0].field' }, { path: 'rules.conditions[1].value' }],
    });
    const approvalJson = JSON.stringify({ assignees: [{ role: 'viewer' }] });
    await expect(policy.client.createPolicy({ ...request, ...WEEKEND, approvalJson })).rejects.toMatchObject({
      code: 'invalid_policy',
      errors: [{ path: 'approval.assignees[0].role' }],
    });
    await expect(policy.client.createPolicy({ ...request, rulesJson: '{' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect((await policy.client.listPolicies({ caller })).policies).toEqual([]);
  });

  test('changed at the same moment follow one another', async () => {
    const caller = await createOrganization(policy);
    const id = newId('pol');
    await policy.client.createPolicy({ caller, id, ...WEEKEND });
    await Promise.all([1, 2, 3, 4, 5].map((priority) => policy.client.updatePolicy({ caller, id, priority })));
    expect(await policy.client.getPolicy({ caller, id })).toMatchObject({ version: 6 });
    const sets = await policy.store.rows<{ version: number }>(
      'SELECT version FROM policy_set_versions WHERE organization_id = $1 ORDER BY version',
      [caller.organizationId],
    );
    expect(sets.map((set) => set.version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});
