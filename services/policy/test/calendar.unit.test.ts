import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTimeZone, localTime, monthStart } from '../src/domain/calendar.ts';

const ZONES = [
  'UTC',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/New_York',
  'America/St_Johns',
  'Europe/London',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Asia/Gaza',
];

/** The wall clock by another way: the text that the runtime prints for people. */
function printed(instantMs: number, timeZone: string) {
  const [date = '', time = ''] = new Date(instantMs).toLocaleString('sv-SE', { timeZone }).split(' ');
  const dayOfWeek = new Date(instantMs).toLocaleDateString('en-GB', { timeZone, weekday: 'long' }).toLowerCase();
  return { date, dayOfWeek, hourOfDay: Number(time.slice(0, 2)), dayOfMonth: Number(date.slice(8)) };
}

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
