import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditDatabase, openAuditDatabase, verified } from './audit-database.ts';

const WRITER = join(import.meta.dirname, 'crash-writer.ts');
const EVENTS = Number(process.env.AEGIS_TEST_ENTRIES ?? 1_500);
const WRITERS = 4;
/** Kills by SIGKILL, all writers together. */
const KILLS = Number(process.env.AEGIS_TEST_KILLS ?? 8);

let db: AuditDatabase;

beforeAll(async () => {
  db = await openAuditDatabase();
});
afterAll(() => db.close());

async function startWriter(organizationId: string): Promise<ChildProcess> {
  const args = [WRITER, db.url, organizationId, String(EVENTS), '20'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

/** Runs one writer until it has seen all events through; the budget of kills is shared. */
async function runWriter(organizationId: string, kills: { left: number; fired: number }): Promise<void> {
  for (;;) {
    const child = await startWriter(organizationId);
    const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
    if (kills.left > 0) {
      kills.left -= 1;
      await Promise.race([exit, sleep(20 + Math.random() * 200)]);
      child.kill('SIGKILL');
    }
    const [code, signal] = await exit;
    if (signal === 'SIGKILL') kills.fired += 1;
    if (code === 0) return;
    if (signal === null) throw new Error(`the writer failed with code ${code}`);
  }
}

describe('four processes that record the same events, killed with SIGKILL', () => {
  it('leave one chain with every event once', { timeout: 600_000 }, async () => {
    const organizationId = randomUUID();
    const kills = { left: KILLS, fired: 0 };
    await Promise.all(Array.from({ length: WRITERS }, () => runWriter(organizationId, kills)));
    expect(kills.fired).toBeGreaterThan(KILLS / 2);
    expect(await verified(db.database, organizationId)).toMatchObject({ size: EVENTS, result: { fault: null } });
    const ids = await db.sql<{ event_id: string }>('SELECT event_id FROM entries WHERE organization_id = $1', [
      organizationId,
    ]);
    expect(new Set(ids.map((row) => row.event_id))).toEqual(
      new Set(Array.from({ length: EVENTS }, (_, index) => `evt_${index}`)),
    );
  });
});
