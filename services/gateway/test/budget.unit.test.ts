import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { remainingIn, remainingOf } from '../src/domain/budget.ts';
import { changePercent } from '../src/domain/trend.ts';

const minor = fc.bigInt({ min: 0n, max: 10n ** 18n });
const window = fc.record({ limit: fc.option(minor), spent: minor, held: minor });

describe('what a budget still allows', () => {
  test('is never negative and never more than any of its windows allows', () => {
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 3 }), (windows) => {
        const left = remainingOf(windows);
        const bounds = windows.map(remainingIn).filter((bound) => bound !== null);
        if (left === null) expect(bounds).toEqual([]);
        else {
          expect(left).toBeGreaterThanOrEqual(0n);
          for (const bound of bounds) expect(left).toBeLessThanOrEqual(bound);
        }
      }),
    );
  });

  test('is nothing under a limit of zero and unlimited without one', () => {
    expect(remainingOf([{ limit: 0n, spent: 0n, held: 0n }])).toBe(0n);
    expect(remainingOf([{ limit: null, spent: 5n, held: 5n }])).toBeNull();
  });
});

describe('the change from one period to the next', () => {
  test.each([
    [0n, 500n, null],
    [200n, 300n, 50],
    [300n, 200n, -33.33],
    [100n, 100n, 0],
  ])('from %d to %d is %d per cent', (previous, current, percent) => {
    expect(changePercent(previous, current)).toBe(percent);
  });
});
