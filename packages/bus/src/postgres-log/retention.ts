import type pg from 'pg';
import type { Log } from '../log.ts';

const BATCH = 5_000;

export const KEEP_FOR_MS = 7 * 24 * 3_600_000;

export interface RetentionOptions {
  readonly pool: pg.Pool;
  readonly log: Log;
  /** How long messages are kept, whoever has read them. Default: 7 days, by the database's clock. */
  readonly keepForMs?: number;
}

const FIND = `
  SELECT p.topic, p.partition
    FROM bus.partitions p
   CROSS JOIN LATERAL (
         SELECT log.published_at FROM bus.log
          WHERE log.topic = p.topic AND log.partition = p.partition
          ORDER BY log."offset" LIMIT 1) oldest
   WHERE oldest.published_at < clock_timestamp() - $1 * interval '1 millisecond'`;

// Only the start of a partition goes, so no gap opens inside, even if the clock was put back at some time.
const DELETE = `
  WITH oldest AS (
    SELECT "offset", published_at < clock_timestamp() - $1 * interval '1 millisecond' AS expired
      FROM bus.log WHERE topic = $2 AND partition = $3 ORDER BY "offset" LIMIT $4
  ), deleted AS (
    DELETE FROM bus.log
     WHERE topic = $2 AND partition = $3 AND "offset" <= (SELECT max("offset") FROM oldest)
       AND "offset" < coalesce((SELECT min("offset") FROM oldest WHERE NOT expired), 9223372036854775807)
    RETURNING "offset"
  )
  SELECT count(*)::integer AS count, (max("offset") + 1)::text AS past FROM deleted`;

const BEHIND = `
  SELECT "group" FROM bus.group_offsets WHERE topic = $1 AND partition = $2 AND committed < $3`;

const ABANDONED = `
  DELETE FROM bus.group_offsets
   WHERE "group" IN (
         SELECT "group" FROM bus.group_offsets GROUP BY "group"
         HAVING max(active_at) < clock_timestamp() - $1 * interval '1 millisecond')
     AND NOT EXISTS (SELECT FROM bus.members
                      WHERE members."group" = group_offsets."group" AND lease_until >= clock_timestamp())`;

/**
 * Deletes what is older than the retention in short statements, and names the groups that had not read it; forgets groups
 * that had no member for as long.
 */
export async function deleteExpired({ pool, log, keepForMs = KEEP_FOR_MS }: RetentionOptions): Promise<number> {
  await pool.query(ABANDONED, [keepForMs]);
  const { rows } = await pool.query<{ topic: string; partition: number }>(FIND, [keepForMs]);
  let deleted = 0;
  for (const { topic, partition } of rows) {
    let past: string | null = null;
    for (let count = BATCH; count === BATCH; deleted += count) {
      const result = await pool.query<{ count: number; past: string | null }>(DELETE, [
        keepForMs,
        topic,
        partition,
        BATCH,
      ]);
      count = result.rows[0]?.count ?? 0;
      past = result.rows[0]?.past ?? past;
    }
    const behind = await pool.query<{ group: string }>(BEHIND, [topic, partition, past ?? 0]);
    if (behind.rows.length > 0) {
      const groups = behind.rows.map((row) => row.group);
      log.warn({ topic, partition, groups, past }, 'removed messages that these groups had not read');
    }
  }
  if (deleted > 0) log.info({ deleted }, 'removed messages older than the retention');
  return deleted;
}
