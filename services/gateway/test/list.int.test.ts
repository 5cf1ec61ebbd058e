import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from './support/api.ts';
import { startTestGateway, type Tenant, type TestGateway } from './support/test-gateway.ts';

interface Row {
  readonly id: string;
  readonly agentId: string;
  readonly status: string;
  readonly amount: number;
  readonly merchant: string | null;
  readonly reason: string;
  readonly createdAt: string;
}
interface Page {
  readonly data: Row[];
  readonly pagination: {
    limit: number;
    offset: number;
    total: number | null;
    hasMore: boolean;
    nextCursor: string | null;
  };
}

let gateway: TestGateway;
let tenant: Tenant;
let secondAgent: string;
/** All of the tenant's intents, newest first. */
let all: Row[];

beforeAll(async () => {
  gateway = await startTestGateway();
  tenant = await gateway.createTenant();
  const created = await api<{ id: string }>(gateway.url, 'POST /v1/agents', {
    token: tenant.owner,
    body: { name: 'Two' },
  });
  secondAgent = created.body.id;
  await submitMany(await gateway.createTenant(), 5);
  await submitMany(tenant, 60);
  await spreadOverTime();
  all = (await list('limit=100')).data;
});
afterAll(() => gateway.stop());

async function submitMany(owner: Tenant, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const body = {
      agentId: owner === tenant && index % 3 === 0 ? secondAgent : owner.agentId,
      amount: index + 1,
      currency: index % 2 === 0 ? 'INR' : 'JPY',
      reason: `Purchase number ${index}`,
      ...(index % 4 === 0 ? { merchant: 'Amazon Web Services' } : {}),
    };
    await api(gateway.url, 'POST /v1/intents', { token: owner.backendKey, body });
  }
}

/** Many share a millisecond, and some are decided; no one would wait hours for that. */
async function spreadOverTime(): Promise<void> {
  await gateway.admin(
    `UPDATE gateway.intents SET
       created_at = timestamptz '2026-03-05T00:00:00Z' + (amount_minor / (10 ^ exponent))::int / 5 * interval '1 minute',
       (status, policy_decision) = (SELECT 'denied', 'deny' WHERE amount_minor / (10 ^ exponent) <= 10
         UNION ALL SELECT 'pending', NULL WHERE amount_minor / (10 ^ exponent) > 10)`,
  );
}

async function addIntents({ organizationId, agentId }: Tenant, count: number): Promise<void> {
  await gateway.admin(
    `INSERT INTO gateway.intents (id, organization_id, agent_id, status, amount_minor, currency, exponent, reason,
       confidence, created_at, updated_at)
     SELECT 'int_' || md5(random()::text || n), '${organizationId}', '${agentId}', 'pending', 100, 'INR', 2, 'bulk', 1,
       now() - n * interval '1 second', now() FROM generate_series(1, ${count}) AS n`,
  );
}

