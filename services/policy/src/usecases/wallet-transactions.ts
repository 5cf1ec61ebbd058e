import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import type { Settings } from '../domain/organization.ts';
import { type Page, readPage, WHOLE_LIST } from '../domain/page.ts';
import { readTransaction, transact, transactionLines } from '../domain/wallet-transaction.ts';
import {
  type Entry,
  entryKeySchema,
  findEntry,
  insertEntries,
  listEntries,
  lockWallet,
  saveBalance,
} from '../store/wallets.ts';
import type { Caller } from './caller.ts';
import { agentNotFound, viewAgent } from './get-agent.ts';
import { requireOrganization } from './get-organization.ts';
import { appendRegistryEvent } from './registry-event.ts';

export interface NewTransaction {
  /** Chosen by the caller, so that the same request again finds the entry that it made. */
  readonly id: string;
  readonly agentId: string;
  readonly type: string;
  /** Decimal text in the base currency's unit. */
  readonly amount: string;
  readonly reference: string | null;
  readonly note: string | null;
}

export interface EntryView {
  readonly entry: Entry;
  readonly settings: Settings;
}

/** Puts money into an agent's wallet, takes some out, or corrects it. The first transaction opens the wallet. */
export async function createTransaction(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  caller: Caller,
  { id, agentId, type, amount: amountText, reference, note }: NewTransaction,
): Promise<EntryView> {
  const { organizationId } = caller;
  return database.tx(caller, async (tx) => {
    const { settings } = await requireOrganization(tx, organizationId, 'keep');
    const transaction = readTransaction(type, amountText, settings);
    const wallet = await lockWallet(tx, organizationId, agentId);
    if (!wallet) throw agentNotFound();
    const earlier = await findEntry(tx, organizationId, id);
    if (earlier) return { entry: earlier, settings };
    transact(wallet, transaction);
    const now = clock.now();
    const entry: Entry = {
      id,
      kind: transaction.kind,
      intentId: null,
      reference,
      note,
      actor: caller.actor,
      occurredAt: now.toISOString(),
      lines: transactionLines(transaction),
    };
    await insertEntries(tx, [{ ...entry, organizationId, agentId }]);
    await saveBalance(tx, organizationId, agentId, wallet.balance);
    const { kind, amount } = transaction;
    const data = {
      entryId: id,
      agentId,
      kind,
      amountMinor: amount.toString(),
      balanceMinor: wallet.balance.toString(),
      reference,
      note,
    };
    await appendRegistryEvent(tx, caller, { type: 'wallet.transaction_recorded', subject: agentId, time: now, data });
    return { entry, settings };
  });
}

/** Every entry of an agent's wallet, the newest first. */
export async function listTransactions(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  caller: Caller,
  agentId: string,
  page: Parameters<typeof readPage>[0] | null,
): Promise<{ readonly page: Page<Entry>; readonly settings: Settings }> {
  const request = page ? readPage(page, entryKeySchema) : WHOLE_LIST;
  return database.read(caller, async (tx) => {
    const { settings } = await requireOrganization(tx, caller.organizationId);
    await viewAgent(tx, caller.organizationId, agentId, settings, clock.now());
    return { page: await listEntries(tx, caller.organizationId, agentId, request), settings };
  });
}
