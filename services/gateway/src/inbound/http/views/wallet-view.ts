import type { WalletTransactionAnswer } from '@aegis/contracts/http/wallets';
import type { WalletTransaction } from '@aegis/grpc/generated/aegis/policy/v1/WalletTransaction';
import { amountOf } from './amounts.ts';

export function walletTransactionView(transaction: WalletTransaction): WalletTransactionAnswer {
  const { id, type, intentId, reference, note, lines, createdAt, createdBy } = transaction;
  const [first] = lines;
  if (!first?.amount) throw new TypeError('a transaction without lines');
  const zero = { ...first.amount, amountMinor: '0' };
  const sum = (...accounts: string[]) => {
    const amounts = lines.filter(({ account }) => accounts.includes(account)).map(({ amount }) => amount);
    const minor = amounts.reduce((total, amount) => total + BigInt(amount?.amountMinor ?? 0), 0n);
    return amountOf({ ...zero, amountMinor: minor.toString() });
  };
  return {
    id,
    type: type as WalletTransactionAnswer['type'],
    amount: sum('available', 'held'),
    held: sum('held'),
    currency: zero.currency,
    intentId: intentId ?? null,
    reference: reference ?? null,
    note: note ?? null,
    lines: lines.map(({ account, amount }) => ({
      account: account as WalletTransactionAnswer['lines'][number]['account'],
      amount: amountOf(amount),
    })),
    createdBy: createdBy ?? null,
    createdAt,
  };
}
