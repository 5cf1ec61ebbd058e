import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CADENCES, dateIn, momentsOf, periodOf } from '../src/domain/export/cadence.ts';
import { retryAfterMs } from '../src/domain/export/schedule.ts';

const ZONES = ['UTC', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia', 'Africa/Cairo', 'Australia/Lord_Howe'];
const date = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2060-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));

describe('a period', () => {
  it.each([
    ['daily', '2026-02-28', { from: '2026-02-28', to: '2026-03-01' }],
    ['weekly', '2026-03-01', { from: '2026-02-23', to: '2026-03-02' }],
    ['weekly', '2026-03-02', { from: '2026-03-02', to: '2026-03-09' }],
    ['monthly', '2028-02-29', { from: '2028-02-01', to: '2028-03-01' }],
    ['monthly', '2026-12-31', { from: '2026-12-01', to: '2027-01-01' }],
  ] as const)('%s that holds %s is %j', (cadence, on, expected) => {
    expect(periodOf(cadence, on)).toEqual(expected);
  });

  it('holds its date, and the next one begins where it ends, in every zone', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CADENCES), date, fc.constantFrom(...ZONES), (cadence, on, zone) => {
        const period = periodOf(cadence, on);
        expect(period.from <= on && on < period.to).toBe(true);
        expect(periodOf(cadence, period.from)).toEqual(period);
        const next = periodOf(cadence, period.to);
        expect(next.from).toBe(period.to);
        const [ours, theirs] = [momentsOf(period, zone), momentsOf(next, zone)];
        expect(ours.from < ours.to).toBe(true);
        expect(theirs.from).toEqual(ours.to);
        expect(dateIn(zone, ours.from) >= period.from).toBe(true);
        expect(dateIn(zone, new Date(ours.to.getTime() - 1)) < period.to).toBe(true);
      }),
    );
  });

  it('is as long as its days are where clocks change', () => {
    const hours = ({ from, to }: { from: Date; to: Date }) => (to.getTime() - from.getTime()) / 3_600_000;
    expect(hours(momentsOf(periodOf('daily', '2026-03-08'), 'America/New_York'))).toBe(23);
    expect(hours(momentsOf(periodOf('daily', '2026-11-01'), 'America/New_York'))).toBe(25);
    expect(hours(momentsOf(periodOf('daily', '2026-03-08'), 'Asia/Kolkata'))).toBe(24);
  });
});

it('a run that fails waits longer each time, an hour at most', () => {
  expect([1, 2, 3, 6, 7, 100].map(retryAfterMs)).toEqual([60_000, 120_000, 240_000, 1_920_000, 3_600_000, 3_600_000]);
});
