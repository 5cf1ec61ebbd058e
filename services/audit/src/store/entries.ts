import type { Tx } from '@aegis/postgres/transaction';
import type { Moment } from '../domain/moment.ts';
import type { DisclosedLeaf, LeafRow, LinkPage, StoredEntry } from '../domain/stored-entry.ts';

// None of these statements is prepared: a plan made when the tables were small would be kept while they grow.

/** Places `from` up to but not including `to`. */
export interface SeqRange {
  readonly from: number;
  readonly to: number;
}

/** What entries have in common; every member that is given must hold. */
export interface EntryFilter {
  readonly type?: string | undefined;
  readonly actorId?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly intentId?: string | undefined;
}

type EntryRow = Omit<StoredEntry, 'organizationId' | 'seq' | 'disclosures'> & { seq: string };

// Times and places come as texts, which costs a fraction of having them parsed into dates and big integers here.
const COLUMNS = `e.seq::text, e.event_id AS "eventId", e.type, e.actor_id AS "actorId",
       e.subject_id AS "subjectId", e.intent_id AS "intentId",
       to_char(e.recorded_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "recordedAt",
       encode(e.leaf_hash, 'hex') AS "leafHash", e.leaf`;

const SELECT_ENTRIES = `SELECT ${COLUMNS} FROM entries e`;

/** The disclosures of an entry of `$1`, found by the whole of their key, so that no estimate misleads the planner. */
const DISCLOSURES = `(SELECT d.disclosures FROM disclosures d WHERE d.organization_id = $1 AND d.seq = e.seq) AS disclosures`;

const IN_RANGE = 'FROM entries e WHERE e.organization_id = $1 AND e.seq >= $2 AND e.seq < $3 ORDER BY e.seq';

/** The entries of a range, in order. */
export async function selectRange(tx: Tx, organizationId: string, range: SeqRange): Promise<StoredEntry[]> {
  const { rows } = await tx.query<EntryRow & DisclosureRow>(`SELECT ${COLUMNS}, ${DISCLOSURES} ${IN_RANGE}`, [
    organizationId,
    range.from,
    range.to,
  ]);
  return rows.map((row) => toEntry(organizationId, row));
}

/** The leaves of a range with their disclosures, in order: what an export is written from. */
export async function selectDisclosedLeaves(tx: Tx, organizationId: string, range: SeqRange): Promise<DisclosedLeaf[]> {
  const { rows } = await tx.query<{ seq: string; leaf: string } & DisclosureRow>(
    `SELECT e.seq::text, e.leaf, ${DISCLOSURES} ${IN_RANGE}`,
    [organizationId, range.from, range.to],
  );
  return rows.map(({ seq, leaf, disclosures }) => ({ seq: Number(seq), leaf, disclosures: disclosures ?? NOTHING }));
}

/** The leaves of a range and their checksums, in order. */
export async function selectLeafRows(tx: Tx, organizationId: string, range: SeqRange): Promise<LeafRow[]> {
  const { rows } = await tx.query<{ seq: string; leaf: string; leafHash: string }>(
    `SELECT seq::text, leaf, encode(leaf_hash, 'hex') AS "leafHash" FROM entries
     WHERE organization_id = $1 AND seq >= $2 AND seq < $3 ORDER BY entries.seq`,
    [organizationId, range.from, range.to],
  );
  return rows.map(({ seq, leaf, leafHash }) => ({ seq: Number(seq), leaf, leafHash }));
}

/** Bytes at a leaf's end in which its link stands, unless it discloses a great many values. */
const LINK_WITHIN = 600;

/**
 * Checksums and links of a range, computed where the leaves are: nothing but 96 bytes an entry is sent. A link stands where
 * the text behind it first occurs at the end of a leaf; where it does not, another text is taken for the link, and the page is
 * looked at row by row.
 */
