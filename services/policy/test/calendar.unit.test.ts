import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTimeZone, localTime, monthStart, windowEnd } from '../src/domain/calendar.ts';
import { clockChanges, firstMidnight, HOUR_MS, printed } from './wall-clock.ts';

/** On both sides of the equator and of the date line, at half and quarter hours, with clocks that change at midnight. */
const ZONES = [
  'UTC',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'America/Santiago',
  'America/Sao_Paulo',
  'Europe/London',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Gaza',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
];

test('every instant since 1973 falls on the date, weekday and hour that the zone shows', () => {
  const instant = fc.integer({ min: Date.UTC(1973, 0), max: Date.UTC(2100, 0) });
  fc.assert(
    fc.property(instant, fc.constantFrom(...ZONES), (instantMs, zone) => {
      expect(localTime(instantMs, zone)).toEqual(printed(instantMs, zone));
    }),
    { numRuns: 3_000 },
  );
});

test('the minutes around a change of the clocks are read one by one', () => {
  const changes = [
    { zone: 'America/New_York', at: '2026-03-08T07:00:00Z' },
    { zone: 'America/New_York', at: '2026-11-01T06:00:00Z' },
    { zone: 'America/St_Johns', at: '2010-11-07T02:31:00Z' },
    { zone: 'Australia/Lord_Howe', at: '2026-04-04T15:00:00Z' },
    { zone: 'Pacific/Apia', at: '2011-12-30T10:00:00Z' },
  ];
  for (const { zone, at } of changes) {
    for (let second = -7_200; second <= 7_200; second += 30) {
      const instantMs = Date.parse(at) + second * 1_000;
      expect(localTime(instantMs, zone)).toEqual(printed(instantMs, zone));
    }
  }
});

test('midnight belongs to the new day, also on the day that has 23 hours', () => {
  expect(localTime(Date.parse('2026-03-08T04:59:59.999Z'), 'America/New_York').date).toBe('2026-03-07');
  expect(localTime(Date.parse('2026-03-08T05:00:00.000Z'), 'America/New_York').date).toBe('2026-03-08');
  expect(localTime(Date.parse('2026-03-09T03:59:59.999Z'), 'America/New_York').date).toBe('2026-03-08');
  expect(localTime(Date.parse('2026-03-09T04:00:00.000Z'), 'America/New_York').date).toBe('2026-03-09');
});

function dateAfter(kind: 'day' | 'month', date: string): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return new Date(kind === 'day' ? Date.UTC(year, month - 1, day + 1) : Date.UTC(year, month, 1))
    .toISOString()
    .slice(0, 10);
}

test('a window ends at the first midnight after it, on days of 23, 24 and 25 hours, in every zone', () => {
  // Until 2011 there were places where clocks went back over midnight, so that a date came twice.
  const instant = fc.integer({ min: Date.UTC(2012, 0), max: Date.UTC(2100, 0) });
  const everywhere = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  fc.assert(
    fc.property(instant, everywhere, fc.constantFrom('day', 'month'), (instantMs, zone, kind) => {
      const { date } = printed(instantMs, zone);
      const start = kind === 'day' ? date : `${date.slice(0, 8)}01`;
      const end = windowEnd(kind, start, zone).getTime();
      expect(end).toBe(firstMidnight(dateAfter(kind, start), zone));
      expect(end).toBeGreaterThan(instantMs);
    }),
    { numRuns: 2_000 },
  );
});

test('the windows of the days around every change of the clocks follow one another without gap or overlap', () => {
  let seen = 0;
  for (const zone of ZONES) {
    for (const year of [2015, 2026]) {
      for (const change of clockChanges(zone, year)) {
        seen += 1;
        let date = printed(change - 30 * HOUR_MS, zone).date;
        for (let day = 0; day < 4; day += 1) {
          const end = windowEnd('day', date, zone).getTime();
          const next = dateAfter('day', date);
          expect(end, `${zone} ${date}`).toBe(firstMidnight(next, zone));
          expect([printed(end - 1, zone).date, printed(end, zone).date]).toEqual([date, next]);
          date = next;
        }
      }
    }
  }
  expect(seen).toBeGreaterThan(30);
});

test('the day that a zone skipped on its way over the date line has no window of its own', () => {
  const midnight = new Date('2011-12-30T10:00:00Z');
  expect(windowEnd('day', '2011-12-29', 'Pacific/Apia')).toEqual(midnight);
  expect(printed(midnight.getTime(), 'Pacific/Apia').date).toBe('2011-12-31');
});

test('a date names the month it is in', () => {
  expect(monthStart('2026-02-28')).toBe('2026-02-01');
});

test('a time zone is a name of the IANA database', () => {
  for (const name of ['Asia/Kolkata', 'Asia/Calcutta', 'UTC', 'Europe/Kyiv']) expect(isTimeZone(name)).toBe(true);
  for (const name of ['+05:30', 'Mars/Olympus', '', 'Asia']) expect(isTimeZone(name)).toBe(false);
});

test('an instant that does not exist is refused', () => {
  expect(() => localTime(Number.NaN, 'UTC')).toThrow(RangeError);
});
