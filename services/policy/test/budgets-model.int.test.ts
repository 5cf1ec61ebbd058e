import type { EncodedEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import type { Database } from '@aegis/postgres/database';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkLedger } from '../src/usecases/check-ledger.ts';
import { putBudgets } from '../src/usecases/put-budgets.ts';
import { createTransaction } from '../src/usecases/wallet-transactions.ts';
import { BudgetModel, type ModelAgent, type ModelIntent, type ModelPayment, type SharedLimit } from './budget-model.ts';
import {
  clock,
  createOrganization,
  createPolicyDatabase,
  createReplica,
  message,
  type PolicyDatabase,
} from './policy-database.ts';
import { SEED } from './random.ts';
import { readWindows } from './recorded-books.ts';
import { rupees } from './samples.ts';

/** Runs of each property; fast-check's own `seed` is AEGIS_TEST_SEED. */
const RUNS = Number(process.env.AEGIS_TEST_RUNS ?? 25);
const LONGEST = 40;

const DATES = ['2026-03-05', '2026-03-06', '2026-04-01'];
const REFERENCES = ['one', 'two', 'three'];
const ANSWERS = ['approved', 'rejected', 'expired'] as const;

let store: PolicyDatabase;
let database: Database;
let replicas: ReturnType<typeof createReplica>[];
beforeAll(async () => {
  store = await createPolicyDatabase();
  database = store.open();
  replicas = [1, 2, 3].map(() => createReplica(store.open(), { maxOpenApprovals: 10_000 }));
});
afterAll(() => store.close());

const text = (minor: number) => (minor / 100).toFixed(2);
const limitsOf = ({ day, month }: { readonly day: number | null; readonly month: number | null }) => ({
  ...(day !== null && { dailyLimit: text(day) }),
  ...(month !== null && { monthlyLimit: text(month) }),
});

/** An organisation with these agents and budgets, which asks people about intents of low confidence; and its model. */
async function openBooks(agents: readonly Omit<ModelAgent, 'id' | 'suspended'>[], shared: readonly SharedLimit[]) {
  const deps = { database, clock };
  const organization = await createOrganization(database);
  const { caller, organizationId } = organization;
  await organization.policy({
    action: 'require_approval',
    rules: { match: 'all', conditions: [{ field: 'confidence', operator: 'lt', value: 0.5 }] },
  });
  await putBudgets(
    deps,
    caller,
    shared.map(({ category, ...limits }) => ({ ...(category !== null && { category }), ...limitsOf(limits) })),
  );
  const known: ModelAgent[] = [];
  for (const agent of agents) {
    const id = await organization.agent({
      ...limitsOf(agent),
      ...(agent.tolerance !== null && { settlement: 'required', settlementTolerancePercent: agent.tolerance }),
      ...(agent.wallet !== null && { walletMode: 'enforced' }),
    });
    known.push({ ...agent, id, suspended: false });
    if (agent.wallet === null) continue;
    const topUp = { agentId: id, type: 'top_up', amount: text(agent.wallet), reference: null, note: null };
    await createTransaction(deps, caller, { id: newId('wtx'), ...topUp });
  }
  const wallets = new Map(known.flatMap(({ id, wallet }) => (wallet === null ? [] : [[id, BigInt(wallet)] as const])));
  return {
    model: new BudgetModel(known, shared),
    organization,
    windows: () => readWindows(store, organizationId, wallets),
    async outcomes() {
      const rows = await store.rows<{ id: string; outcome: string }>(
        'SELECT intent_id AS id, outcome FROM decisions WHERE organization_id = $1',
        [organizationId],
      );
      return new Map(rows.map(({ id, outcome }) => [id, outcome]));
    },
    ledger: () => checkLedger(deps, caller),
    submitted: ({ id, agent, minor, category, date, asks }: ModelIntent) =>
      organization.submitted(agent.id, {
        intentId: id,
        money: rupees(minor),
        merchantCategory: category,
        confidence: asks ? '0.1' : '0.9',
        createdAt: `${date}T06:00:00.000Z`,
      }),
    answered: ({ id, agent }: ModelIntent, answer: (typeof ANSWERS)[number]) =>
      organization.resolved({ intentId: id, agentId: agent.id }, answer),
    paid: ({ id, agent }: ModelIntent, { reference, minor, final, confirmed }: ModelPayment) =>
      message(organizationId, reference === '' ? 'intent.cancelled' : 'intent.settled', {
        intentId: id,
        agentId: agent.id,
        money: rupees(minor),
        reference: reference || null,
        final,
        confirmedBy: confirmed ? 'key_tool' : null,
        recordedAt: '2026-03-05T11:00:00.000Z',
      }),
  };
}

