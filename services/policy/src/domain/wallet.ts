import { type Charge, recharge } from './budget.ts';

export type WalletMode = 'enforced' | 'tracked';

/** An agent's wallet: `balance` is what was put in less what was spent, `held` the part of it that is reserved. */
export interface Wallet {
  readonly mode: WalletMode;
  balance: bigint;
  held: bigint;
  /** Entries made since it was loaded. */
  readonly entries: IntentEntry[];
}

/** How one step of an intent changed a wallet; positive is more spent, more held. */
export interface IntentEntry {
  readonly intentId: string;
  readonly spent: bigint;
  readonly held: bigint;
}

/** An intent counts for `after` in the wallet from now on, and no longer for `before`. */
export function moveWallet(wallet: Wallet, intentId: string, before: Charge, after: Charge): void {
  const reserved = { spent: 0n, held: wallet.held };
  recharge(reserved, { spent: 0n, held: before.held }, { spent: 0n, held: after.held });
  const spent = after.spent - before.spent;
  wallet.balance -= spent;
  wallet.held = reserved.held;
  wallet.entries.push({ intentId, spent, held: after.held - before.held });
}

/** The rule of enforced wallets: what is free of holds covers what is asked for. */
export function wouldOverdraw({ mode, balance, held }: Omit<Wallet, 'entries'>, amount: bigint): boolean {
  return mode === 'enforced' && balance - held < amount;
}
