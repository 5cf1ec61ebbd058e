import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { recordFacts } from '../src/usecases/record-facts.ts';
import { getSpend } from '../src/usecases/get-spend.ts';
import { AMOUNT_MINOR, BATCH, ORGANIZATION, UNTIL, batchOf } from './crash-writer.ts';
import { openStore } from './open-store.ts';

const KILLS = 3;
const children = new Set<ChildProcess>();

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts a process that writes batch after batch from `first`, kills it in the middle, and resolves to the last it said was written. */
async function writeAndKill(dataDir: string, first: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-writer.ts'), dataDir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  let written = first - 1;
  child.stdout.on('data', (chunk: Buffer) => {
    written = Number(chunk.toString().trim().split('\n').at(-1));
    // At no particular point of the next insert.
    if (written >= first + 5) setTimeout(() => child.kill('SIGKILL'), Math.random() * 10);
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return written;
}

it('what was written survives a kill at any moment, and counts once when it is delivered again', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'aegis-test-crash-'));
  let written = -1;
  for (let kill = 0; kill < KILLS; kill += 1) written = await writeAndKill(dataDir, written + 1);

  const { store, close } = await openStore(dataDir);
  const { signal } = new AbortController();
  const spent = () =>
    getSpend(store, { organizationId: ORGANIZATION, agentId: null, days: 30, until: UNTIL }, { signal });
  const intents = BigInt((written + 1) * BATCH);
  // A batch in flight at a kill is there whole or not at all.
  const before = (await spent()).intentCount;
  expect(before).toBeGreaterThanOrEqual(intents);
  expect(before - intents).toBeLessThanOrEqual(BigInt(KILLS * BATCH));
  expect(before % BigInt(BATCH)).toBe(0n);

  for (let batch = 0; batch <= written + KILLS; batch += 1) await recordFacts(store, batchOf(batch));
  const after = await spent();
  expect(after.intentCount).toBe(BigInt((written + KILLS + 1) * BATCH));
  expect(after.total.amountMinor).toBe((AMOUNT_MINOR * after.intentCount).toString());
  await close();
  await rm(dataDir, { recursive: true, force: true });
});
