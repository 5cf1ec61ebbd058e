import { newId } from '@aegis/contracts/ids';
import type { Tx } from '@aegis/postgres/transaction';
import type { Account } from '../domain/account.ts';
import { intentEntryKind, intentLines } from '../domain/wallet-transaction.ts';
import { insertEntries } from '../store/wallets.ts';

/** Writes the entries that a batch made in wallets, in its order; the balances are saved with the accounts. */
export async function saveWalletEntries(tx: Tx, accounts: readonly Account[], occurredAt: string): Promise<void> {
  const entries = accounts.flatMap(({ organizationId, agentId, wallet }) =>
    (wallet?.entries ?? []).map((entry) => ({
      organizationId,
      agentId,
      id: newId('wtx'),
      kind: intentEntryKind(entry),
      intentId: entry.intentId,
      reference: null,
      note: null,
      actor: null,
      occurredAt,
      lines: intentLines(entry),
    })),
  );
  await insertEntries(tx, entries);
}
