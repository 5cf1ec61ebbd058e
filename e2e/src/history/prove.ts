import { answerOf, countTotals, type Counted, predict, predicted, type Totals } from './compare.ts';
import { openCompany } from './company.ts';
import { FIVE_POLICIES, STRICTER, THRESHOLDS } from './policies.ts';
import type { Purchase } from './purchases.ts';
import { replayPurchases } from './replay.ts';
import type { HistorySystem } from './system.ts';

export interface Proof {
  readonly totals: Totals;
  /** Sums that should be one and are not; empty when all reconcile. */
  readonly unreconciled: readonly string[];
  readonly simulation: { readonly intents: number; readonly changed: number; readonly seconds: number };
  /** Of the prediction from what the stricter set really decided. */
  readonly differences: number;
  readonly firstDifference: readonly [predicted: string, real: string] | null;
  readonly seconds: { readonly past: number; readonly real: number };
}

const DAY_MS = 86_400_000;

/**
 * Replays purchases through the whole system under five policies; simulates a stricter set over that history; lets a
 * second organisation really decide by that set, in the order in which the first one's intents were decided, at the same
 * times; and compares the two intent by intent. Nobody answers requests for approval in either.
 */
export async function prove(
  system: HistorySystem,
  purchases: readonly Purchase[],
  progress: (what: string) => (count: number) => void,
): Promise<Proof> {
  const cards = [...new Set(purchases.map(({ card }) => card))];
  const options = { clock: system.clock, thresholds: THRESHOLDS };

  const past = await openCompany(system, 'past', cards, FIVE_POLICIES);
  const [first, pastSeconds] = await timed(() =>
    replayPurchases(past, purchases, { ...options, progress: progress('submitted to five policies') }),
  );
  const until = new Date((purchases.at(-1)?.at.getTime() ?? 0) + DAY_MS);
  const totals = await countTotals(past, system, { putIn: first.putIn, until });
  const check = await past.get<{ ok: boolean; differences: object[] }>('/v1/ledger/check');

  const prediction = await predict(past.simulate(STRICTER), progress('simulated'));
  const placeOf = new Map(first.ids.map((id, place) => [id, place] as const));
  const places = [...prediction.answers.keys()].map((id) => placeOf.get(id) ?? Number.NaN);
  const inOrder = places
    .map((place) => ({ place, purchase: purchases[place] as Purchase }))
    .toSorted((one, other) => one.purchase.at.getTime() - other.purchase.at.getTime());

  const strict = await openCompany(system, 'strict', cards, STRICTER);
  const [second, realSeconds] = await timed(() =>
    replayPurchases(
      strict,
      inOrder.map(({ purchase }) => purchase),
      { ...options, progress: progress('submitted to the stricter set') },
    ),
  );
  const expected = new Map<string | undefined, string>();
  for (const [turn, { place }] of inOrder.entries()) {
    const answer = prediction.answers.get(first.ids[place] ?? '');
    expected.set(second.ids[turn], answer ? predicted(answer) : 'no prediction');
  }
  let differences = 0;
  let firstDifference: Proof['firstDifference'] = null;
  for await (const intent of strict.intents()) {
    const [ours, real] = [expected.get(intent.id) ?? 'no prediction', answerOf(intent)];
    expected.delete(intent.id);
    if (ours === real) continue;
    differences += 1;
    firstDifference ??= [ours, real];
  }
  return {
    totals,
    unreconciled: [...unequal(totals, purchases.length), ...check.differences.map((each) => JSON.stringify(each))],
    simulation: { intents: prediction.answers.size, changed: prediction.changed, seconds: prediction.seconds },
    differences: differences + expected.size,
    firstDifference,
    seconds: { past: pastSeconds, real: realSeconds },
  };
}

function unequal(totals: Totals, count: number): string[] {
  const { intents, decisions, days, months, walletDecisions, wallets, analytics } = totals;
  const pairs: [string, Counted, Counted][] = [
    ['the budgets of days', decisions, days],
    ['the budgets of months', decisions, months],
    ['the wallets', walletDecisions, wallets],
    ['analytics', decisions, analytics],
  ];
  const texts = pairs.flatMap(([what, one, other]) =>
    one.spent === other.spent && one.held === other.held
      ? []
      : [`${what} hold ${text(other)}, the decisions ${text(one)}`],
  );
  return intents === count ? texts : [...texts, `${count} purchases became ${intents} intents`];
}

const text = ({ spent, held }: Counted) => `${spent} spent and ${held} held`;

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const startedAt = performance.now();
  const result = await work();
  return [result, (performance.now() - startedAt) / 1_000];
}
