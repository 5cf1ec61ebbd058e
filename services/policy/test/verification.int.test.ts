import { afterAll, beforeAll, expect, test } from 'vitest';
import { personalFields } from '@aegis/contracts/events/personal';
import { EVENTS } from '@aegis/contracts/events/catalog';
import { splitPersonal } from '../src/domain/decision-record.ts';
import type { DecisionRange } from '../src/store/decision-log.ts';
import { erasePersonal } from '../src/store/decision-log.ts';
import { setAgentStatus } from '../src/usecases/set-agent-status.ts';
import { updatePolicy } from '../src/usecases/update-policy.ts';
import { verifyDecisions } from '../src/usecases/verify-decisions.ts';
import {
  clock,
  createOrganization,
  createPolicyDatabase,
  createReplica,
  type PolicyDatabase,
} from './policy-database.ts';
import { createRandom, SEED } from './random.ts';
import { AGENT_ID, rupees, submission } from './samples.ts';
import { EVERYTHING, verification } from './verification.ts';

const random = createRandom(SEED);

let store: PolicyDatabase;
beforeAll(async () => {
  store = await createPolicyDatabase();
});
afterAll(() => store.close());

async function setUp() {
  const database = store.open();
  const organization = await createOrganization(database);
  const { caller } = organization;
  return {
    database,
    organization,
    replica: createReplica(database),
    verify: (range: Partial<DecisionRange> = {}) =>
      verification(verifyDecisions({ database }, caller, { ...EVERYTHING, ...range }, new AbortController().signal)),
  };
}

const onAmount = (value: number) => ({
  match: 'all' as const,
  conditions: [{ field: 'amount', operator: 'gte' as const, value }],
});
const onMerchant = {
  match: 'all' as const,
  conditions: [{ field: 'merchant', operator: 'eq' as const, value: 'Acme' }],
};

test('a decision tells the digest of the policy that answered, and an older one that does not is decided again', async () => {
  const { database, organization, replica, verify } = await setUp();
  const { caller, organizationId } = organization;
  const policy = await organization.policy({ name: 'Large', action: 'deny', rules: onAmount(500) });
  const agent = await organization.agent();
  await replica.handle(organization.submitted(agent, { money: rupees(60_000) }));
  await updatePolicy({ database, clock }, caller, policy.id, { rules: onAmount(400) });
  await replica.handle(
    organization.submitted(agent, { money: rupees(60_000) }),
    organization.submitted(agent, { money: rupees(1) }),
  );
  const digests = await store.rows<{ sha256: string }>(
    'SELECT sha256 FROM policy_versions WHERE organization_id = $1 ORDER BY version',
    [organizationId],
  );
  const told = (await store.decisions(organizationId)).map(({ matchedPolicy }) => matchedPolicy.sha256);
  expect(told).toEqual([digests[0]?.sha256, digests[1]?.sha256, undefined]);
  expect(told[0]).not.toBe(told[1]);
  expect(await verify()).toMatchObject({ same: 3 });
  await store.rows(
    `UPDATE decision_log SET decided = regexp_replace(decided::text, ',"sha256":"[0-9a-f]{64}"', '')::json
     WHERE organization_id = $1`,
    [organizationId],
  );
  const left = await store.rows<{ decided: string }>('SELECT decided FROM decision_log WHERE organization_id = $1', [
    organizationId,
  ]);
  expect(JSON.stringify(left)).not.toContain('sha256');
  expect(await verify()).toMatchObject({ same: 3 });
});

