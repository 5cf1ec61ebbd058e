import { randomUUID } from 'node:crypto';
import { eraseRequestsOf } from '@aegis/contracts/events/erasure';
import { newId } from '@aegis/contracts/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkLedger } from '../src/usecases/check-ledger.ts';
import { eraseIntents } from '../src/usecases/erase-intents.ts';
import { getAgent } from '../src/usecases/get-agent.ts';
import { updateAgent } from '../src/usecases/update-agent.ts';
import { createTransaction, listTransactions } from '../src/usecases/wallet-transactions.ts';
import {
  clock,
  createOrganization,
  createPolicyDatabase,
  createReplica,
  message,
  type PolicyDatabase,
} from './policy-database.ts';
import { createRandom, SEED } from './random.ts';
import { rupees } from './samples.ts';

/** Of each replica: enough that the few intents which a wallet can pay leave plenty to compare, whatever the seed. */
const ROUNDS = 40;

let store: PolicyDatabase;
beforeAll(async () => {
  store = await createPolicyDatabase();
});
afterAll(() => store.close());

async function setUp(terms: Parameters<Awaited<ReturnType<typeof createOrganization>>['agent']>[0] = {}) {
  const database = store.open();
  const deps = { database, clock };
  const organization = await createOrganization(database);
  const agentId = await organization.agent(terms);
  const transact = (type: string, amount: string, id: string = newId('wtx')) =>
    createTransaction(deps, organization.caller, { id, agentId, type, amount, reference: null, note: null });
  return {
    deps,
    organization,
    agentId,
    replica: createReplica(database),
    transact,
    submit: (minor: number) => organization.submitted(agentId, { money: rupees(minor) }),
    settled: (intentId: string, minor: number, reference = 'ref') =>
      message(organization.organizationId, 'intent.settled', {
        intentId,
        agentId,
        money: rupees(minor),
        reference,
        final: true,
        confirmedBy: 'tool',
        recordedAt: '2026-03-05T11:00:00.000Z',
      }),
    async wallet() {
      const { walletBalance, walletHeld } = await getAgent(deps, organization.caller, agentId);
      return [walletBalance, walletHeld];
    },
    async entries() {
      const { page } = await listTransactions(deps, organization.caller, agentId, null);
      return page.items.map(
        ({ kind, lines }) => `${kind}: ${lines.map((line) => `${line.account} ${line.amount}`).join(', ')}`,
      );
    },
    check: () => checkLedger(deps, organization.caller),
    decisions: () => store.decisions(organization.organizationId),
  };
}

