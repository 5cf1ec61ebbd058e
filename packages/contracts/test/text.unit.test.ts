import { expect, test } from 'vitest';
import { exportAuditQuery } from '../src/http/exports.ts';
import { simulateIntentBody } from '../src/http/simulation.ts';
import { instantQuery } from '../src/http/text.ts';

const exported = (from: string) => exportAuditQuery.safeParse({ format: 'json', standard: 'generic', from }).success;

test.each([
  ['2024-02-29', true],
  ['0001-01-01', true],
  ['9999-12-31', true],
  ['2026-02-30', false],
  ['2023-02-29', false],
  ['2026-02-30T10:00:00Z', false],
  ['0000-12-31', false],
  ['0000-01-01T00:00:00Z', false],
  ['0001-01-01T00:00:00+05:30', false],
  ['9999-12-31T23:59:59-05:30', false],
])('%s is a time that a store can be asked for: %s', (text, isTime) => {
  expect([instantQuery.safeParse(text).success, exported(text)]).toEqual([isTime, isTime]);
});

test('an intent is simulated at a time that a store can be asked for', () => {
  const at = (text: string) => simulateIntentBody.shape.at.safeParse(text).success;
  expect([at('2026-03-05T10:00:00+05:30'), at('0000-03-05T10:00:00Z')]).toEqual([true, false]);
});
