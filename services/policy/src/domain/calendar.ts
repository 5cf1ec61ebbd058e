/** An instant on an organisation's wall calendar. */
export interface LocalTime {
  /** `YYYY-MM-DD`: the daily window that the instant falls into. */
  readonly date: string;
  /** `monday` to `sunday`. */
  readonly dayOfWeek: string;
  /** 0 to 23. */
  readonly hourOfDay: number;
  /** 1 to 31. */
  readonly dayOfMonth: number;
}

export const DAYS_OF_WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const MINUTES_KEPT = 1_440;

interface Zone {
  readonly format: Intl.DateTimeFormat;
  readonly minutes: Map<number, LocalTime>;
}

const zones = new Map<string, Zone>();

/**
 * The wall-clock reading in an IANA time zone, across daylight saving. Formatting costs microseconds, so readings are
 * kept by the minute: since 1973 every zone's offset is whole minutes and changes on a whole minute.
 *
 * @throws RangeError for an invalid instant or a time zone that the runtime does not know
 */
export function localTime(instantMs: number, timeZone: string): LocalTime {
  const zone = zoneOf(timeZone);
  const minute = Math.floor(instantMs / MINUTE_MS);
  let reading = zone.minutes.get(minute);
  if (!reading) {
    reading = read(zone.format, minute * MINUTE_MS);
    if (zone.minutes.size >= MINUTES_KEPT) zone.minutes.clear();
    zone.minutes.set(minute, reading);
  }
  return reading;
}

/** The date of an instant in RFC 3339; undefined for a text that is none. */
export function localDate(instant: string, timeZone: string): string | undefined {
  const instantMs = Date.parse(instant);
  return Number.isNaN(instantMs) ? undefined : localTime(instantMs, timeZone).date;
}

/**
 * When a window ends: the first instant that the zone's calendar shows a later date than the window's last. A day may
 * begin at one o'clock, where clocks go forward at midnight.
 */
export function windowEnd(kind: 'day' | 'month', start: string, timeZone: string): Date {
  const [year = 0, month = 0, day = 0] = start.split('-').map(Number);
  const nextMs = kind === 'day' ? Date.UTC(year, month - 1, day + 1) : Date.UTC(year, month, 1);
  const next = new Date(nextMs).toISOString().slice(0, 10);
  // No zone is a whole day from UTC: the instant lies between. Since 2011 no clock has gone back to an earlier date.
  let [before, after] = [nextMs - DAY_MS, nextMs + DAY_MS];
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / (2 * MINUTE_MS)) * MINUTE_MS;
    if (localTime(middle, timeZone).date >= next) after = middle;
    else before = middle;
  }
  return new Date(after);
}

/** The first day of the month of a date, which names its monthly window. */
export function monthStart(date: string): string {
  return `${date.slice(0, 7)}-01`;
}

/** True for the IANA names the runtime knows; a bare offset such as `+05:30` has no daylight saving and is refused. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}

function zoneOf(timeZone: string): Zone {
  let zone = zones.get(timeZone);
  if (!zone) {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      weekday: 'long',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
    });
    zone = { format, minutes: new Map() };
    zones.set(timeZone, zone);
  }
  return zone;
}

function read(format: Intl.DateTimeFormat, instantMs: number): LocalTime {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of format.formatToParts(instantMs)) parts[type] = value;
  const { year = '', month = '', day = '', hour = '', weekday = '' } = parts;
  return {
    date: `${year.padStart(4, '0')}-${month}-${day}`,
    dayOfWeek: weekday.toLowerCase(),
    hourOfDay: Number(hour),
    dayOfMonth: Number(day),
  };
}