type Books = Awaited<ReturnType<typeof openBooks>>;

/** The books with everything that was sent, to send some of it again. */
interface Real extends Books {
  readonly sent: EncodedEvent[];
}

/** Sends it to one of the replicas and compares everything with the model. */
async function send(real: Real, turn: number, ...events: readonly EncodedEvent[]): Promise<void> {
  await replicas[turn % replicas.length]?.handle(...events);
  real.sent.push(...events);
  expect(await real.outcomes()).toEqual(real.model.outcomes());
  expect(await real.windows()).toEqual(real.model.windows());
}

type Step = fc.AsyncCommand<BudgetModel, Real>;

const place = fc.nat({ max: 1_000 });
const percent = fc.nat({ max: 130 });
const answer = fc.constantFrom(...ANSWERS);
const request = fc.record({
  agent: place,
  minor: fc.integer({ min: 1, max: 6_000 }),
  category: fc.constantFrom('travel', 'TRAVEL', 'software', null),
  date: fc.constantFrom(...DATES),
  asks: fc.boolean(),
});
const statement = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      reference: fc.constantFrom(...REFERENCES),
      percent,
      final: fc.boolean(),
      confirmed: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      reference: fc.constant(''),
      percent: fc.constant(0),
      final: fc.constant(true),
      confirmed: fc.boolean(),
    }),
  },
);
type Statement = typeof statement extends fc.Arbitrary<infer T> ? T : never;

const payment = ({ minor }: ModelIntent, { percent: part, ...rest }: Statement): ModelPayment => ({
  ...rest,
  minor: Math.floor((minor * part) / 100),
});

function newIntent(
  model: BudgetModel,
  { agent, ...fields }: typeof request extends fc.Arbitrary<infer T> ? T : never,
): ModelIntent {
  const owner = model.agents[agent % model.agents.length];
  if (!owner) throw new Error('the model has no agents');
  const intent = { ...fields, id: newId('int'), agent: owner, payments: [], answer: null, status: 'unknown' as const };
  model.intents.push(intent);
  return intent;
}

const known = (model: BudgetModel, index: number) => model.intents[index % model.intents.length] as ModelIntent;
const any = (model: BudgetModel) => model.intents.length > 0;

/** `ahead`: something is said of the intent before it is heard of itself. */
const submitting = fc
  .record({ request, ahead: fc.option(fc.oneof(answer, statement), { nil: null }), turn: place })
  .map(({ request: asked, ahead, turn }): Step => ({
    check: () => true,
    async run(model, real) {
      const intent = newIntent(model, asked);
      if (typeof ahead === 'string') {
        model.answer(intent, ahead);
        await send(real, turn + 1, real.answered(intent, ahead));
      } else if (ahead) {
        const told = payment(intent, ahead);
        model.pay(intent, told);
        await send(real, turn + 1, real.paid(intent, told));
      }
      model.decide(intent);
      await send(real, turn, real.submitted(intent));
    },
    toString: () => `submit ${JSON.stringify({ ...asked, ahead })}`,
  }));
const answering = fc.record({ index: place, answer, turn: place }).map(({ index, answer: given, turn }): Step => ({
  check: any,
  async run(model, real) {
    const intent = known(model, index);
    if (intent.answer) return;
    model.answer(intent, given);
    await send(real, turn, real.answered(intent, given));
  },
  toString: () => `answer ${index} ${given}`,
}));
const paying = fc.record({ index: place, statement, turn: place }).map(({ index, statement: said, turn }): Step => ({
  check: any,
  async run(model, real) {
    const intent = known(model, index);
    const told = payment(intent, said);
    model.pay(intent, told);
    await send(real, turn, real.paid(intent, told));
  },
  toString: () => `pay ${index} ${JSON.stringify(said)}`,
}));
const repeating = fc
  .record({ from: place, count: fc.integer({ min: 1, max: 6 }), turn: place })
  .map(({ from, count, turn }): Step => ({
    check: any,
    async run(_, real) {
      const start = from % real.sent.length;
      const again = real.sent.slice(start, start + count).toReversed();
      await send(real, turn, ...again);
    },
    toString: () => `again ${count} from ${from}`,
  }));

