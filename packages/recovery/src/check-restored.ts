import { checkpointDirectory } from '@aegis/audit/checkpoint-directory';
import { describeFault } from '@aegis/audit/domain/chain-check';
import { auditMigrations } from '@aegis/audit/migrations';
import { verifyChain } from '@aegis/audit/usecases/verify-chain';
import { policyMigrations } from '@aegis/policy/migrations';
import { checkLedger } from '@aegis/policy/store/ledger-check';
import { createDatabase, type Database } from '@aegis/postgres/database';
import type { Logger } from '@aegis/runtime/log';
import { openSession } from './session.ts';

export interface CheckOptions {
  readonly databaseUrl: string;
  /** Where audit kept checkpoints out of the database's reach; null: nowhere. */
  readonly checkpoints: string | null;
  readonly log: Logger;
  readonly onEntries?: (done: number, total: number) => void;
}

export interface Checked {
  readonly organizations: number;
  /** Entries of all logs, each read and computed again. */
  readonly entries: number;
  /** Sums of wallets and budgets that were added up again. */
  readonly sums: number;
  /** What is wrong, a sentence each; empty when all is well. */
  readonly faults: readonly string[];
}

/**
 * Whether what a database holds can be gone on with: every organisation's log is whole and as long as each checkpoint
 * of it attests, and all its money adds up.
 */
export async function checkDatabase({ databaseUrl, checkpoints, log, onEntries }: CheckOptions): Promise<Checked> {
  const logs = await listLogs(databaseUrl);
  const total = logs.reduce((sum, { size }) => sum + size, 0);
  const open = ({ schema, role }: { readonly schema: string; readonly role?: string }) =>
    createDatabase({ url: databaseUrl, schema, ...(role && { role }), maxConnections: 2, log });
  const [audit, policy] = [open(auditMigrations), open(policyMigrations)];
  const place = checkpoints === null ? null : checkpointDirectory(checkpoints);
  const faults: string[] = [];
  let [entries, sums] = [0, 0];
  try {
    for (const { organizationId } of logs) {
      const checked = await followLog(audit, place, organizationId, (done) => onEntries?.(entries + done, total));
      entries += checked.entries;
      if (checked.fault !== null) faults.push(`the log of ${organizationId}: ${checked.fault}`);
      const ledger = await policy.read({ organizationId }, (tx) => checkLedger(tx, organizationId));
      sums += ledger.compared;
      for (const { what, subject, recorded, computed } of ledger.differences)
        faults.push(
          `the ledger of ${organizationId}: ${what} of ${subject} is ${recorded}, but adds up to ${computed}`,
        );
    }
  } finally {
    await Promise.all([audit.close(), policy.close()]);
  }
  return { organizations: logs.length, entries, sums, faults };
}

async function followLog(
  database: Database,
  place: ReturnType<typeof checkpointDirectory> | null,
  organizationId: string,
  onEntries: (done: number) => void,
): Promise<{ entries: number; fault: string | null }> {
  let entries = 0;
  const never = new AbortController().signal;
  for await (const { checked, result } of verifyChain({ database, place }, organizationId, never)) {
    entries = checked;
    onEntries(checked);
    if (result?.fault) return { entries, fault: describeFault(result.fault) };
  }
  return { entries, fault: null };
}

async function listLogs(databaseUrl: string): Promise<{ organizationId: string; size: number }[]> {
  const session = await openSession(databaseUrl);
  try {
    const { rows } = await session.query<{ organizationId: string; size: number }>(
      'SELECT organization_id AS "organizationId", size::float FROM audit.chain_heads ORDER BY organization_id',
    );
    return rows;
  } finally {
    await session.end();
  }
}
