import type { Actor } from '@aegis/contracts/actor';
import type { Tx } from '@aegis/postgres/transaction';
import { z } from 'zod';
import { COUNT_LIMIT, type Page, pageOf, type PageRequest } from '../domain/page.ts';
import type { Wallet, WalletMode } from '../domain/wallet.ts';
import type { EntryKind, Line } from '../domain/wallet-transaction.ts';

/** An entry of the journal. */
export interface Entry {
  readonly id: string;
  readonly kind: EntryKind;
  readonly intentId: string | null;
  readonly reference: string | null;
  readonly note: string | null;
  /** Null for a step of an intent, which the log tells of. */
  readonly actor: Actor | null;
  readonly occurredAt: string;
  readonly lines: readonly Line[];
}

export interface NewEntry extends Entry {
  readonly organizationId: string;
  readonly agentId: string;
}

// One statement for all entries of a batch and all their lines.
const INSERT = {
  name: 'wallet-entries-insert',
  text: `WITH entries AS (
           INSERT INTO wallet_entries (organization_id, agent_id, entry_id, kind, intent_id, reference, note, actor,
                                       occurred_at)
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                                $8::json[], $9::timestamptz[])
         )
         INSERT INTO wallet_lines (organization_id, entry_id, account, amount_minor)
         SELECT * FROM unnest($10::uuid[], $11::text[], $12::text[], $13::numeric[])`,
};

/** Adds entries; the caller holds the agents, and writes the balances that the entries make. */
export async function insertEntries(tx: Tx, entries: readonly NewEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const lines = entries.flatMap((entry) => entry.lines.map((line) => ({ entry, line })));
  await tx.query(INSERT, [
    entries.map((entry) => entry.organizationId),
    entries.map((entry) => entry.agentId),
    entries.map((entry) => entry.id),
    entries.map((entry) => entry.kind),
    entries.map((entry) => entry.intentId),
    entries.map((entry) => entry.reference),
    entries.map((entry) => entry.note),
    entries.map((entry) => entry.actor && JSON.stringify(entry.actor)),
    entries.map((entry) => entry.occurredAt),
    lines.map(({ entry }) => entry.organizationId),
    lines.map(({ entry }) => entry.id),
    lines.map(({ line }) => line.account),
    lines.map(({ line }) => line.amount),
  ]);
}

/** An agent's wallet under the lock of the agent's row; one that has none yet is empty. Null: no such agent. */
export async function lockWallet(
  tx: Tx,
  organizationId: string,
  agentId: string,
): Promise<Pick<Wallet, 'mode' | 'balance' | 'held'> | null> {
  const { rows } = await tx.query<{ mode: WalletMode; balance: string; held: string }>(
    `SELECT wallet_mode AS mode, coalesce(wallet_balance_minor, 0) AS balance, wallet_held_minor AS held
     FROM agents WHERE organization_id = $1 AND agent_id = $2 FOR NO KEY UPDATE`,
    [organizationId, agentId],
  );
  const row = rows[0];
  return row ? { mode: row.mode, balance: BigInt(row.balance), held: BigInt(row.held) } : null;
}

export async function saveBalance(tx: Tx, organizationId: string, agentId: string, balance: bigint): Promise<void> {
  await tx.query('UPDATE agents SET wallet_balance_minor = $3 WHERE organization_id = $1 AND agent_id = $2', [
    organizationId,
    agentId,
    balance,
  ]);
}

interface EntryRow {
  readonly seq: bigint;
  readonly entry_id: string;
  readonly kind: EntryKind;
  readonly intent_id: string | null;
  readonly reference: string | null;
  readonly note: string | null;
  readonly actor: Actor | null;
  readonly occurred_at: Date;
  readonly lines: readonly { readonly account: Line['account']; readonly amount: string }[];
  readonly [column: string]: unknown;
}

const SELECT = `
  SELECT e.seq, e.entry_id, e.kind, e.intent_id, e.reference, e.note, e.actor, e.occurred_at,
         (SELECT json_agg(json_build_object('account', l.account, 'amount', l.amount_minor::text) ORDER BY l.account)
          FROM wallet_lines l WHERE l.organization_id = e.organization_id AND l.entry_id = e.entry_id) AS lines
  FROM wallet_entries e`;

export async function findEntry(tx: Tx, organizationId: string, id: string): Promise<Entry | null> {
  const { rows } = await tx.query<EntryRow>(`${SELECT} WHERE e.organization_id = $1 AND e.entry_id = $2`, [
    organizationId,
    id,
  ]);
  return rows[0] ? entryOf(rows[0]) : null;
}

/** Where an entry stands in the list: the number it was given under the agent's lock. */
export const entryKeySchema = z.tuple([z.string().regex(/^\d{1,18}$/)]);
export type EntryKey = z.infer<typeof entryKeySchema>;

/** Newest first. */
export async function listEntries(
  tx: Tx,
  organizationId: string,
  agentId: string,
  page: PageRequest<EntryKey>,
): Promise<Page<Entry>> {
  const [found, count] = await Promise.all([
    tx.query<EntryRow>(
      `${SELECT} WHERE e.organization_id = $1 AND e.agent_id = $2 AND ($3::bigint IS NULL OR e.seq < $3)
       ORDER BY e.seq DESC LIMIT $4 OFFSET $5`,
      [organizationId, agentId, page.after?.[0] ?? null, page.limit + 1, page.offset],
    ),
    tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM (
         SELECT FROM wallet_entries WHERE organization_id = $1 AND agent_id = $2 LIMIT $3) AS counted`,
      [organizationId, agentId, COUNT_LIMIT + 1],
    ),
  ]);
  const entries = found.rows.map((row) => ({ entry: entryOf(row), seq: row.seq.toString() }));
  const listed = pageOf(entries, page, count.rows[0]?.count ?? 0, ({ seq }): EntryKey => [seq]);
  return { ...listed, items: listed.items.map(({ entry }) => entry) };
}

/** Takes away what a person wrote beside entries; which entries they made, and the money, stay. */
export async function eraseNotes(tx: Tx, organizationId: string, userId: string): Promise<void> {
  await tx.query(
    `UPDATE wallet_entries SET note = NULL
     WHERE organization_id = $1 AND actor ->> 'id' = $2 AND note IS NOT NULL`,
    [organizationId, userId],
  );
}

function entryOf(row: EntryRow): Entry {
  return {
    id: row.entry_id,
    kind: row.kind,
    intentId: row.intent_id,
    reference: row.reference,
    note: row.note,
    actor: row.actor,
    occurredAt: row.occurred_at.toISOString(),
    lines: row.lines.map(({ account, amount }) => ({ account, amount: BigInt(amount) })),
  };
}
