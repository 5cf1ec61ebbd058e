import type pg from 'pg';
import { int4Array, int8Array, textArray } from '@aegis/postgres/binary-array';

/** A member of a group, and the partitions it speaks of. */
export interface Member {
  readonly group: string;
  readonly member: string;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface Acquired extends TopicPartition {
  readonly committed: number;
  readonly head: number;
}

export interface Beat {
  /** Members alive, with the topics each of them reads; the caller may be missing at its first beat. */
  readonly members: readonly { readonly member: string; readonly topics: readonly string[] }[];
  readonly owned: readonly TopicPartition[];
  /** Whether any other process follows the log, in any group. */
  readonly others: boolean;
}

// None of this needs to survive a crash of the server: the worst is a message delivered again. So it waits for no disk.
const QUICKLY = `set_config('synchronous_commit', 'off', true)`;

/** Gives the group an offset, 0, in every partition of the topics where it has none. */
export async function createOffsets(pool: pg.Pool, group: string, topics: readonly string[]): Promise<void> {
  await pool.query(
    `INSERT INTO bus.group_offsets ("group", topic, partition)
     SELECT $1, topic, partition FROM bus.partitions WHERE topic = ANY ($2) ORDER BY topic, partition
     ON CONFLICT DO NOTHING`,
    [group, topics],
  );
}

const BEAT = {
  name: 'bus-beat',
  text: `WITH beat AS (
           INSERT INTO bus.members ("group", member, instance, topics, lease_until)
           VALUES ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 millisecond')
           ON CONFLICT ("group", member) DO UPDATE SET lease_until = EXCLUDED.lease_until
         ), expired AS (
           DELETE FROM bus.members WHERE ("group", member) IN (
             SELECT "group", member FROM bus.members
              WHERE lease_until < clock_timestamp() AND member <> $2 FOR UPDATE SKIP LOCKED)
         )
         SELECT ${QUICKLY},
                (SELECT coalesce(json_agg(json_build_object('member', member, 'topics', topics)), '[]')
                   FROM bus.members WHERE "group" = $1 AND lease_until >= clock_timestamp()) AS members,
                (SELECT coalesce(json_agg(json_build_object('topic', topic, 'partition', partition)), '[]')
                   FROM bus.group_offsets WHERE "group" = $1 AND owner = $2) AS owned,
                EXISTS (SELECT FROM bus.members
                         WHERE instance <> $3 AND lease_until >= clock_timestamp()) AS others`,
};

/** Renews the member's lease, by the database's clock, and tells who else is there. */
export async function beat(
  pool: pg.Pool,
  { group, member }: Member,
  details: { readonly instance: string; readonly topics: readonly string[]; readonly leaseMs: number },
): Promise<Beat> {
  const values = [group, member, details.instance, details.topics, details.leaseMs];
  const { rows } = await pool.query<Beat>({ ...BEAT, values });
  return rows[0] ?? { members: [], owned: [], others: true };
}

const ACQUIRE = {
  name: 'bus-acquire',
  text: `WITH free AS (
           SELECT o.topic, o.partition
             FROM bus.group_offsets o
             JOIN unnest($3::text[], $4::integer[]) AS wanted (topic, partition)
               ON wanted.topic = o.topic AND wanted.partition = o.partition
            WHERE o."group" = $1
              AND (o.owner IS NULL OR o.owner = $2 OR NOT EXISTS (
                    SELECT FROM bus.members m
                     WHERE m."group" = $1 AND m.member = o.owner AND m.lease_until >= clock_timestamp()))
              FOR UPDATE OF o SKIP LOCKED)
         UPDATE bus.group_offsets o SET owner = $2, active_at = clock_timestamp()
           FROM free, bus.partitions p
          WHERE o."group" = $1 AND o.topic = free.topic AND o.partition = free.partition
            AND p.topic = free.topic AND p.partition = free.partition
         RETURNING o.topic, o.partition, o.committed::text, p.head::text, ${QUICKLY}`,
};

/** Takes those of the partitions that nobody alive owns, and tells where to go on. */
export async function acquire(
  pool: pg.Pool,
  { group, member }: Member,
  wanted: readonly TopicPartition[],
): Promise<Acquired[]> {
  const { rows } = await pool.query<TopicPartition & { committed: string; head: string }>({
    ...ACQUIRE,
    values: [group, member, ...columns(wanted)],
  });
  return rows.map(({ topic, partition, committed, head }) => ({
    topic,
    partition,
    committed: Number(committed),
    head: Number(head),
  }));
}

const COMMIT = {
  name: 'bus-commit-offsets',
  text: `UPDATE bus.group_offsets o SET committed = done.past, active_at = clock_timestamp()
           FROM unnest($3::text[], $4::integer[], $5::bigint[]) AS done (topic, partition, past)
          WHERE o."group" = $1 AND o.owner = $2 AND o.topic = done.topic AND o.partition = done.partition
         RETURNING o.topic, o.partition, ${QUICKLY}`,
};

/** Moves offsets of partitions the member owns; returns those. The others have been given to somebody else. */
export async function commitOffsets(
  pool: pg.Pool,
  { group, member }: Member,
  offsets: readonly (TopicPartition & { readonly past: number })[],
): Promise<TopicPartition[]> {
  const { rows } = await pool.query<TopicPartition>({
    ...COMMIT,
    values: [group, member, ...columns(offsets), int8Array(offsets.map((offset) => offset.past))],
  });
  return rows;
}

/** Lets others have the partitions at once. */
export async function release(
  pool: pg.Pool,
  { group, member }: Member,
  given: readonly TopicPartition[],
): Promise<void> {
  await pool.query(
    `UPDATE bus.group_offsets o SET owner = NULL
       FROM unnest($3::text[], $4::integer[]) AS given (topic, partition)
      WHERE o."group" = $1 AND o.owner = $2 AND o.topic = given.topic AND o.partition = given.partition`,
    [group, member, ...columns(given)],
  );
}

/** Lets others have all the member owns, and removes it. */
export async function leave(pool: pg.Pool, { group, member }: Member): Promise<void> {
  await pool.query(
    `WITH gone AS (DELETE FROM bus.members WHERE "group" = $1 AND member = $2)
     UPDATE bus.group_offsets SET owner = NULL WHERE "group" = $1 AND owner = $2`,
    [group, member],
  );
}

/** Ends every lease there is. */
export async function evictMembers(pool: pg.Pool): Promise<void> {
  await pool.query('DELETE FROM bus.members');
}

function columns(partitions: readonly TopicPartition[]): [Buffer, Buffer] {
  return [textArray(partitions.map(({ topic }) => topic)), int4Array(partitions.map(({ partition }) => partition))];
}
