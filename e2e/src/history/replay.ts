import type { Company } from './company.ts';
import type { Purchase } from './purchases.ts';
import type { FollowingClock } from './system.ts';

export interface Replayed {
  /** Ids of the intents, in the order of the purchases. */
  readonly ids: readonly string[];
  /** What was put into each wallet in all, in pounds. */
  readonly putIn: number;
}

export interface ReplayOptions {
  readonly clock: FollowingClock;
  /** Amounts between half and the whole of one of them may be pieces of a split payment, which all agents share. */
  readonly thresholds: readonly number[];
  readonly progress: (count: number) => void;
}

const OPENING = 15_000;
const QUARTERLY = 2_000;

/**
 * Submits purchases while the clock follows them, as fast as the order allows. What came before must be accepted first
 * when it is of the same card, and decided first when it is of the same merchant and both may be pieces of one payment:
 * then the answers do not depend on how the decisions of different agents interleave. Wallets are topped up by the quarter.
 */
export async function replayPurchases(
  company: Company,
  purchases: readonly Purchase[],
  { clock, thresholds, progress }: ReplayOptions,
): Promise<Replayed> {
  const ids: string[] = Array.from({ length: purchases.length }, () => '');
  const lastOfCard = new Map<string, Promise<string>>();
  const lastPieceAt = new Map<string, Promise<string>>();
  let quarter = '';
  let putIn = 0;

  function submit(purchase: Purchase, place: number): Promise<string> {
    const before = lastOfCard.get(purchase.card);
    const merchant = isPiece(Number(purchase.amount), thresholds) ? roughly(purchase.merchant) : null;
    const piece = merchant === null ? undefined : lastPieceAt.get(merchant);
    const accepted = (async () => {
      await before;
      if (piece) await company.decided(await piece);
      return company.submit(purchase);
    })();
    lastOfCard.set(purchase.card, accepted);
    if (merchant !== null) lastPieceAt.set(merchant, accepted);
    return accepted.then((id) => (ids[place] = id));
  }

  const times = Map.groupBy(purchases.entries(), ([, { at }]) => at.getTime());
  let count = 0;
  for (const [at, submitted] of times) {
    clock.show(new Date(at));
    const current = quarterOf(new Date(at));
    if (current !== quarter) {
      await company.settled();
      const amount = quarter === '' ? OPENING : QUARTERLY;
      await company.topUp(amount);
      putIn += amount;
      quarter = current;
    }
    // Until all of them are accepted: each is created at the time that the clock shows then.
    await Promise.all(submitted.map(([place, purchase]) => submit(purchase, place)));
    count += submitted.length;
    progress(count);
  }
  await company.settled();
  clock.show(null);
  return { ids, putIn };
}

function quarterOf(at: Date): string {
  return `${at.getUTCFullYear()} ${Math.floor(at.getUTCMonth() / 3)}`;
}

function isPiece(amount: number, thresholds: readonly number[]): boolean {
  return thresholds.some((threshold) => amount < threshold && amount * 2 >= threshold);
}

/** Coarser than any way in which spellings of a merchant are taken together: the first letters of its first telling word. */
function roughly(merchant: string | null): string | null {
  const letters = merchant?.toLowerCase().replaceAll(/[^a-z]/g, '');
  return letters === undefined ? null : letters.replace(/^(www|the)/, '').slice(0, 3);
}
