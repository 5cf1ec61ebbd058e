import { findKafka, type KafkaServer } from '@aegis/testkit/kafka';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { prove } from '../src/history/prove.ts';
import type { Purchase } from '../src/history/purchases.ts';
import { type HistorySystem, startHistorySystem } from '../src/history/system.ts';

const PURCHASES = 160;
const CARDS = 11;
const A_DAY = 16;
const AT_ONCE = 4;

let kafka: KafkaServer | undefined;
let system: HistorySystem;
beforeAll(async () => {
  const source = inject('bus') === 'kafka' ? await findKafka() : undefined;
  // A broker that is not ours may serve another system already.
  kafka = source && source.name !== 'KAFKA_BROKERS' ? await source.start() : undefined;
  system = await startHistorySystem(kafka ? { KAFKA_BROKERS: kafka.brokers.join(',') } : {});
});
afterAll(async () => {
  await system.stop();
  await kafka?.stop();
});

/** Purchases that meet every policy, limit and wallet; the same ones every time, with no two alike. */
function makePurchases(): Purchase[] {
  const amounts = ['12.50', '249.99', '480.00', '990.10', '1010.00', '2600.00', '4800.00'];
  const merchants = ['bp snax 24', 'BP SNAX', 'asda home delivery', 'Travel lodge', 'amazon mktp', null];
  const categories = ['Vehicle Fuel', 'Purchases Food', 'Cash advance', null];
  return Array.from({ length: PURCHASES }, (_, index) => {
    const mixed = (index * 7_919) % 10_007;
    const [day, time] = [Math.floor(index / A_DAY), Math.floor((index % A_DAY) / AT_ONCE)];
    return {
      card: `card ${mixed % CARDS}`,
      at: new Date(Date.UTC(2014, 2, 25 + day, 9 + time)),
      amount: amounts[mixed % amounts.length] ?? '1.00',
      merchant: merchants[(mixed >> 3) % merchants.length] ?? null,
      category: categories[(mixed >> 5) % categories.length] ?? null,
    };
  });
}

it(
  'predicts, intent by intent, what it decides when history is replayed through it, and its totals reconcile',
  { timeout: 300_000 },
  async () => {
    const purchases = makePurchases();
    const { totals, unreconciled, simulation, differences, firstDifference } = await prove(
      system,
      purchases,
      () => () => undefined,
    );
    expect(unreconciled).toEqual([]);
    expect([differences, firstDifference]).toEqual([0, null]);
    expect(simulation.intents).toBe(purchases.length);
    expect(simulation.changed).toBeGreaterThan(purchases.length / 20);
    expect(totals.decisions.spent).toBeGreaterThan(0);
    expect(totals.decisions.held).toBeGreaterThan(0);
    expect(totals.wallets.spent).toBeGreaterThan(0);
  },
);
