import type { Tx } from '@aegis/postgres/transaction';

export interface WindowCount {
  readonly bucket: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly count: number;
}

const ADD = {
  name: 'rate-windows-add',
  text: `INSERT INTO rate_windows AS w (bucket, started_at, count, expires_at)
         SELECT bucket, to_timestamp(started_ms / 1000.0), count, to_timestamp((started_ms + 2 * $4) / 1000.0)
         FROM unnest($1::text[], $2::float8[], $3::bigint[]) AS added (bucket, started_ms, count)
         ON CONFLICT (bucket, started_at) DO UPDATE SET count = w.count + excluded.count
         RETURNING bucket, (extract(epoch FROM started_at) * 1000)::float8 AS started_ms, count`,
};

/**
 * Adds to the counts that all replicas share and returns the sums. One statement; rows are locked in the order of their
 * names, so that replicas cannot block each other.
 */
export async function addToWindows(tx: Tx, added: readonly WindowCount[], windowMs: number): Promise<WindowCount[]> {
  const sorted = added.toSorted((a, b) =>
    a.bucket < b.bucket ? -1 : a.bucket > b.bucket ? 1 : a.startedAt - b.startedAt,
  );
  const { rows } = await tx.query<{ bucket: string; started_ms: number; count: bigint }>(ADD, [
    sorted.map((window) => window.bucket),
    sorted.map((window) => window.startedAt),
    sorted.map((window) => window.count),
    windowMs,
  ]);
  return rows.map((row) => ({ bucket: row.bucket, startedAt: row.started_ms, count: Number(row.count) }));
}

/** Deletes at most `limit` windows that are over; resolves to how many. */
export async function pruneWindows(tx: Tx, limit: number): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM rate_windows WHERE ctid = ANY(ARRAY(
       SELECT ctid FROM rate_windows WHERE expires_at < clock_timestamp() LIMIT $1 FOR UPDATE SKIP LOCKED))`,
    [limit],
  );
  return rowCount;
}
