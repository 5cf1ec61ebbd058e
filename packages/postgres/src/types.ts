import pg from 'pg';

const { builtins, getTypeParser } = pg.types;
const INT8_ARRAY = 1016;
const DATE_ARRAY = 1182;

type Parser = (text: string) => unknown;

/**
 * How columns come back; for our connections only, not for every user of `pg` in the process:
 * `bigint` (and `count(*)`) as bigint, `numeric` as string, `date` as string, `timestamptz` as Date (milliseconds),
 * `jsonb` parsed, `bytea` as Buffer, `uuid` as string, arrays of them likewise.
 */
const own = new Map<number, Parser>([
  [builtins.INT8, BigInt],
  [builtins.DATE, String],
  [INT8_ARRAY, (text) => parseArray(text, BigInt)],
  [DATE_ARRAY, (text) => parseArray(text, String)],
]);

export const parsers: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : own.get(oid)) ?? getTypeParser(oid, format),
};

function parseArray<T>(text: string, parse: (element: string) => T): (T | null)[] {
  if (text === '{}') return [];
  return text
    .slice(1, -1)
    .split(',')
    .map((element) => (element === 'NULL' ? null : parse(element)));
}
