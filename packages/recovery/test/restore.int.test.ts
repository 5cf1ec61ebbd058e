import { describe, expect, it } from 'vitest';
import { runDrill } from './drill.ts';

const INTENTS = Number(process.env['AEGIS_TEST_DRILL_INTENTS'] ?? 500);

describe('a system that was lost', () => {
  it('comes back from a backup taken under load, whole, and tells what it lost since', async () => {
    const { claims } = await runDrill({ intents: INTENTS });
    expect(claims.filter(({ holds }) => !holds)).toEqual([]);
    expect(claims.length).toBeGreaterThan(10);
  }, 300_000);
});
