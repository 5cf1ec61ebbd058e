import type { Database } from '@aegis/postgres/database';
import { checkLedger as check, type LedgerCheck } from '../store/ledger-check.ts';
import type { Caller } from './caller.ts';

/** Whether an organisation's wallets and budgets are the sums that they claim to be. */
export function checkLedger({ database }: { readonly database: Database }, caller: Caller): Promise<LedgerCheck> {
  return database.read(caller, (tx) => check(tx, caller.organizationId));
}
