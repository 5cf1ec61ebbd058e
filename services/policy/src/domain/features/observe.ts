import type { DecisionFeatures } from '@aegis/contracts/events/intents';
import type { PolicyAction } from '@aegis/contracts/policy-rules';
import type { Account } from '../account.ts';
import type { SubmittedIntent } from '../intent.ts';
import {
  intentsLastDay,
  intentsLastHour,
  nearDuplicates,
  type RecentIntent,
  recordIntent,
  usualAt,
} from './activity.ts';
import { merchantKey } from './merchant-key.ts';
import {
  emptyMerchantHistory,
  type MerchantHistory,
  recordAnswer,
  recordSpend,
  spendOfDay,
  spendOfMonth,
} from './merchant-history.ts';
import { piecesOf, recordPiece, thresholdAbove } from './pieces.ts';

/** Where an intent stands on its organisation's calendar, and its worth in minor units of the base currency. */
interface Placed {
  readonly date: string;
  readonly hourOfDay: number;
  readonly amountBaseMinor: string | null;
}

/** What the agent's and the organisation's past say of an intent, before it is counted itself. */
export function observeFeatures(
  intent: SubmittedIntent,
  account: Account,
  { date, hourOfDay, amountBaseMinor }: Placed,
  thresholds: readonly bigint[],
): DecisionFeatures {
  const { activity } = account;
  const atMs = Date.parse(intent.createdAt);
  const key = merchantKey(account.organizationId, intent.merchant);
  const amount = amountBaseMinor === null ? null : BigInt(amountBaseMinor);
  return {
    intentsLastHour: intentsLastHour(activity, atMs),
    intentsLastDay: intentsLastDay(activity, atMs),
    usualHour: usualAt(activity, hourOfDay),
    nearDuplicates: nearDuplicates(activity, recentOf(intent, key)),
    merchant: key === null ? null : merchantSeen(account.merchants.get(key), date),
    structuring:
      key === null || amount === null ? null : structuringSeen(account.pieces.get(key) ?? [], thresholds, amount, atMs),
  };
}

function merchantSeen(history: MerchantHistory | undefined, date: string): DecisionFeatures['merchant'] {
  const known = history ?? emptyMerchantHistory();
  const today = spendOfDay(known, date);
  return {
    seenBefore: known.seen,
    spend30dMinor: spendOfMonth(known, date).toString(),
    todayCount: today.count,
    todayMinor: today.spent.toString(),
    todayLargestMinor: today.largest.toString(),
  };
}

function structuringSeen(
  pieces: Parameters<typeof piecesOf>[0],
  thresholds: readonly bigint[],
  amount: bigint,
  atMs: number,
): DecisionFeatures['structuring'] {
  const next = thresholds.find((threshold) => threshold > amount);
  if (next === undefined) return null;
  const near = thresholdAbove(thresholds, amount);
  const { count, sum } = near === null ? { count: 0, sum: 0n } : piecesOf(pieces, near, atMs);
  return { thresholdMinor: next.toString(), pieces: count, piecesMinor: sum.toString() };
}

/** Counts an intent that was decided, whatever the answer. */
export function recordFeatures(
  intent: SubmittedIntent,
  account: Account,
  { date, hourOfDay, amountBaseMinor }: Placed,
  thresholds: readonly bigint[],
  decision: PolicyAction,
): void {
  const key = merchantKey(account.organizationId, intent.merchant);
  recordIntent(account.activity, recentOf(intent, key), hourOfDay);
  if (key === null || amountBaseMinor === null || decision === 'deny') return;
  const amount = BigInt(amountBaseMinor);
  recordSpend(merchantOf(account, key), date, amount, decision === 'allow');
  if (thresholdAbove(thresholds, amount) === null) return;
  const pieces = account.pieces.get(key) ?? [];
  account.pieces.set(key, pieces);
  recordPiece(pieces, { atMs: Date.parse(intent.createdAt), amount });
}

/** Counts what became of an amount that was held. */
export function recordResolution(
  account: Account,
  key: string | null,
  { date, amountBaseMinor }: Omit<Placed, 'hourOfDay'>,
  approved: boolean,
): void {
  if (key === null || amountBaseMinor === null) return;
  recordAnswer(merchantOf(account, key), date, BigInt(amountBaseMinor), approved);
}

function merchantOf(account: Account, key: string): MerchantHistory {
  const known = account.merchants.get(key);
  if (known) return known;
  const opened = emptyMerchantHistory();
  account.merchants.set(key, opened);
  return opened;
}

function recentOf(intent: SubmittedIntent, key: string | null): RecentIntent {
  const { amountMinor, currency } = intent.money;
  // Eight digits of the key: enough to tell the merchants of sixteen intents apart.
  return [Date.parse(intent.createdAt), key?.slice(0, 8) ?? '', amountMinor, currency];
}
