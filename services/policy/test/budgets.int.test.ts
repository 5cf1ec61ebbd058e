import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listBudgets } from '../src/usecases/list-budgets.ts';
import { putBudgets } from '../src/usecases/put-budgets.ts';
import {
  caller,
  clock,
  createOrganization,
  createPolicyDatabase,
  createReplica,
  type PolicyDatabase,
} from './policy-database.ts';
import { rupees } from './samples.ts';

let store: PolicyDatabase;
beforeAll(async () => {
  store = await createPolicyDatabase();
});
afterAll(() => store.close());

async function setUp() {
  const database = store.open();
  const deps = { database, clock };
  const organization = await createOrganization(database);
  const agents = [await organization.agent(), await organization.agent()] as const;
  const replica = createReplica(database);
  const submit = (agent: 0 | 1, minor: number, merchantCategory: string | null = 'office') =>
    organization.submitted(agents[agent], { money: rupees(minor), merchantCategory });
  return {
    deps,
    organization,
    agents,
    replica,
    submit,
    put: (...budgets: Parameters<typeof putBudgets>[2]) => putBudgets(deps, organization.caller, budgets),
    /** One text a budget: `travel: 5000 spent, 0 held today`. */
    async used() {
      const { budgets } = await listBudgets(deps, organization.caller);
      return budgets.map(({ category, budgets: windows }) => {
        const day = windows.get('day 2026-03-05') ?? { spent: 0n, held: 0n };
        return `${category ?? 'all'}: ${day.spent} spent, ${day.held} held today`;
      });
    },
    decisions: () => store.decisions(organization.organizationId),
  };
}

describe('a budget that agents share', () => {
  test('binds them together, by name, and gives the category only what is in it', async () => {
    const { replica, submit, put, used, decisions } = await setUp();
    await put({ dailyLimit: '150' }, { category: 'Travel', monthlyLimit: '50' });
    await replica.handle(submit(0, 5_000, 'TRAVEL'), submit(1, 1, ' '), submit(1, 5_000, 'travel'));
    await replica.handle(submit(0, 9_999), submit(1, 1), submit(1, 1, null));
    const denied = (await decisions()).filter(({ outcome }) => outcome === 'denied');
    expect(denied.map(({ matchedPolicy, reasons }) => [matchedPolicy.name, reasons[0]])).toEqual([
      [
        'Monthly Limit',
        'Monthly Limit of the category "travel": 50.00 is spent and 0.00 held of 50.00 INR; 50.00 was asked',
      ],
      ['Daily Limit', expect.stringContaining('Daily Limit of the organisation: 150.00 is spent')],
      ['Daily Limit', expect.stringContaining('the organisation')],
    ]);
    expect(await used()).toEqual(['all: 15000 spent, 0 held today', 'travel: 5000 spent, 0 held today']);
  });

  test('holds while people are asked, and takes back what they reject', async () => {
    const { organization, replica, submit, put, used, decisions } = await setUp();
    await organization.policy({ name: 'Ask', action: 'require_approval' });
    await put({ dailyLimit: '100' });
    await replica.handle(submit(0, 6_000), submit(1, 6_000));
    expect(await used()).toEqual(['all: 0 spent, 6000 held today']);
    const [first, second] = await decisions();
    expect(second?.outcome).toBe('denied');
    if (first) await replica.handle(organization.resolved(first, 'rejected'));
    expect(await used()).toEqual(['all: 0 spent, 0 held today']);
    await replica.handle(submit(1, 6_000));
    const last = (await decisions()).at(-1);
    if (last) await replica.handle(organization.resolved(last, 'approved'));
    expect(await used()).toEqual(['all: 6000 spent, 0 held today']);
  });

  test('that is opened in the middle of a month counts the month from its beginning, also what is still held', async () => {
    const { organization, replica, submit, put, used, decisions } = await setUp();
    await organization.policy({
      action: 'require_approval',
      rules: { match: 'all', conditions: [{ field: 'amount', operator: 'gte', value: 50 }] },
    });
    await replica.handle(submit(0, 100), submit(1, 200, 'travel'), submit(1, 5_000));
    await put({ monthlyLimit: '100' }, { category: 'travel' });
    expect(await used()).toEqual(['all: 300 spent, 5000 held today', 'travel: 200 spent, 0 held today']);
    const pending = (await decisions()).at(-1);
    if (pending) await replica.handle(organization.resolved(pending, 'approved'));
    expect(await used()).toEqual(['all: 5300 spent, 0 held today', 'travel: 200 spent, 0 held today']);
    await put();
    await replica.handle(submit(0, 1));
    expect(await used()).toEqual([]);
    await put({});
    expect(await used()).toEqual(['all: 5301 spent, 0 held today']);
  });

  test('is told of with every change, once, and belongs to one organisation', async () => {
    const { deps, organization, put } = await setUp();
    await put({ dailyLimit: '1' }, { category: 'Travel' });
    await put({ category: 'TRAVEL' }, { dailyLimit: '1' });
    await put({ dailyLimit: '2' });
    const events = (await store.events(organization.organizationId)).filter(({ type }) => type === 'budget.updated');
    expect(events.map(({ data }) => (data as { budgets: unknown }).budgets)).toEqual([
      [
        { category: null, dailyLimitMinor: '100', monthlyLimitMinor: null },
        { category: 'travel', dailyLimitMinor: null, monthlyLimitMinor: null },
      ],
      [{ category: null, dailyLimitMinor: '200', monthlyLimitMinor: null }],
    ]);
    const other = await createOrganization(deps.database, {}, caller());
    expect((await listBudgets(deps, other.caller)).budgets).toEqual([]);
  });

  test.each([
    ['a category twice', [{ category: 'a' }, { category: 'A' }]],
    ['the organisation twice', [{}, {}]],
    ['a blank category', [{ category: '  ' }]],
    ['more decimals than the currency has', [{ dailyLimit: '1.001' }]],
    ['more budgets than 200', Array.from({ length: 201 }, (_, index) => ({ category: String(index) }))],
  ])('refuses %s', async (_, budgets) => {
    const { put } = await setUp();
    await expect(put(...budgets)).rejects.toThrow(/budgets/);
  });

  test('counts each intent once while it is opened, closed and changed beside deciding', async () => {
    const { organization, submit, put, used } = await setUp();
    const replicas = [1, 2].map(() => createReplica(store.open()));
    let submitted = 0;
    const decide = async (replica: ReturnType<typeof createReplica>, agent: 0 | 1) => {
      for (let batch = 0; batch < 25; batch += 1) {
        submitted += 4;
        await replica.handle(...[1, 2, 3, 4].map(() => submit(agent, 1, 'travel')));
      }
    };
    const change = async () => {
      for (let round = 0; round < 10; round += 1) {
        await put({ dailyLimit: '1000' }, { category: 'travel' });
        await put({ category: 'travel' });
        await put();
      }
      await put({}, { category: 'travel' });
    };
    await Promise.all([change(), ...replicas.map((replica, index) => decide(replica, index === 0 ? 0 : 1))]);
    expect(await used()).toEqual([`all: ${submitted} spent, 0 held today`, `travel: ${submitted} spent, 0 held today`]);
    expect(await store.decisions(organization.organizationId)).toHaveLength(submitted);
  });
});