export async function selectLinkPage(tx: Tx, organizationId: string, range: SeqRange): Promise<LinkPage> {
  // OFFSET 0 keeps the planner from putting the conversion wherever its result is used, which is three times.
  const { rows } = await tx.query<Pick<LinkPage, 'intact' | 'hashes'> & { links: Buffer }>(
    `SELECT coalesce(bool_and(sha256('\\x00'::bytea || bytes) = leaf_hash), true) AS intact,
            coalesce(string_agg(leaf_hash, ''), '') AS hashes,
            coalesce(string_agg(
              substr(bytes, tail_at + position('","recorded_at":"'::bytea IN substr(bytes, tail_at)) - 65, 64), ''), '') AS links
     FROM (SELECT leaf_hash, convert_to(leaf, 'UTF8') AS bytes, greatest(octet_length(leaf) - $4, 1) AS tail_at FROM entries
           WHERE organization_id = $1 AND seq >= $2 AND seq < $3 ORDER BY entries.seq OFFSET 0) AS leaves`,
    [organizationId, range.from, range.to, LINK_WITHIN],
  );
  const { intact = false, hashes = EMPTY, links = EMPTY } = rows[0] ?? {};
  return { range, intact, hashes, links: links.toString('latin1') };
}

/**
 * Every index ends in the place, so a page is read from one backwards and stops when it is full. Without statistics of
 * the organisations the planner takes any range for a few rows, and would rather read and sort all of it.
 */
const IN_INDEX_ORDER = 'SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off';