describe('a wallet', () => {
  test('is opened by its first transaction and counts what comes after, in double entry', async () => {
    const { organization, replica, transact, submit, wallet, entries, check, decisions } = await setUp();
    await replica.handle(submit(700));
    await transact('top_up', '100');
    await organization.policy({
      action: 'require_approval',
      rules: { match: 'all', conditions: [{ field: 'amount', operator: 'gte', value: 50 }] },
    });
    await replica.handle(submit(1_000), submit(6_000));
    expect(await wallet()).toEqual([9_000n, 6_000n]);
    const pending = (await decisions()).at(-1);
    if (pending) await replica.handle(organization.resolved(pending, 'approved'));
    await transact('refund', '5');
    await transact('withdrawal', '1.50');
    await transact('adjustment', '-0.01');
    expect(await wallet()).toEqual([3_349n, 0n]);
    expect(await entries()).toEqual([
      'adjustment: adjustment 1, available -1',
      'withdrawal: available -150, external 150',
      'refund: available 500, spend -500',
      'capture: held -6000, spend 6000',
      'hold: available -6000, held 6000',
      'capture: available -1000, spend 1000',
      'top_up: available 10000, external -10000',
    ]);
    expect(await check()).toMatchObject({ differences: [] });
  });

  test('that is enforced denies what its free balance does not cover, and no withdrawal passes it', async () => {
    const { organization, replica, transact, submit, wallet, decisions } = await setUp({ walletMode: 'enforced' });
    await replica.handle(submit(1));
    await transact('top_up', '50');
    await organization.policy({ name: 'Ask', action: 'require_approval' });
    await replica.handle(submit(3_000), submit(2_001), submit(2_000), submit(1));
    expect((await decisions()).map(({ matchedPolicy }) => matchedPolicy.name)).toEqual([
      'Insufficient Wallet Balance',
      'Ask',
      'Insufficient Wallet Balance',
      'Ask',
      'Insufficient Wallet Balance',
    ]);
    await expect(transact('withdrawal', '0.01')).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(transact('adjustment', '-0.01')).rejects.toMatchObject({ code: 'wrong_state' });
    const first = (await decisions()).find(({ outcome }) => outcome === 'pending_approval');
    if (first) await replica.handle(organization.resolved(first, 'rejected'));
    await transact('withdrawal', '30');
    expect(await wallet()).toEqual([2_000n, 2_000n]);
  });

  test('that is only tracked may go below zero, and is a field that policies can use', async () => {
    const { organization, replica, transact, submit, wallet, decisions } = await setUp();
    await organization.policy({
      name: 'Nearly empty',
      rules: { match: 'all', conditions: [{ field: 'wallet_balance', operator: 'lt', value: 10 }] },
    });
    await replica.handle(submit(1));
    await transact('top_up', '20');
    await replica.handle(submit(5_000), submit(1));
    expect((await decisions()).map(({ matchedPolicy }) => matchedPolicy.name)).toEqual([
      'Default Allow',
      'Default Allow',
      'Nearly empty',
    ]);
    expect(await wallet()).toEqual([-3_000n, 0n]);
  });

  test('is charged in full for a confirmed overrun, and gets back what a settlement leaves', async () => {
    const { replica, transact, submit, settled, wallet, entries, check } = await setUp({
      walletMode: 'enforced',
      settlement: 'required',
      settlementTolerancePercent: 10,
    });
    await transact('top_up', '110');
    const [one, other] = [submit(5_000), submit(5_000)];
    await replica.handle(one, other);
    expect(await wallet()).toEqual([11_000n, 11_000n]);
    const idOf = ({ value }: typeof one) => (JSON.parse(value) as { intentId: string }).intentId;
    await replica.handle(settled(idOf(one), 4_000), settled(idOf(other), 9_000));
    expect(await wallet()).toEqual([-2_000n, 0n]);
    expect((await entries()).slice(0, 2)).toEqual([
      'capture: available -3500, held -5500, spend 9000',
      'capture: available 1500, held -5500, spend 4000',
    ]);
    expect(await check()).toMatchObject({ differences: [] });
  });

  test('records a transaction once, however often it is sent', async () => {
    const { organization, transact, wallet } = await setUp();
    const id = newId('wtx');
    await Promise.all([1, 2, 3].map(() => transact('top_up', '10', id)));
    expect(await wallet()).toEqual([1_000n, 0n]);
    const events = await store.events(organization.organizationId);
    expect(events.filter(({ type }) => type === 'wallet.transaction_recorded')).toMatchObject([
      { data: { entryId: id, kind: 'top_up', amountMinor: '1000', balanceMinor: '1000' } },
    ]);
  });

  test.each([
    ['top_up', '-1', 'amount_not_positive'],
    ['top_up', '0', 'amount_not_positive'],
    ['withdrawal', '1.001', 'amount_decimals'],
    ['adjustment', '0', 'amount_not_positive'],
    ['capture', '1', 'invalid_request'],
    ['top_up', '1e400', 'amount_too_precise'],
  ])('refuses a %s of %s', async (type, amount, code) => {
    const { transact } = await setUp();
    await expect(transact(type, amount)).rejects.toMatchObject({ code });
  });

  test('cannot be changed after the fact, not even by the service itself', async () => {
    const { deps, organization, transact } = await setUp();
    await transact('top_up', '1');
    for (const text of ['UPDATE wallet_lines SET amount_minor = 5', 'DELETE FROM wallet_entries']) {
      await expect(deps.database.tx(organization.caller, (tx) => tx.query(text))).rejects.toThrow(/permission denied/);
    }
  });
});