async function list(query: string, token = tenant.owner): Promise<Page> {
  const answer = await api<Page>(gateway.url, `GET /v1/intents?${query}`, { token });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

/** Follows the cursor to the end. */
async function walk(query: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page = await list(`${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(page.pagination.hasMore).toBe(page.pagination.nextCursor !== null);
    rows.push(...page.data);
    cursor = page.pagination.nextCursor;
  }
  return rows;
}

describe('the list of intents', () => {
  test('holds those of the organisation, newest first, twenty a page', async () => {
    expect(all).toHaveLength(60);
    const keys = all.map(({ createdAt, id }) => `${createdAt} ${id}`);
    expect(keys).toEqual(keys.toSorted().toReversed());
    const page = await list('');
    expect(page.data).toEqual(all.slice(0, 20));
    expect(page.pagination).toEqual({ limit: 20, offset: 0, total: 60, hasMore: true, nextCursor: expect.any(String) });
  });

  test('gives every intent once, by cursor as by offset, whatever the page size and filter', async () => {
    const filter = fc.record(
      {
        status: fc.constantFrom('pending', 'denied', 'approved'),
        agentId: fc.constantFrom(tenant.agentId, secondAgent),
        from: fc.constantFrom('2026-03-05', '2026-03-05T00:04:00Z'),
        to: fc.constantFrom('2026-03-05T00:07:00.000Z', '2026-03-05T05:36:00+05:30'),
        merchant: fc.constantFrom('amazon web services', 'nobody'),
        minAmount: fc.constantFrom('5', '20.5'),
        maxAmount: fc.constantFrom('30', '59.99'),
        q: fc.constantFrom('number 1', 'AMAZON', 'nothing'),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(filter, fc.integer({ min: 1, max: 25 }), async (given, limit) => {
        const expected = all.filter((row) => matches(row, given)).map(({ id }) => id);
        const query = `${new URLSearchParams(given)}&limit=${limit}`;
        expect((await walk(query)).map(({ id }) => id)).toEqual(expected);
        const offset = Math.floor(expected.length / 2);
        const page = await list(`${query}&offset=${offset}`);
        expect(page.data.map(({ id }) => id)).toEqual(expected.slice(offset, offset + limit));
        expect(page.pagination).toMatchObject({ limit, offset, total: expected.length });
      }),
      { numRuns: 40 },
    );
  });

  test('under a cursor is not disturbed by what is submitted meanwhile', async () => {
    const first = await list('limit=30');
    const body = { agentId: tenant.agentId, amount: 1, currency: 'INR', reason: 'meanwhile' };
    await api(gateway.url, 'POST /v1/intents', { token: tenant.backendKey, body });
    const second = await list(`limit=30&cursor=${first.pagination.nextCursor}`);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(all.map(({ id }) => id));
  });

  test("finds an intent by its id, and nothing of another organisation's", async () => {
    const [row] = all;
    expect((await list(`q=${row?.id}`)).data).toEqual([row]);
    const other = await gateway.createTenant();
    expect((await list(`q=${row?.id}`, other.owner)).data).toEqual([]);
    expect((await list(`agentId=${tenant.agentId}`, other.owner)).pagination.total).toBe(0);
    const missing = await api(gateway.url, `GET /v1/intents/int_${'0'.repeat(32)}`, { token: other.owner });
    const foreign = await api(gateway.url, `GET /v1/intents/${row?.id}`, { token: other.owner });
    expect({ ...foreign.body, requestId: '' }).toEqual({ ...missing.body, requestId: '' });
    expect(foreign.status).toBe(404);
  });

  test('shows a key bound to an agent its own intents only', async () => {
    const own = await list('limit=100', tenant.agentKey);
    expect(new Set(own.data.map(({ agentId }) => agentId))).toEqual(new Set([tenant.agentId]));
    expect((await list(`agentId=${secondAgent}`, tenant.agentKey)).data).toEqual([]);
    const foreign = all.find(({ agentId }) => agentId === secondAgent);
    const { status } = await api(gateway.url, `GET /v1/intents/${foreign?.id}`, { token: tenant.agentKey });
    expect(status).toBe(404);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=ten', 'limit'],
    ['offset=-1', 'offset'],
    ['cursor=nonsense', 'cursor'],
    ['offset=5&cursor=abc', 'cursor'],
    ['status=open', 'status'],
    ['agentId=42', 'agentId'],
    ['from=yesterday', 'from'],
    ['from=2026-02-30T10:00', 'from'],
    ['minAmount=1e3', 'minAmount'],
    ['colour=red', 'colour'],
    ['limit=5&limit=6', 'limit'],
  ])('with %s is refused, naming the parameter', async (query, path) => {
    const answer = await api(gateway.url, `GET /v1/intents?${query}`, { token: tenant.owner });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(answer.body['errors']).toContainEqual({ path, message: expect.any(String) });
  });

  test('counts exactly to 10,000 and says null beyond', async () => {
    const crowd = await gateway.createTenant();
    await addIntents(crowd, 10_000);
    expect((await list('', crowd.owner)).pagination.total).toBe(10_000);
    await addIntents(crowd, 1);
    expect((await list('', crowd.owner)).pagination).toMatchObject({ total: null, hasMore: true });
  });
});

describe('the plan of a page', () => {
  let crowd: Tenant;
  beforeAll(async () => {
    crowd = await gateway.createTenant();
    await addIntents(crowd, 20_000);
    await gateway.admin('ANALYZE gateway.intents');
  });

  test.each(['', `AND status = 'pending'`, `AND agent_id = '00000000-0000-4000-8000-000000000000'`])(
    'under a cursor reads an index in order, whatever lies before it (%s)',
    async (filter) => {
      const plan = await gateway.db.read(ALL_ORGANIZATIONS, async (tx) => {
        const { rows } = await tx.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN SELECT id FROM intents WHERE organization_id = '${crowd.organizationId}' ${filter}
             AND (created_at, id) < (now(), 'int_x') ORDER BY created_at DESC, id DESC LIMIT 21`,
        );
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      });
      expect(plan).toMatch(/Index (Only )?Scan Backward using intents_by_/);
      expect(plan).not.toMatch(/Sort/);
    },
  );
});

function matches(row: Row, filter: Readonly<Record<string, string | undefined>>): boolean {
  const { status, agentId, from, to, merchant, minAmount, maxAmount, q } = filter;
  const created = Date.parse(row.createdAt);
  const text = `${row.reason}\n${row.merchant ?? ''}`.toLowerCase();
  return [
    status === undefined || row.status === status,
    agentId === undefined || row.agentId === agentId,
    from === undefined || created >= Date.parse(from),
    to === undefined || created < Date.parse(to),
    merchant === undefined || row.merchant?.toLowerCase() === merchant.toLowerCase(),
    minAmount === undefined || row.amount >= Number(minAmount),
    maxAmount === undefined || row.amount <= Number(maxAmount),
    q === undefined || text.includes(q.toLowerCase()),
  ].every(Boolean);
}
