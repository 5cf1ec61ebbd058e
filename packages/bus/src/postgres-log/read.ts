import type pg from 'pg';
import type { Delivery } from '../port.ts';
import { int4Array, int8Array, textArray } from '@aegis/postgres/binary-array';

/** Offsets `from` up to but not including `to`. */
export interface Range {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

// The inner ORDER BY keeps the planner from joining in any other way than one index scan a range.
const READ = {
  name: 'bus-read',
  text: `SELECT ranges.number::integer, l."offset"::text, l.key, l.headers, l.value
           FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[]) WITH ORDINALITY
                AS ranges (topic, partition, first, past, number)
          CROSS JOIN LATERAL (
                SELECT log."offset", log.key, log.headers, log.value FROM bus.log
                 WHERE log.topic = ranges.topic AND log.partition = ranges.partition
                   AND log."offset" >= ranges.first AND log."offset" < ranges.past
                 ORDER BY log."offset") l`,
};

type Row = [number: number, offset: string, key: string, headers: string, value: string];

/** Reads all ranges in one query: one list a range, in order. Retention may have removed messages from a range's start. */
export async function readRanges(pool: pg.Pool, ranges: readonly Range[]): Promise<Delivery[][]> {
  const { rows } = await pool.query<Row>({
    ...READ,
    rowMode: 'array',
    values: [
      textArray(ranges.map((range) => range.topic)),
      int4Array(ranges.map((range) => range.partition)),
      int8Array(ranges.map((range) => range.from)),
      int8Array(ranges.map((range) => range.to)),
    ],
  });
  const lists: Delivery[][] = ranges.map(() => []);
  for (const [number, offset, key, headers, value] of rows) {
    const range = ranges[number - 1];
    if (!range) continue;
    const { topic, partition } = range;
    lists[number - 1]?.push({ topic, partition, offset: BigInt(offset), key, headers: parseHeaders(headers), value });
  }
  return lists;
}

/** Written by `appendMessages` from the same type. */
function parseHeaders(text: string): Record<string, string> {
  return JSON.parse(text) as Record<string, string>;
}
