/** What one agent spends at one merchant. Amounts are minor units of the base currency; what is held counts as spent. */
export interface MerchantHistory {
  /** A payment to it was allowed or approved: being asked for is not enough to become known. */
  seen: boolean;
  /** By day of the organisation's calendar (days since the epoch), `DAYS_KEPT` of them. */
  readonly days: Map<number, MerchantDay>;
}

export interface MerchantDay {
  spent: bigint;
  count: number;
  largest: bigint;
}

/** Today and the 29 days before. */
export const DAYS_KEPT = 30;

const DAY_MS = 86_400_000;

export function emptyMerchantHistory(): MerchantHistory {
  return { seen: false, days: new Map() };
}

/** Days since the epoch of a date of the organisation's calendar. */
export function dayNumber(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

/** Counts what was allowed, or is held while people are asked; only the former makes the merchant known. */
export function recordSpend(history: MerchantHistory, date: string, amount: bigint, paid: boolean): void {
  if (paid) history.seen = true;
  const day = dayNumber(date);
  const known = history.days.get(day) ?? { spent: 0n, count: 0, largest: 0n };
  known.spent += amount;
  known.count += 1;
  if (amount > known.largest) known.largest = amount;
  history.days.set(day, known);
  const oldest = Math.max(...history.days.keys()) - DAYS_KEPT;
  for (const other of history.days.keys()) if (other <= oldest) history.days.delete(other);
}

/** Counts the answer of people to what was held; a day that is not kept any more has nothing to give back. */
export function recordAnswer(history: MerchantHistory, date: string, amount: bigint, paid: boolean): void {
  if (paid) {
    history.seen = true;
    return;
  }
  const day = history.days.get(dayNumber(date));
  if (!day) return;
  day.spent -= amount;
  day.count -= 1;
}

export function spendOfMonth({ days }: MerchantHistory, date: string): bigint {
  const today = dayNumber(date);
  let total = 0n;
  for (const [day, { spent }] of days) if (day <= today && day > today - DAYS_KEPT) total += spent;
  return total;
}

export function spendOfDay({ days }: MerchantHistory, date: string): MerchantDay {
  return days.get(dayNumber(date)) ?? { spent: 0n, count: 0, largest: 0n };
}
