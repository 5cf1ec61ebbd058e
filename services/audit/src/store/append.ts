import { utf8Array } from '@aegis/postgres/binary-array';
import type { Tx } from '@aegis/postgres/transaction';
import type { PendingEntry } from '../domain/entry.ts';

/** An entry with its place. */
export interface PlacedEntry {
  readonly entry: PendingEntry;
  readonly seq: number;
  readonly recordedAt: string;
  /** UTF-8 of its canonical text. */
  readonly leaf: Buffer;
  readonly leafHash: string;
}

/**
 * Places, in what was asked, of the events that stand in the log already. Not prepared: a plan made when the log was small
 * would be kept while it grows.
 */
export async function findKnownEvents(tx: Tx, entries: readonly PendingEntry[]): Promise<Set<number>> {
  const { rows } = await tx.query<{ place: number }>(
    `SELECT a.place::int - 1 AS place
     FROM unnest(string_to_array($1, E'\n')::uuid[], string_to_array($2, E'\n'))
          WITH ORDINALITY AS a (organization_id, event_id, place)
     WHERE (SELECT e.seq FROM entries e
            WHERE e.organization_id = a.organization_id AND e.event_id = a.event_id) IS NOT NULL`,
    [lines(entries, (entry) => entry.organizationId), lines(entries, (entry) => entry.eventId)],
  );
  return new Set(rows.map((row) => row.place));
}

export async function insertEntries(tx: Tx, placed: readonly PlacedEntry[]): Promise<void> {
  await tx.query(
    {
      name: 'insert_entries',
      text: `INSERT INTO entries (organization_id, seq, recorded_at, leaf_hash, event_id, type, actor_id, subject_id,
                                  intent_id, leaf)
             SELECT organization_id, seq, recorded_at, decode(leaf_hash, 'hex'), event_id, type, actor_id, subject_id,
                    intent_id, leaf
             FROM unnest(string_to_array($1, E'\\n')::uuid[], string_to_array($2, E'\\n')::bigint[],
                         string_to_array($3, E'\\n')::timestamptz[], string_to_array($4, E'\\n'),
                         string_to_array($5, E'\\n'), string_to_array($6, E'\\n'), string_to_array($7, E'\\n'),
                         string_to_array($8, E'\\n'), string_to_array($9, E'\\n', ''), $10::text[])
                  AS e (organization_id, seq, recorded_at, leaf_hash, event_id, type, actor_id, subject_id, intent_id,
                        leaf)`,
    },
    [
      lines(placed, ({ entry }) => entry.organizationId),
      lines(placed, ({ seq }) => String(seq)),
      lines(placed, ({ recordedAt }) => recordedAt),
      lines(placed, ({ leafHash }) => leafHash),
      lines(placed, ({ entry }) => entry.eventId),
      lines(placed, ({ entry }) => entry.type),
      lines(placed, ({ entry }) => entry.actorId),
      lines(placed, ({ entry }) => entry.subjectId),
      lines(placed, ({ entry }) => entry.intentId ?? ''),
      utf8Array(placed.map(({ leaf }) => leaf)),
    ],
  );
}

export async function insertDisclosures(tx: Tx, placed: readonly PlacedEntry[]): Promise<void> {
  await tx.query(
    {
      name: 'insert_disclosures',
      text: `INSERT INTO disclosures (organization_id, seq, disclosures)
             SELECT organization_id, seq, disclosures
             FROM unnest(string_to_array($1, E'\\n')::uuid[], string_to_array($2, E'\\n')::bigint[],
                         string_to_array($3, E'\\n')::jsonb[])
                  AS d (organization_id, seq, disclosures)`,
    },
    [
      lines(placed, ({ entry }) => entry.organizationId),
      lines(placed, ({ seq }) => String(seq)),
      lines(placed, ({ entry }) =>
        JSON.stringify(Object.fromEntries(entry.disclosures.map(({ path, encoded }) => [path, encoded]))),
      ),
    ],
  );
}

/**
 * One line an item. No leaf, identifier or disclosure holds a line feed (canonical JSON escapes it, attributes with
 * control characters are refused), and lines need no escaping, unlike the literal of an array: this halves the work of
 * sending a batch.
 */
function lines<T>(items: readonly T[], line: (item: T) => string): string {
  return items.map(line).join('\n');
}