/** Entries of a range, newest first. Holds for the rest of the transaction: rows are read in the order of an index. */
export async function selectNewest(
  tx: Tx,
  organizationId: string,
  range: SeqRange,
  filter: EntryFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<StoredEntry[]> {
  await tx.query(IN_INDEX_ORDER);
  const where = conditions(organizationId, range, filter);
  const { rows } = await tx.query<EntryRow>(
    `${SELECT_ENTRIES} WHERE ${where.text} ORDER BY e.seq DESC
     LIMIT $${where.values.length + 1} OFFSET $${where.values.length + 2}`,
    [...where.values, page.limit, page.offset],
  );
  return withDisclosures(tx, organizationId, rows);
}

/**
 * The entries about an intent in the order in which they happened, behind `after`. They come to the log in the order of
 * arrival, which is another where topics are. All that there are of the intent, which is not many, are read and sorted.
 */
export async function selectTimeline(
  tx: Tx,
  organizationId: string,
  intentId: string,
  after: Moment | null,
  limit: number,
): Promise<StoredEntry[]> {
  const { rows } = await tx.query<EntryRow>(
    `SELECT * FROM (${SELECT_ENTRIES} WHERE e.organization_id = $1 AND e.intent_id = $2) AS own
     WHERE $3::text IS NULL OR (${OCCURRED_AT}, seq) > ($3, $4) ORDER BY ${OCCURRED_AT}, seq LIMIT $5`,
    [organizationId, intentId, after?.occurredAt ?? null, after?.seq ?? null, limit],
  );
  return withDisclosures(tx, organizationId, rows);
}

const OCCURRED_AT = `(leaf::json ->> 'occurred_at') COLLATE "C"`;

/** For a page alone: in the statement that finds the page, disclosures of rows that an offset skips would be read, too. */
async function withDisclosures(tx: Tx, organizationId: string, rows: readonly EntryRow[]): Promise<StoredEntry[]> {
  const disclosed = await tx.query<DisclosureRow & { seq: string }>(
    'SELECT seq::text, disclosures FROM disclosures WHERE organization_id = $1 AND seq = ANY($2::bigint[])',
    [organizationId, rows.map((row) => row.seq)],
  );
  const bySeq = new Map(disclosed.rows.map(({ seq, disclosures }) => [seq, disclosures]));
  return rows.map((row) => toEntry(organizationId, { ...row, disclosures: bySeq.get(row.seq) ?? null }));
}

/** Null where nothing is disclosed. */
type DisclosureRow = { disclosures: StoredEntry['disclosures'] | null };

const EMPTY = Buffer.alloc(0);

const NOTHING: StoredEntry['disclosures'] = {};

function toEntry(organizationId: string, row: EntryRow & DisclosureRow): StoredEntry {
  return {
    organizationId,
    seq: Number(row.seq),
    eventId: row.eventId,
    type: row.type,
    actorId: row.actorId,
    subjectId: row.subjectId,
    intentId: row.intentId,
    recordedAt: row.recordedAt,
    leafHash: row.leafHash,
    leaf: row.leaf,
    disclosures: row.disclosures ?? NOTHING,
  };
}

/** How many entries match, counting no further than `limit`. */
export async function countEntries(
  tx: Tx,
  organizationId: string,
  range: SeqRange,
  filter: EntryFilter,
  limit: number,
): Promise<number> {
  const where = conditions(organizationId, range, filter);
  const { rows } = await tx.query<{ count: bigint }>(
    `SELECT count(*) FROM (SELECT FROM entries e WHERE ${where.text} LIMIT $${where.values.length + 1}) AS counted`,
    [...where.values, limit],
  );
  return Number(rows[0]?.count);
}

/** The first seq recorded at `instant` or later; `size` when there is none. */
export async function firstSeqAt(tx: Tx, organizationId: string, size: number, instant: Date): Promise<number> {
  const { rows } = await tx.query<{ seq: bigint }>('SELECT first_seq_at($1, $2, $3) AS seq', [
    organizationId,
    size,
    instant.toISOString(),
  ]);
  return Number(rows[0]?.seq);
}

/** Where the last entry of one of the types stands; null when there is none. */
export async function lastSeqOfTypes(tx: Tx, organizationId: string, types: readonly string[]): Promise<number | null> {
  const { rows } = await tx.query<{ seq: bigint | null }>(
    'SELECT max(seq) AS seq FROM entries WHERE organization_id = $1 AND type = ANY($2)',
    [organizationId, types],
  );
  return rows[0]?.seq == null ? null : Number(rows[0].seq);
}

/** The exact leaf of the entry with this id; null when there is none. */
export async function findLeaf(
  tx: Tx,
  organizationId: string,
  eventId: string,
): Promise<{ seq: number; leaf: string; leafHash: string } | null> {
  const { rows } = await tx.query<{ seq: bigint; leaf: string; hash: string }>(
    `SELECT seq, leaf, encode(leaf_hash, 'hex') AS hash FROM entries WHERE organization_id = $1 AND event_id = $2`,
    [organizationId, eventId],
  );
  const [row] = rows;
  return row ? { seq: Number(row.seq), leaf: row.leaf, leafHash: row.hash } : null;
}

/** The exact leaves of the places `from` up to but not including `to`, in order. */
export async function selectLeaves(tx: Tx, organizationId: string, from: number, to: number): Promise<string[]> {
  const { rows } = await tx.query<{ leaf: string }>(
    'SELECT leaf FROM entries WHERE organization_id = $1 AND seq >= $2 AND seq < $3 ORDER BY seq',
    [organizationId, from, to],
  );
  return rows.map((row) => row.leaf);
}

/** Null for an organisation without entries. */
export async function lastSeq(tx: Tx, organizationId: string): Promise<number | null> {
  const { rows } = await tx.query<{ seq: bigint | null }>(
    'SELECT max(seq) AS seq FROM entries WHERE organization_id = $1',
    [organizationId],
  );
  return rows[0]?.seq == null ? null : Number(rows[0].seq);
}

/** Only what was asked for becomes a condition, so that each combination gets a plan of its own. */
function conditions(organizationId: string, range: SeqRange, filter: EntryFilter) {
  const values: unknown[] = [organizationId, range.from, range.to];
  const columns = {
    type: filter.type,
    actor_id: filter.actorId,
    subject_id: filter.subjectId,
    intent_id: filter.intentId,
  };
  let text = 'e.organization_id = $1 AND e.seq >= $2 AND e.seq < $3';
  for (const [column, value] of Object.entries(columns)) {
    if (value !== undefined) text += ` AND e.${column} = $${values.push(value)}`;
  }
  return { text, values };
}
