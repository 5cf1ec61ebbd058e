import type { Tx } from './transaction.ts';

const CLAIM = {
  name: 'inbox-claim',
  text: `INSERT INTO inbox (event_id) SELECT DISTINCT unnest($1::text[]) ORDER BY 1
         ON CONFLICT DO NOTHING RETURNING event_id`,
};

const PRUNE = {
  name: 'inbox-prune',
  text: `DELETE FROM inbox WHERE event_id = ANY (ARRAY(
           SELECT event_id FROM inbox WHERE received_at < now() - make_interval(secs => $1) ORDER BY received_at LIMIT $2))`,
};

/**
 * The ids among `eventIds` that were never claimed before; they are claimed now, as part of this transaction. Waits for a
 * transaction in flight that claims one of them. For handlers whose writes have no natural unique key.
 */
export async function claimEvents(tx: Tx, eventIds: readonly string[]): Promise<Set<string>> {
  if (eventIds.length === 0) return new Set();
  const { rows } = await tx.query<{ event_id: string }>(CLAIM, [eventIds]);
  return new Set(rows.map((row) => row.event_id));
}

/** Forgets up to `limit` claims older than `olderThanMs`, which must exceed the bus' retention. Resolves to their number. */
export async function pruneInbox(tx: Tx, olderThanMs: number, limit = 10_000): Promise<number> {
  const { rowCount } = await tx.query(PRUNE, [olderThanMs / 1_000, limit]);
  return rowCount;
}
