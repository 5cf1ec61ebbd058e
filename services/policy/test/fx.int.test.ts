import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listFxRates } from '../src/usecases/list-fx-rates.ts';
import { putFxRates } from '../src/usecases/put-fx-rates.ts';
import { putOrganization } from '../src/usecases/put-organization.ts';
import {
  caller,
  clock,
  createOrganization,
  createPolicyDatabase,
  createReplica,
  type PolicyDatabase,
} from './policy-database.ts';

let store: PolicyDatabase;
beforeAll(async () => {
  store = await createPolicyDatabase();
});
afterAll(() => store.close());

const EUROS = { amountMinor: '5000', currency: 'EUR', exponent: 2 };
const EARLIER = '2026-03-05T00:00:00.000Z';

async function setUp() {
  const database = store.open();
  const deps = { database, clock };
  const organization = await createOrganization(database);
  const agentId = await organization.agent({ dailyLimit: '10000' });
  return {
    deps,
    organization,
    agentId,
    replica: createReplica(database),
    put: (rate: string, effectiveAt = EARLIER, currency = 'EUR') =>
      putFxRates(deps, organization.caller, [{ currency, rate, effectiveAt }]),
    euros: () => organization.submitted(agentId, { money: EUROS }),
    decisions: () => store.decisions(organization.organizationId),
    day: async () => (await store.budgets(organization.organizationId))[0],
  };
}

describe('rates on record', () => {
  test('decide from the moment they are acknowledged, and serve an intent for life', async () => {
    const { organization, replica, put, euros, decisions, day } = await setUp();
    await organization.policy({
      action: 'require_approval',
      rules: { match: 'all', conditions: [{ field: 'amount_base', operator: 'gte', value: 4525 }] },
    });
    const [recorded] = await put('90.5');
    await replica.handle(euros());
    expect(await day()).toBe('day 2026-03-05: 0 spent, 452500 held');
    await put('0.01');
    const [pending] = await decisions();
    if (pending) await replica.handle(organization.resolved(pending, 'approved'));
    expect((await decisions()).at(-1)).toMatchObject({
      outcome: 'approved',
      context: { amountBaseMinor: '452500', fxRate: '90.5', fxSource: { rateId: recorded?.id, effectiveAt: EARLIER } },
    });
    expect(await day()).toBe('day 2026-03-05: 452500 spent, 0 held');
    await replica.handle(euros());
    expect((await decisions()).at(-1)?.context).toMatchObject({ amountBaseMinor: '50', fxRate: '0.01' });
  });

  test('are told of once each, with what they correct, and not at all when nothing changes', async () => {
    const { organization, put } = await setUp();
    const [first] = await put('90.5');
    expect(await put('90.5')).toEqual([first]);
    const [second] = await put('91');
    const events = (await store.events(organization.organizationId)).filter(({ type }) => type === 'fx_rate.recorded');
    expect(events.map(({ subject }) => subject)).toEqual([first?.id, second?.id]);
    expect(events.map(({ data }) => (data as { beforeSha256: string | null }).beforeSha256 === null)).toEqual([
      true,
      false,
    ]);
  });

  test('come in pages, by currency, the latest first; another organisation sees none', async () => {
    const { deps, organization, put } = await setUp();
    for (const day of ['01', '02', '03']) await put(`9${day}`, `2026-03-${day}T00:00:00.000Z`);
    await put('110', EARLIER, 'GBP');
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = { limit: 2, offset: 0, cursor };
      const { items, nextCursor, total } = await listFxRates(deps, organization.caller, null, page);
      expect(total).toBe(4);
      seen.push(...items.map(({ currency, rate }) => `${currency} ${rate}`));
      cursor = nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(['EUR 903', 'EUR 902', 'EUR 901', 'GBP 110']);
    expect((await listFxRates(deps, organization.caller, 'GBP', null)).items).toHaveLength(1);
    const stranger = caller();
    await putOrganization(deps, stranger, { baseCurrency: 'INR', timeZone: 'UTC' });
    expect((await listFxRates(deps, stranger, null, null)).items).toEqual([]);
  });
});

describe('without a current rate a person is asked', () => {
  test('and their yes takes the rate that came meanwhile, also when it stands in one batch with the submission', async () => {
    const { organization, replica, agentId, put, euros, decisions, day } = await setUp();
    await replica.handle(euros());
    const [pending] = await decisions();
    expect(pending).toMatchObject({ outcome: 'pending_approval', matchedPolicy: { name: 'Missing FX Rate' } });
    await put('90.5', '2026-03-05T10:00:01.000Z');
    if (pending) await replica.handle(organization.resolved(pending, 'approved'));
    expect((await decisions()).at(-1)).toMatchObject({
      outcome: 'approved',
      conversion: { amountBaseMinor: '452500' },
    });
    expect(await day()).toBe('day 2026-03-05: 452500 spent, 0 held');

    const submitted = euros();
    const { intentId } = JSON.parse(submitted.value) as { intentId: string };
    await replica.handle(submitted, organization.resolved({ intentId, agentId }, 'approved'));
    expect(await day()).toBe('day 2026-03-05: 905000 spent, 0 held');
  });

  test('and the amount has to fit then', async () => {
    const { organization, replica, put, euros, decisions, day } = await setUp();
    await replica.handle(euros());
    await put('1000');
    const [pending] = await decisions();
    if (pending) await replica.handle(organization.resolved(pending, 'approved'));
    expect((await decisions()).at(-1)).toMatchObject({ outcome: 'denied', matchedPolicy: { name: 'Daily Limit' } });
    expect(await day()).toBe('day 2026-03-05: 0 spent, 0 held');
  });

  test('also when the rate is older than the organisation’s limit', async () => {
    const { deps, organization, replica, put, euros, decisions } = await setUp();
    await put('90.5', '2026-03-04T10:00:00.000Z');
    await replica.handle(euros());
    await putOrganization(deps, organization.caller, { fxMaxAgeHours: 23 });
    await replica.handle(euros());
    expect((await decisions()).map(({ outcome }) => outcome)).toEqual(['approved', 'pending_approval']);
  });
});