describe('the check of the ledger', () => {
  test.each([
    ['a balance', 'UPDATE agents SET wallet_balance_minor = wallet_balance_minor + 1', 'wallet balance'],
    ['a hold', 'UPDATE agents SET wallet_held_minor = wallet_held_minor + 1', 'wallet held'],
    ['a line', "UPDATE wallet_lines SET amount_minor = amount_minor + 1 WHERE account = 'available'", 'entry'],
    ['a budget', 'UPDATE budgets SET spent_minor = spent_minor + 1', 'budget spent'],
    ['what an intent counts for', 'UPDATE decisions SET held_minor = held_minor + 1', 'budget held'],
  ])('finds a change of %s', async (_, text, what) => {
    const { organization, replica, transact, submit, check } = await setUp();
    await transact('top_up', '10');
    await replica.handle(submit(100));
    expect(await check()).toMatchObject({ compared: 9, differences: [] });
    await store.rows(`${text} ${text.includes('WHERE') ? 'AND' : 'WHERE'} organization_id = $1`, [
      organization.organizationId,
    ]);
    expect((await check()).differences.map((difference) => difference.what)).toContain(what);
  });
});

test(`wallets, budgets and decisions add up after anything, from several replicas (AEGIS_TEST_SEED=${SEED})`, async () => {
  const random = createRandom(SEED);
  const world = await setUp({ walletMode: 'enforced', settlement: 'required', settlementTolerancePercent: 5 });
  const { organization, agentId, transact, submit, settled, entries, check } = world;
  await organization.policy({
    action: 'require_approval',
    rules: { match: 'all', conditions: [{ field: 'amount', operator: 'gte', value: 5 }] },
  });
  const replicas = [1, 2, 3].map(() => createReplica(store.open()));
  const work = async (replica: ReturnType<typeof createReplica>) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const submitted = submit(1 + random.below(1_000));
      const { intentId } = JSON.parse(submitted.value) as { intentId: string };
      const events = [submitted, submitted];
      const outcome = random.pick(['approved', 'rejected', null] as const);
      if (outcome) events.push(organization.resolved({ intentId, agentId }, outcome));
      if (random.below(2) === 0) events.push(settled(intentId, random.below(900)));
      await replica.handle(...random.shuffled(events));
      if (random.below(3) === 0) await transact('top_up', String(1 + random.below(20)));
      if (random.below(6) === 0) await transact('withdrawal', '1').catch(() => undefined);
    }
  };
  await Promise.all(replicas.map(work));
  const { compared, differences } = await check();
  expect(differences).toEqual([]);
  // Every entry, the wallet in three ways, and the spent and held of its day and its month.
  expect(compared).toBe((await entries()).length + 3 + 4);
  expect(compared).toBeGreaterThan(40);
  await updateAgent(world.deps, organization.caller, agentId, { walletMode: 'tracked' });
  expect((await check()).differences).toEqual([]);
});

test('what a person wrote beside entries goes with everything else of theirs, and no money or note of others does', async () => {
  const { deps, organization, agentId, entries } = await setUp();
  const { caller, organizationId } = organization;
  const record = (userId: string, note: string) =>
    createTransaction(
      deps,
      { ...caller, actor: { ...caller.actor, id: userId } },
      {
        id: newId('wtx'),
        agentId,
        type: 'top_up',
        amount: '10',
        reference: null,
        note,
      },
    );
  const [leaving, staying] = [randomUUID(), randomUUID()];
  await record(leaving, 'call Ann at home');
  await record(staying, 'for May');
  const before = await entries();
  const data = { erasureId: newId('era'), intentIds: [], createdFrom: null, createdTo: null, userId: leaving };
  const event = message(organizationId, 'privacy.erase_requested', data);
  const requests = eraseRequestsOf([event]);
  expect(requests).toHaveLength(1);
  await eraseIntents(deps.database, requests);
  await eraseIntents(deps.database, requests);
  const { page } = await listTransactions(deps, caller, agentId, null);
  expect(page.items.map(({ note, actor }) => [actor?.id, note])).toEqual([
    [staying, 'for May'],
    [leaving, null],
  ]);
  expect(await entries()).toEqual(before);
  expect((await checkLedger(deps, caller)).differences).toEqual([]);
});
