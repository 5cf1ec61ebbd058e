import { expect, test } from 'vitest';
import { eventually } from '../src/eventually.ts';

test('resolves to the first value that is not false, after failures of any kind', async () => {
  let calls = 0;
  const value = await eventually(
    () => {
      calls += 1;
      if (calls === 1) throw new Error('not yet');
      return calls === 2 ? false : 'done';
    },
    { intervalMs: 1 },
  );
  expect([value, calls]).toEqual(['done', 3]);
});

test('gives up with the last failure', async () => {
  const failing = eventually(
    () => {
      throw new Error('still broken');
    },
    { timeoutMs: 5, intervalMs: 1 },
  );
  await expect(failing).rejects.toThrow('not true within 5 ms: still broken');
  await expect(eventually(() => false, { timeoutMs: 0 })).rejects.toThrow('the check returned false');
});
