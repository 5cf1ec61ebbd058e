import { findKafka } from '@aegis/testkit/kafka';
import { defineConfig } from 'vitest/config';

/** Says so, loudly, when there is none; AEGIS_TEST_REQUIRE=kafka makes that an error. */
const kafka = await findKafka();

const slow = { testTimeout: 60_000, hookTimeout: 120_000 };

/**
 * Unit tests touch nothing but memory. Integration tests own real engines, which the set-up starts once. End-to-end tests
 * speak to one whole system over its public API: on the embedded bus, and again on a real Kafka where there is one.
 * The groups run one after another, so that none competes with another for the machine.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Properties take many runs; a busy machine takes longer over them.
          testTimeout: 30_000,
          include: ['{packages,services}/*/test/**/*.unit.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...slow,
          name: 'integration',
          include: ['{packages,services}/*/test/**/*.int.test.ts'],
          globalSetup: ['packages/testkit/src/global-setup.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      ...['e2e', ...(kafka ? ['e2e-kafka'] : [])].map((name, index) => ({
        test: {
          ...slow,
          name,
          include: ['e2e/test/**/*.e2e.test.ts'],
          globalSetup: ['e2e/src/setup.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 2 + index },
        },
      })),
    ],
  },
});