test(`every kind of decision is decided again bit for bit (AEGIS_TEST_SEED=${SEED})`, async () => {
  const { database, organization, replica, verify } = await setUp();
  const { caller, organizationId } = organization;
  const asking = await organization.policy({ name: 'Ask', action: 'require_approval', rules: onAmount(500) });
  await organization.policy({ name: 'Watch', mode: 'shadow', rules: onMerchant });
  const agents = [await organization.agent({ dailyLimit: '5000' }), await organization.agent({ riskLevel: 'high' })];
  const unknown = organization.submitted(AGENT_ID);
  const euros = { amountMinor: '100', currency: 'EUR', exponent: 2 };
  for (let round = 0; round < 12; round += 1) {
    const batch = Array.from({ length: 12 }, () =>
      organization.submitted(random.pick(agents), {
        money: random.below(8) === 0 ? euros : rupees(1 + random.below(100_000)),
        merchant: random.pick(['Acme', 'ACME Ltd', null]),
        confidence: random.pick(['1', '0.25', '0.123456']),
        metadata: random.pick([null, { project: 'x' }]),
      }),
    );
    await replica.handle(...batch);
    if (round % 4 === 1) await updatePolicy({ database, clock }, caller, asking.id, { rules: onAmount(400 + round) });
    const open = (await store.decisions(organizationId)).filter(({ outcome }) => outcome === 'pending_approval');
    const outcome = random.pick(['approved', 'rejected', 'expired'] as const);
    if (round === 8) await setAgentStatus({ database, clock }, caller, agents[0] ?? '', 'suspended');
    await replica.handle(
      ...open.slice(round * 2, round * 2 + 2).map((decision) => organization.resolved(decision, outcome)),
    );
  }
  await replica.handle(unknown);

  const decisions = await store.decisions(organizationId);
  expect(decisions.some(({ approvalId, outcome }) => approvalId && outcome === 'approved')).toBe(true);
  expect(decisions.some(({ shadow }) => shadow)).toBe(true);
  const verified = await verify();
  expect(verified).toMatchObject({
    total: decisions.length,
    checked: decisions.length,
    same: decisions.length - 1,
    different: 0,
    unverifiable: 1,
    done: true,
    findings: [{ result: { kind: 'unverifiable', cause: 'undecidable' } }],
  });

  const [one = ''] = agents;
  const ofOne = decisions.filter(({ agentId }) => agentId === one).length;
  expect(await verify({ agentId: one })).toMatchObject({ total: ofOne, same: ofOne });
  expect(await verify({ to: new Date('2026-03-05T10:00:00.000Z') })).toMatchObject({ total: 0, done: true });
  expect(await verify({ from: new Date('2026-03-05T10:00:00.000Z') })).toMatchObject({ total: decisions.length });
});

test('each part of a record that was changed afterwards is named', async () => {
  const { organization, replica, verify } = await setUp();
  const { organizationId } = organization;
  await organization.policy({ name: 'No', rules: onAmount(500) });
  const agentId = await organization.agent();
  const messages = [10_000, 60_000, 20_000, 30_000].map((minor) =>
    organization.submitted(agentId, { money: rupees(minor) }),
  );
  await replica.handle(...messages);
  const tamper = (index: number, change: string) =>
    store.rows(`UPDATE decision_log SET ${change} WHERE organization_id = $1 AND intent_id = $2`, [
      organizationId,
      JSON.parse(messages[index]?.value ?? '').intentId,
    ]);
  await tamper(1, `decided = replace(replace(decided::text, '"deny"', '"allow"'), '"denied"', '"approved"')::json`);
  await tamper(2, `submission = replace(submission::text, '"20000"', '"90000"')::json`);
  await tamper(3, `decided = regexp_replace(decided::text, '"score":"[0-9.]+"', '"score":"0.99"')::json`);
  await store.rows(
    `UPDATE policy_versions SET rules = replace(rules::text, '500', '100')::json WHERE organization_id = $1`,
    [organizationId],
  );
  const { different, findings } = await verify();
  const fields = findings.map(({ result }) =>
    result.kind === 'different' ? result.differences.map(({ field }) => field) : [],
  );
  expect(different).toBe(4);
  expect(fields[0]).toContain('policyDecision');
  expect(fields[1]).toEqual(expect.arrayContaining(['policyDecision', 'outcome', 'policySet']));
  expect(fields[2]).toEqual(expect.arrayContaining(['money', 'outcome', 'policySet']));
  expect(fields[3]).toEqual(expect.arrayContaining(['risk', 'policySet']));
});

test('after an erasure a decision is unverifiable where a policy needs the text, and verified where none does', async () => {
  const { database, organization, replica, verify } = await setUp();
  const agentId = await organization.agent();
  const before = organization.submitted(agentId);
  await replica.handle(before);
  await organization.policy({ name: 'By name', rules: onMerchant });
  const after = organization.submitted(agentId);
  await replica.handle(after);
  const ids = [before, after].map(({ value }) => JSON.parse(value).intentId as string);
  await database.tx(organization.caller, (tx) => erasePersonal(tx, organization.organizationId, ids));
  expect(await verify()).toMatchObject({
    same: 1,
    unverifiable: 1,
    findings: [{ intentId: ids[1], result: { kind: 'unverifiable', cause: 'erased' } }],
  });
  const left = await store.rows('SELECT * FROM decision_log WHERE intent_id = ANY ($1)', [ids]);
  expect(JSON.stringify(left)).not.toContain('Acme');
});

test('what can be erased is what events mark as personal', () => {
  const { personal } = splitPersonal(submission());
  expect(Object.keys(personal).toSorted()).toEqual(personalFields(EVENTS['intent.submitted'].data).toSorted());
});

test('nobody verifies decisions of another organisation', async () => {
  const { organization, replica } = await setUp();
  await replica.handle(organization.submitted(await organization.agent()));
  expect(await (await setUp()).verify()).toMatchObject({ total: 0 });
});
