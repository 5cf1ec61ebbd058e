import { rm } from 'node:fs/promises';
import { temporaryDataDir } from '@aegis/testkit/data-dir';
import { eventually } from '@aegis/testkit/eventually';
import type { System } from '@aegis/testkit/system';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientWith, type Json } from '../src/client.ts';
import { type OwnSystems, ownSystems } from '../src/own-system.ts';

const ROUNDS = Number(process.env['AEGIS_TEST_KILLS'] ?? 2);
const PER_ROUND = Number(process.env['AEGIS_TEST_INTENTS_PER_KILL'] ?? 400);

let dataDir: string;
let system: System;
let systems: OwnSystems;
beforeAll(async () => {
  systems = await ownSystems();
  dataDir = await temporaryDataDir('aegis-recovery-');
});
afterAll(async () => {
  await system.stop();
  await systems.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** Submits until the connection breaks; returns the ids that were acknowledged. */
async function submitUntilKilled({ facts, kill }: System): Promise<string[]> {
  const client = clientWith(facts.agentKey, facts.baseUrl);
  const acknowledged: string[] = [];
  const killed: Promise<void>[] = [];
  const worker = async () => {
    for (;;) {
      const answer = await client.post('/v1/intents', {
        agentId: facts.agentId,
        amount: 1,
        currency: 'GBP',
        reason: 'kill me',
      });
      expect(answer.status).toBe(202);
      acknowledged.push(answer.body.id);
      if (acknowledged.length === PER_ROUND) killed.push(kill());
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: 16 }, worker));
  await Promise.all(killed);
  expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
  return acknowledged;
}

describe('the system, killed at any moment', () => {
  it('starts again on its data, decides every acknowledged intent once and keeps the log whole', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      system = await systems.start({ dataDir });
      acknowledged.push(...(await submitUntilKilled(system)));
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * PER_ROUND);

    system = await systems.start({ dataDir });
    const { facts } = system;
    const login = await clientWith(null, facts.baseUrl).post('/v1/auth/token', {
      email: facts.adminEmail,
      password: facts.adminPassword,
    });
    const admin = clientWith(login.body.accessToken, facts.baseUrl);
    await eventually(async () => (await admin.get('/v1/intents?status=pending&limit=1')).body.data.length === 0, {
      timeoutMs: 60_000,
    });

    const decided = new Map<string, Json>();
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await admin.get(`/v1/intents?limit=100${cursor && `&cursor=${cursor}`}`);
      for (const intent of body.data) decided.set(intent.id, intent);
      cursor = body.pagination.nextCursor ?? null;
    }
    expect(acknowledged.filter((id) => decided.get(id)?.status !== 'approved')).toEqual([]);

    // Spend is what the stored intents add up to: none was lost, none counted twice.
    const total = decided.size;
    const agent = await admin.get(`/v1/agents/${facts.agentId}`);
    expect(agent.body.spentToday).toBe(total);
    await eventually(async () => (await admin.get('/v1/analytics/spend?days=1')).body.total === total, {
      timeoutMs: 30_000,
    });
    const submitted = await countEntries(admin, 'intent.submitted');
    expect([submitted, await countEntries(admin, 'intent.decided')]).toEqual([total, total]);
    const { text } = await admin.get('/v1/audit/verify');
    expect(JSON.parse(text.trim().split('\n').at(-1) ?? '')).toMatchObject({ intact: true });
  }, 300_000);
});

/** Entries of one type; audit follows the decisions within moments, so the count is taken when it stands still. */
async function countEntries(admin: ReturnType<typeof clientWith>, type: string): Promise<number> {
  let before = -1;
  return eventually(
    async () => {
      const { body } = await admin.get(`/v1/audit?type=${type}&limit=1`);
      const now: number = body.pagination.total;
      const steady = now === before;
      before = now;
      if (!steady) throw new Error(`${type} entries still arrive: ${now}`);
      return now;
    },
    { intervalMs: 300, timeoutMs: 30_000 },
  );
}
