import { startOfDay } from '@aegis/contracts/start-of-day';

export const CADENCES = ['daily', 'weekly', 'monthly'] as const;
export type Cadence = (typeof CADENCES)[number];

/** Dates such as `2026-03-05`, half-open. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;

/** The day, the week from Monday, or the month that holds the date. */
export function periodOf(cadence: Cadence, date: string): Period {
  const at = new Date(`${date}T00:00:00Z`);
  switch (cadence) {
    case 'daily':
      return { from: date, to: dateOf(at.getTime() + DAY_MS) };
    case 'weekly': {
      const monday = at.getTime() - ((at.getUTCDay() + 6) % 7) * DAY_MS;
      return { from: dateOf(monday), to: dateOf(monday + 7 * DAY_MS) };
    }
    case 'monthly': {
      const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
      return { from: dateOf(Date.UTC(year, month, 1)), to: dateOf(Date.UTC(year, month + 1, 1)) };
    }
    default:
      return cadence satisfies never;
  }
}

/** The moments at which a period begins and ends in a zone. */
export function momentsOf({ from, to }: Period, timeZone: string): { readonly from: Date; readonly to: Date } {
  return { from: startOfDay(from, timeZone), to: startOfDay(to, timeZone) };
}

/** The date that it is in the zone. */
export function dateIn(timeZone: string, at: Date): string {
  const format = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts['year']}-${parts['month']}-${parts['day']}`;
}

function dateOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
