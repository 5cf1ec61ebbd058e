import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALL_ORGANIZATIONS } from '../src/database.ts';
import { claimEvents, pruneInbox } from '../src/inbox.ts';
import { type Ledger, openLedger } from './ledger.ts';

let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger[Symbol.asyncDispose]());

const claim = (...ids: string[]) => ledger.database.tx(ALL_ORGANIZATIONS, (tx) => claimEvents(tx, ids));

test('an event is fresh once, also within one batch', async () => {
  expect(await claim('evt_1', 'evt_2', 'evt_1')).toEqual(new Set(['evt_1', 'evt_2']));
  expect(await claim('evt_2', 'evt_3')).toEqual(new Set(['evt_3']));
  expect(await claim()).toEqual(new Set());
});

test('a claim that is rolled back was never made', async () => {
  const failing = ledger.database.tx(ALL_ORGANIZATIONS, async (tx) => {
    await claimEvents(tx, ['evt_rolled_back']);
    throw new Error('the handler failed');
  });
  await expect(failing).rejects.toThrow('the handler failed');
  expect(await claim('evt_rolled_back')).toEqual(new Set(['evt_rolled_back']));
});

test('of twenty handlers given the same events in different orders, each event falls to one', async () => {
  const ids = Array.from({ length: 50 }, (_, index) => `evt_race_${index}`);
  const claims = await Promise.all(
    Array.from({ length: 20 }, (_, turn) => claim(...ids.slice(turn), ...ids.slice(0, turn))),
  );
  expect(claims.flatMap((fresh) => [...fresh]).toSorted()).toEqual(ids.toSorted());
});

test('old claims are pruned in bounded steps, young ones stay', async () => {
  await ledger.admin(
    `INSERT INTO ledger.inbox SELECT 'evt_old_' || n, now() - interval '8 days' FROM generate_series(1, 5) n`,
  );
  await claim('evt_young');
  const prune = () => ledger.database.tx(ALL_ORGANIZATIONS, (tx) => pruneInbox(tx, 7 * 86_400_000, 3));
  expect([await prune(), await prune(), await prune()]).toEqual([3, 2, 0]);
  expect(await claim('evt_young')).toEqual(new Set());
});
