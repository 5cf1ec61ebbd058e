import { randomUUID } from 'node:crypto';
import type { AnyEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import { currencyExponent } from '@aegis/contracts/money';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../src/store/store.ts';
import { getSpend } from '../src/usecases/get-spend.ts';
import { recordFacts } from '../src/usecases/record-facts.ts';
import { type TestIntent, decided, organizationSet, submitted } from './events.ts';
import { openStore } from './open-store.ts';

const UNTIL = new Date('2026-03-31T00:00:00.000Z');
const DAYS = 30;
const DAY_MS = 86_400_000;
const FROM_MS = UNTIL.getTime() - DAYS * DAY_MS;
const PREVIOUS_FROM_MS = FROM_MS - DAYS * DAY_MS;
const RUNS = Number(process.env.AEGIS_TEST_RUNS ?? 40);

const { signal } = new AbortController();
let store: Store;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ store, close } = await openStore());
});
afterAll(() => close());

function spendOf(organizationId: string, agentId: string | null = null, days = DAYS) {
  return getSpend(store, { organizationId, agentId, days, until: UNTIL }, { signal });
}

type Life = 'submitted' | 'waiting' | 'approved' | 'denied' | 'waited, approved' | 'waited, denied';
const LIVES: readonly Life[] = ['submitted', 'waiting', 'approved', 'denied', 'waited, approved', 'waited, denied'];

function eventsOf(intent: TestIntent, life: Life): AnyEvent[] {
  const outcome = life.endsWith('approved') ? 'approved' : 'denied';
  if (life === 'submitted') return [submitted(intent)];
  if (life === 'waiting') return [submitted(intent), decided(intent, 'pending_approval')];
  if (life.startsWith('waited'))
    return [submitted(intent), decided(intent, 'pending_approval'), decided(intent, outcome)];
  return [submitted(intent), decided(intent, outcome)];
}

const STATUSES = ['approved', 'denied', 'pending', 'pending_approval'] as const;

function statusOf(life: Life) {
  if (life === 'submitted') return 'pending';
  if (life === 'waiting') return 'pending_approval';
  return life.endsWith('approved') ? 'approved' : 'denied';
}