const TIGHT: readonly Omit<ModelAgent, 'id' | 'suspended'>[] = [
  { day: 9_000, month: 14_000, wallet: null, tolerance: null },
  { day: null, month: 12_000, wallet: 20_000, tolerance: null },
  { day: 8_000, month: null, wallet: null, tolerance: 10 },
  { day: null, month: null, wallet: 15_000, tolerance: 25 },
];
const SHARED: readonly SharedLimit[] = [
  { category: null, day: 16_000, month: 30_000 },
  { category: 'travel', day: null, month: 9_000 },
  { category: 'software', day: 5_000, month: null },
];

describe(`budgets that agents share (AEGIS_TEST_SEED=${SEED})`, () => {
  test('are after every step what the plain rules say, whichever replica takes it', { timeout: 600_000 }, async () => {
    const commands = fc.commands([submitting, submitting, answering, paying, repeating], {
      maxCommands: LONGEST,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(commands, async (steps) => {
        const books = await openBooks(TIGHT, SHARED);
        await fc.asyncModelRun(() => ({ model: books.model, real: { ...books, sent: [] } }), steps);
        expect((await books.ledger()).differences).toEqual([]);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  test(
    'end the same whatever the order of the same events, and however often they come',
    { timeout: 600_000 },
    async () => {
      // Room for everything, and people answer only what nobody withdraws: who comes first must not matter by the rules.
      const ample = TIGHT.map((agent) => ({ ...agent, day: null, month: null, wallet: agent.wallet && 100_000_000 }));
      const unlimited = SHARED.map((limit) => ({ ...limit, day: null, month: null }));
      const small = statement.map((said) => ({ ...said, percent: Math.floor(said.percent / 4) }));
      const story = fc.record({
        request,
        answer: fc.option(answer, { nil: null }),
        said: fc.array(small, { maxLength: 3 }),
      });
      const stories = fc.array(story, { minLength: 1, maxLength: 12 });
      const shuffles = fc.array(fc.infiniteStream(fc.nat()), { minLength: 2, maxLength: 2 });
      await fc.assert(
        fc.asyncProperty(stories, shuffles, async (told, orders) => {
          for (const order of orders) {
            const books = await openBooks(ample, unlimited);
            const events = told.flatMap(({ request: asked, answer: given, said }) => {
              const intent = newIntent(books.model, asked);
              const payments = said.map((each) => payment(intent, each));
              const withdrawn = payments.some(({ reference }) => reference === '');
              books.model.decide(intent);
              if (given && !withdrawn) books.model.answer(intent, given);
              for (const each of payments) books.model.pay(intent, each);
              return [
                books.submitted(intent),
                ...(given && !withdrawn ? [books.answered(intent, given)] : []),
                ...payments.map((each) => books.paid(intent, each)),
              ];
            });
            const copies = events.flatMap((event) => Array<EncodedEvent>(1 + (order.next().value % 3)).fill(event));
            const shuffled = copies
              .map((event) => ({ event, key: order.next().value }))
              .toSorted((one, other) => one.key - other.key)
              .map(({ event }) => event);
            await deliver(shuffled, () => 1 + (order.next().value % 8));
            expect(await books.outcomes()).toEqual(books.model.outcomes());
            expect(await books.windows()).toEqual(books.model.windows());
            expect((await books.ledger()).differences).toEqual([]);
          }
        }),
        { numRuns: RUNS, seed: SEED },
      );
    },
  );
});

/** All replicas take batches from one queue, each as soon as it can. */
async function deliver(events: readonly EncodedEvent[], size: () => number): Promise<void> {
  const queue = [...events];
  await Promise.all(
    replicas.map(async (replica) => {
      while (queue.length > 0) await replica.handle(...queue.splice(0, size()));
    }),
  );
}
