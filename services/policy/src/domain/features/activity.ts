/**
 * What an agent asked for lately, whatever the answers: counts by five-minute step and by hour, counts by local hour of
 * the day since its first intent, and its newest intents. Bounded, never computed from a scan, and kept in the form that
 * it is stored in: most intents read and write all of it.
 */
export interface Activity {
  /** Intents by five-minute step since the epoch, of `STEPS_KEPT` steps. */
  readonly steps: Count[];
  /** Intents by hour since the epoch, of `HOURS_KEPT` hours. */
  readonly hours: Count[];
  /** Intents by hour of the day on the organisation's calendar, 24 counts. */
  readonly hoursOfDay: number[];
  /** The newest, oldest first. */
  readonly recent: RecentIntent[];
}

type Count = [bucket: number, intents: number];

/** Amounts are minor units of the intent's own currency; the merchant is the beginning of its key, empty for none. */
export type RecentIntent = readonly [atMs: number, merchant: string, amountMinor: string, currency: string];

export const STEP_MS = 300_000;
export const HOUR_MS = 3_600_000;
/** The step that an instant is in and the twelve before it: never less than an hour. */
const STEPS_KEPT = 13;
/** The hour that an instant is in and the 24 before it: never less than a day. */
const HOURS_KEPT = 25;
const RECENT_KEPT = 16;

export function emptyActivity(): Activity {
  return { steps: [], hours: [], hoursOfDay: Array<number>(24).fill(0), recent: [] };
}

/** Counts an intent after it was decided. */
export function recordIntent(activity: Activity, intent: RecentIntent, hourOfDay: number): void {
  const [atMs] = intent;
  count(activity.steps, Math.floor(atMs / STEP_MS), STEPS_KEPT);
  count(activity.hours, Math.floor(atMs / HOUR_MS), HOURS_KEPT);
  activity.hoursOfDay[hourOfDay] = (activity.hoursOfDay[hourOfDay] ?? 0) + 1;
  activity.recent.push(intent);
  if (activity.recent.length > RECENT_KEPT) activity.recent.shift();
}

/** Adds to a bucket; a new one drops those that no window reaches any more. */
function count(counts: Count[], bucket: number, kept: number): void {
  const known = counts.find(([other]) => other === bucket);
  if (known) {
    known[1] += 1;
    return;
  }
  counts.push([bucket, 1]);
  const oldest = Math.max(...counts.map(([other]) => other)) - kept;
  const left = counts.filter(([other]) => other > oldest);
  if (left.length < counts.length) counts.splice(0, counts.length, ...left);
}

/** Intents of the 60 to 65 minutes before an instant. */
export function intentsLastHour({ steps }: Activity, atMs: number): number {
  return sum(steps, Math.floor(atMs / STEP_MS), STEPS_KEPT);
}

/** Intents of the 24 to 25 hours before an instant. */
export function intentsLastDay({ hours }: Activity, atMs: number): number {
  return sum(hours, Math.floor(atMs / HOUR_MS), HOURS_KEPT);
}

function sum(counts: readonly Count[], last: number, kept: number): number {
  let total = 0;
  for (const [bucket, intents] of counts) if (bucket <= last && bucket > last - kept) total += intents;
  return total;
}

/** How many of the agent's intents came within an hour of this hour of the day, of how many in all. */
export function usualAt({ hoursOfDay }: Activity, hourOfDay: number): { near: number; all: number } {
  const at = (hour: number) => hoursOfDay[(hour + 24) % 24] ?? 0;
  return {
    near: at(hourOfDay - 1) + at(hourOfDay) + at(hourOfDay + 1),
    all: hoursOfDay.reduce((total, intents) => total + intents, 0),
  };
}

/** The newest intents of the hour before to the same merchant whose amount differs by at most one percent. */
export function nearDuplicates({ recent }: Activity, intent: RecentIntent): number {
  const [atMs, merchant, amountMinor, currency] = intent;
  let found = 0;
  for (const [otherMs, otherMerchant, otherMinor, otherCurrency] of recent) {
    if (otherMerchant !== merchant || otherCurrency !== currency) continue;
    if (otherMs > atMs || otherMs <= atMs - HOUR_MS) continue;
    if (otherMinor === amountMinor || isClose(BigInt(otherMinor), BigInt(amountMinor))) found += 1;
  }
  return found;
}

function isClose(one: bigint, other: bigint): boolean {
  const difference = one > other ? one - other : other - one;
  return difference * 100n <= other;
}
