import type pg from 'pg';
import { PARTITIONS_PER_TOPIC } from '../port.ts';

export interface Head {
  readonly topic: string;
  readonly partition: number;
  readonly head: number;
}

const LEGAL_NAME = /^[a-zA-Z0-9._-]{1,249}$/;

/** Creates the partitions of topics that lack them. Throws `RangeError` for a name that Kafka would not take either. */
export async function createTopics(pool: pg.Pool, topics: readonly string[]): Promise<void> {
  const illegal = topics.find((topic) => !LEGAL_NAME.test(topic));
  if (illegal !== undefined) throw new RangeError(`"${illegal}" is no legal topic name`);
  await pool.query(
    `INSERT INTO bus.partitions (topic, partition)
     SELECT topic, partition FROM unnest($1::text[]) AS topic, generate_series(0, $2 - 1) AS partition
      ORDER BY topic, partition
     ON CONFLICT DO NOTHING`,
    [topics, PARTITIONS_PER_TOPIC],
  );
}

const READ_HEADS = {
  name: 'bus-read-heads',
  text: 'SELECT topic, partition, head::text FROM bus.partitions WHERE topic = ANY ($1)',
};

export async function readHeads(pool: pg.Pool, topics: readonly string[]): Promise<Head[]> {
  const { rows } = await pool.query<{ topic: string; partition: number; head: string }>({
    ...READ_HEADS,
    values: [topics],
  });
  return rows.map((row) => ({ ...row, head: Number(row.head) }));
}
