import { parseAmount } from '@aegis/contracts/money';
import { ProblemError } from '@aegis/contracts/problems';
import { invalid } from './invalid.ts';
import { refusedAmount } from './agent.ts';
import type { Settings } from './organization.ts';
import type { IntentEntry, Wallet } from './wallet.ts';

export type EntryKind = 'top_up' | 'withdrawal' | 'adjustment' | 'refund' | 'hold' | 'capture' | 'release';
export type WalletAccount = 'available' | 'held' | 'spend' | 'external' | 'adjustment';

/** One account's part of an entry in minor units of the base currency; the lines of an entry sum to zero. */
export interface Line {
  readonly account: WalletAccount;
  readonly amount: bigint;
}

const KINDS = ['top_up', 'withdrawal', 'adjustment', 'refund'] as const;
export type TransactionKind = (typeof KINDS)[number];

/** Where the money of a transaction comes from, or goes to. */
const COUNTERPARTS = {
  top_up: 'external',
  withdrawal: 'external',
  adjustment: 'adjustment',
  refund: 'spend',
} as const satisfies Record<TransactionKind, WalletAccount>;

/** A transaction that somebody makes: `amount` is what the balance changes by. */
export interface Transaction {
  readonly kind: TransactionKind;
  readonly amount: bigint;
}

/**
 * Reads a transaction; only an adjustment may be negative.
 *
 * @throws ProblemError `invalid_request`, `amount_*`
 */
export function readTransaction(kindText: string, amountText: string, settings: Settings): Transaction {
  const kind = KINDS.find((known) => known === kindText);
  if (!kind) throw invalid('type', `must be ${KINDS.join(', ')}`);
  const negative = amountText.startsWith('-');
  if (negative && kind !== 'adjustment') throw refusedAmount('amount', 'amount_not_positive', settings);
  const amount = parseAmount(negative ? amountText.slice(1) : amountText, settings.baseExponent);
  if (typeof amount !== 'bigint') throw refusedAmount('amount', amount, settings);
  return { kind, amount: negative || kind === 'withdrawal' ? -amount : amount };
}

/**
 * Changes the balance.
 *
 * @throws ProblemError `wrong_state` for taking more out of an enforced wallet than is free in it
 */
export function transact(wallet: Pick<Wallet, 'mode' | 'held'> & { balance: bigint }, { amount }: Transaction): void {
  if (wallet.mode === 'enforced' && amount < 0n && wallet.balance - wallet.held + amount < 0n) {
    throw new ProblemError('wrong_state', 'the wallet is enforced, and less than that is free in it');
  }
  wallet.balance += amount;
}

export function transactionLines({ kind, amount }: Transaction): Line[] {
  return [
    { account: 'available', amount },
    { account: COUNTERPARTS[kind], amount: -amount },
  ];
}

/** The entry of an intent's step: what is held or spent leaves what is available, or comes back to it. */
export function intentLines({ spent, held }: IntentEntry): Line[] {
  const lines: Line[] = [
    { account: 'available', amount: -(spent + held) },
    { account: 'held', amount: held },
    { account: 'spend', amount: spent },
  ];
  return lines.filter((line) => line.amount !== 0n);
}

export function intentEntryKind({ spent, held }: IntentEntry): EntryKind {
  if (spent > 0n) return 'capture';
  return held > 0n ? 'hold' : 'release';
}