// Times crowd around the edges of the windows; amounts go far beyond what a float holds.
const createdAt = fc.oneof(
  fc
    .constantFrom(PREVIOUS_FROM_MS, FROM_MS, UNTIL.getTime())
    .chain((edge) => fc.integer({ min: edge - 2, max: edge + 2 })),
  fc.integer({ min: PREVIOUS_FROM_MS - DAY_MS, max: UNTIL.getTime() + DAY_MS }),
);
const amount = fc.oneof(fc.bigInt({ min: 1n, max: 1_000n }), fc.bigInt({ min: 2n ** 53n - 2n, max: 10n ** 19n }));
const shape = fc.record({
  organization: fc.integer({ min: 0, max: 1 }),
  agent: fc.integer({ min: 0, max: 2 }),
  currency: fc.constantFrom('INR', 'USD', 'JPY', 'BHD'),
  amount,
  amountBase: fc.option(amount),
  createdAt,
  life: fc.constantFrom(...LIVES),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** What the answers must be, by the plainest possible means. */
function reference(shapes: readonly Shape[]) {
  const within = (from: number, to: number) => shapes.filter((s) => s.createdAt >= from && s.createdAt < to);
  const current = within(FROM_MS, UNTIL.getTime());
  const inBase = (s: Shape) => {
    if (s.currency === 'INR') return s.amount;
    return s.life === 'submitted' ? 0n : (s.amountBase ?? 0n);
  };
  const add = (of: readonly Shape[], value: (s: Shape) => bigint) =>
    of.reduce((total, s) => total + value(s), 0n).toString();
  const bucket = (status: string, of = current) => of.filter((s) => statusOf(s.life) === status);
  const approved = bucket('approved');
  return {
    total: add(approved, inBase),
    previousTotal: add(bucket('approved', within(PREVIOUS_FROM_MS, FROM_MS)), inBase),
    intentCount: BigInt(current.length),
    buckets: STATUSES.map((status) => [status, BigInt(bucket(status).length), add(bucket(status), inBase)]),
    byCurrency: ['BHD', 'INR', 'JPY', 'USD']
      .filter((currency) => approved.some((s) => s.currency === currency))
      .map((currency) => [
        currency,
        add(
          approved.filter((s) => s.currency === currency),
          (s) => s.amount,
        ),
      ]),
  };
}

function seen(spend: Awaited<ReturnType<typeof spendOf>>) {
  return {
    total: spend.total.amountMinor,
    previousTotal: spend.previousTotal.amountMinor,
    intentCount: spend.intentCount,
    buckets: STATUSES.map((status) => {
      const bucket = spend.buckets[status];
      return [status, bucket.count, bucket.amount.amountMinor];
    }),
    byCurrency: spend.byCurrency.map(({ currency, amountMinor }) => [currency, amountMinor]),
  };
}

describe('spend', () => {
  it(
    'equals a reference over random facts, delivered several times, shuffled and in batches of any size',
    { timeout: 600_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(shape, { maxLength: 40 }), fc.infiniteStream(fc.nat()), async (shapes, random) => {
          const pick = (below: number) => (random.next().value ?? 0) % below;
          const organizations = [randomUUID(), randomUUID()] as const;
          const agents = [randomUUID(), randomUUID(), randomUUID()];
          const events = shapes.flatMap((s) =>
            eventsOf(
              {
                organizationId: organizations[s.organization] ?? '',
                intentId: newId('int'),
                agentId: agents[s.agent] ?? '',
                money: {
                  amountMinor: s.amount.toString(),
                  currency: s.currency,
                  exponent: currencyExponent(s.currency) ?? 0,
                },
                amountBaseMinor: s.currency === 'INR' ? s.amount : s.amountBase,
                baseCurrency: 'INR',
                createdAt: new Date(s.createdAt),
              },
              s.life,
            ),
          );
          events.push(...organizations.map((id) => organizationSet(id, 'INR', UNTIL)));
          const deliveries = events
            .flatMap((event) => Array.from({ length: 1 + pick(3) }, () => event))
            .map((event) => ({ event, order: pick(1_000_000) }))
            .toSorted((a, b) => a.order - b.order)
            .map(({ event }) => event);
          while (deliveries.length > 0) await recordFacts(store, deliveries.splice(0, 1 + pick(60)));

          for (const [index, organizationId] of organizations.entries()) {
            const mine = shapes.filter((s) => s.organization === index);
            expect(seen(await spendOf(organizationId))).toEqual(reference(mine));
            const ofAgent = mine.filter((s) => s.agent === 0);
            expect(seen(await spendOf(organizationId, agents[0]))).toEqual(reference(ofAgent));
          }
        }),
        { numRuns: RUNS },
      );
    },
  );

  const intent = (overrides: Partial<TestIntent> = {}): TestIntent => ({
    organizationId: randomUUID(),
    intentId: newId('int'),
    agentId: randomUUID(),
    money: { amountMinor: '1250', currency: 'INR', exponent: 2 },
    amountBaseMinor: 1250n,
    baseCurrency: 'INR',
    createdAt: new Date(FROM_MS),
    ...overrides,
  });

  it('counts the first millisecond of the window and not the one it ends at', async () => {
    const first = intent();
    const { organizationId } = first;
    const last = intent({ organizationId, createdAt: new Date(UNTIL.getTime() - 1) });
    const after = intent({ organizationId, createdAt: UNTIL });
    const before = intent({ organizationId, createdAt: new Date(FROM_MS - 1) });
    await recordFacts(
      store,
      [first, last, after, before].map((each) => decided(each, 'approved')),
    );
    const spend = await spendOf(organizationId);
    expect(spend).toMatchObject({
      total: { amountMinor: '2500' },
      previousTotal: { amountMinor: '1250' },
      intentCount: 2n,
      window: { from: new Date(FROM_MS), to: UNTIL },
    });
  });

  it('counts an intent once, under its latest stage, even when its events disagree on when it was created', async () => {
    const one = intent();
    const later = { ...one, createdAt: new Date(FROM_MS + 5) };
    await recordFacts(store, [decided(later, 'approved')]);
    await recordFacts(store, [submitted(one), decided(one, 'pending_approval')]);
    expect(await spendOf(one.organizationId)).toMatchObject({ intentCount: 1n, total: { amountMinor: '1250' } });
  });

  it("answers nothing of another organisation's, nor of its agents", async () => {
    const theirs = intent();
    await recordFacts(store, [decided(theirs, 'approved'), organizationSet(theirs.organizationId, 'INR', UNTIL)]);
    const nothing = { intentCount: 0n, total: { amountMinor: '0' }, byCurrency: [] };
    expect(await spendOf(randomUUID())).toMatchObject(nothing);
    expect(await spendOf(randomUUID(), theirs.agentId)).toMatchObject(nothing);
  });

  it('is in the base currency of the latest event about the organisation, whatever came last', async () => {
    const organizationId = randomUUID();
    await recordFacts(store, [organizationSet(organizationId, 'JPY', new Date('2026-02-02'))]);
    await recordFacts(store, [organizationSet(organizationId, 'INR', new Date('2026-02-01'))]);
    expect((await spendOf(organizationId)).total).toEqual({ amountMinor: '0', currency: 'JPY', exponent: 0 });
  });

  it('takes the base currency from the latest decision where the organisation itself was never heard of', async () => {
    const one = intent({ baseCurrency: 'BHD' });
    await recordFacts(store, [decided(one, 'denied')]);
    expect((await spendOf(one.organizationId)).total).toEqual({ amountMinor: '0', currency: 'BHD', exponent: 3 });
  });
});
