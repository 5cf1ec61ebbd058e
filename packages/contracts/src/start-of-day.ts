/** The first moment of a date (`2026-03-05`) in a zone of the IANA database; where midnight is skipped, what comes instead. */
export function startOfDay(date: string, timeZone: string): Date {
  const midnightMs = Date.parse(`${date}T00:00:00Z`);
  // The zone's offset at a time close to midnight may be that of the day before; a second look settles it.
  const near = new Date(midnightMs - offsetMs(new Date(midnightMs), timeZone));
  return new Date(midnightMs - offsetMs(near, timeZone));
}

function offsetMs(at: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] =
    /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -size : size;
}
