/** An organisation's wall clock by other ways than the service's own, to test that against. */

export const HOUR_MS = 3_600_000;

/** What the clock shows, by the text that the runtime prints for people. */
export function printed(instantMs: number, timeZone: string) {
  const [date = '', time = ''] = new Date(instantMs).toLocaleString('sv-SE', { timeZone }).split(' ');
  const dayOfWeek = new Date(instantMs).toLocaleDateString('en-GB', { timeZone, weekday: 'long' }).toLowerCase();
  return { date, dayOfWeek, hourOfDay: Number(time.slice(0, 2)), dayOfMonth: Number(date.slice(8)) };
}

/** How far a zone is ahead of UTC at an instant, by the name that the runtime gives its offset: `GMT+05:45`. */
function offsetMs(instantMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(instantMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = 0, minutes = 0] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/**
 * When a wall clock first shows the midnight that begins a date, by arithmetic on offsets: it does at an instant whose
 * offset leads there. Where none does, the clocks are put forward over it, and the jump is where the offset before leads.
 */
export function firstMidnight(date: string, timeZone: string): number {
  const wallMs = Date.parse(`${date}T00:00:00Z`);
  const offsets = [-26, 26].map((hours) => offsetMs(wallMs + hours * HOUR_MS, timeZone));
  const exact = offsets.map((offset) => wallMs - offset).filter((at) => at + offsetMs(at, timeZone) === wallMs);
  return exact.length > 0 ? Math.min(...exact) : wallMs - (offsets[0] ?? 0);
}

/** Instants at which the zone's offset changes in a year. */
export function clockChanges(zone: string, year: number): number[] {
  const changes: number[] = [];
  for (let at = Date.UTC(year, 0); at < Date.UTC(year + 1, 0); at += 24 * HOUR_MS) {
    let [before, after] = [at, at + 24 * HOUR_MS];
    if (offsetMs(before, zone) === offsetMs(after, zone)) continue;
    while (after - before > 60_000) {
      const middle = before + Math.floor((after - before) / 120_000) * 60_000;
      if (offsetMs(middle, zone) === offsetMs(before, zone)) before = middle;
      else after = middle;
    }
    changes.push(after);
  }
  return changes;
}
