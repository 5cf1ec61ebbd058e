import { checkpointDirectory } from '@aegis/audit/checkpoint-directory';
import { describeFault } from '@aegis/audit/domain/chain-check';
import { auditMigrations } from '@aegis/audit/migrations';
import { verifyChain } from '@aegis/audit/usecases/verify-chain';
import { policyMigrations } from '@aegis/policy/migrations';
import { checkLedger } from '@aegis/policy/store/ledger-check';
import { createDatabase, type Database } from '@aegis/postgres/database';
import type { Logger } from '@aegis/runtime/log';
import { parseCheckpoint } from '@aegis/verify/format/checkpoint';
import { parseNote } from '@aegis/verify/format/note';
import { RecoveryError } from './recovery-error.ts';
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

type Place = ReturnType<typeof checkpointDirectory>;

/**
 * Whether what a database holds can be gone on with: every organisation's log is whole and as long as each checkpoint
 * of it attests, and all its money adds up.
 *
 * @throws RecoveryError when a place of checkpoints is named that has none of these logs: nothing would be compared
 */
export async function checkDatabase({ databaseUrl, checkpoints, log, onEntries }: CheckOptions): Promise<Checked> {
  const logs = await listLogs(databaseUrl);
  const total = logs.reduce((sum, { size }) => sum + size, 0);
  const open = ({ schema, role }: { readonly schema: string; readonly role?: string }) =>
    createDatabase({ url: databaseUrl, schema, ...(role && { role }), maxConnections: 2, log });
  const place = checkpoints === null ? null : await placeOf(checkpoints, logs);
  const [audit, policy] = [open(auditMigrations), open(policyMigrations)];
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

/** A directory that is misspelt must not pass for one that agrees. */
async function placeOf(directory: string, logs: readonly { readonly organizationId: string }[]): Promise<Place> {
  const place = checkpointDirectory(directory);
  const kept = await Promise.all(logs.map(({ organizationId }) => place.latest(organizationId)));
  if (logs.length === 0 || kept.some((note) => note !== null)) return place;
  throw new RecoveryError(
    `${directory} holds no checkpoint of any log of this database. Name the directory that audit keeps them in (AUDIT_CHECKPOINT_DIR).`,
  );
}

async function followLog(
  database: Database,
  place: Place | null,
  organizationId: string,
  onEntries: (done: number) => void,
): Promise<{ entries: number; fault: string | null }> {
  let entries = 0;
  const never = new AbortController().signal;
  for await (const { checked, result } of verifyChain({ database, place }, organizationId, never)) {
    entries = checked;
    onEntries(checked);
    if (!result?.fault) continue;
    const then = result.fault.kind === 'cut' ? await largestOutside(place, organizationId) : '';
    return { entries, fault: `${describeFault(result.fault)}${then}` };
  }
  return { entries, fault: null };
}

/** How long the log was, under the name that its followers know: they have to be told. */
async function largestOutside(place: Place | null, organizationId: string): Promise<string> {
  const notes = (await place?.list(organizationId)) ?? [];
  const largest = notes.map((note) => parseCheckpoint(parseNote(note).text)).toSorted((a, b) => b.size - a.size)[0];
  return largest ? ` (${largest.origin} had ${largest.size})` : '';
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
