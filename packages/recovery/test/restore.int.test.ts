import { findKafka } from '@aegis/testkit/kafka';
import { describe, expect, it } from 'vitest';
import { runDrill } from './drill.ts';

const INTENTS = Number(process.env['AEGIS_TEST_DRILL_INTENTS'] ?? 500);
const source = await findKafka();

async function expectDrillToHold(brokers?: readonly string[]): Promise<void> {
  const { claims } = await runDrill({ intents: INTENTS, ...(brokers && { brokers }) });
  expect(claims.filter(({ holds }) => !holds)).toEqual([]);
  expect(claims.length).toBeGreaterThan(10);
}

describe('a system that was lost', () => {
  it('comes back from a backup taken under load, whole, and tells what it lost since', async () => {
    await expectDrillToHold();
  }, 300_000);

  // A broker that is not ours has other systems' groups on it.
  it.skipIf(!source || source.name === 'KAFKA_BROKERS')(
    'loses next to nothing where Kafka outlives it',
    async () => {
      const kafka = await source?.start();
      try {
        await expectDrillToHold(kafka?.brokers);
      } finally {
        await kafka?.stop();
      }
    },
    300_000,
  );
});
