import type pg from 'pg';
import type { SeekOptions } from '../seek-options.ts';

/** Moves a group to an offset, to read messages again or to pass over them. Throws while a member owns the partition. */
export async function seekGroup(pool: pg.Pool, { group, topic, partition, offset }: SeekOptions): Promise<void> {
  const { rowCount } = await pool.query(
    `INSERT INTO bus.group_offsets AS o ("group", topic, partition, committed) VALUES ($1, $2, $3, $4)
     ON CONFLICT ("group", topic, partition) DO UPDATE SET committed = EXCLUDED.committed, owner = NULL
      WHERE NOT EXISTS (SELECT FROM bus.members m
                         WHERE m."group" = o."group" AND m.member = o.owner AND m.lease_until >= clock_timestamp())`,
    [group, topic, partition, String(offset)],
  );
  if (rowCount === 0) throw new Error(`group ${group} is reading ${topic}/${partition}; stop it first`);
}
