import type pg from 'pg';

/** A table as it is stored: of a partitioned one, each partition. */
export interface StoredTable {
  readonly schema: string;
  readonly table: string;
  /** Where its rows are put back: the partitioned table, or itself. */
  readonly into: string;
  readonly columns: string[];
  /** On disk, indexes not counted. */
  readonly size: number;
}

export interface StoredSequence {
  readonly schema: string;
  readonly sequence: string;
  /** The last value given. */
  readonly value: string;
}

/** Leases of processes that will not be there any more; counters that may be lost are in unlogged tables. */
const EPHEMERAL = ['bus.members'];

const TABLES = `
  SELECT n.nspname AS schema, c.relname AS "table", coalesce(root.relname, c.relname) AS "into",
         pg_table_size(c.oid)::float AS size,
         (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_class root ON root.oid = pg_partition_root(c.oid)
   WHERE n.nspname = ANY ($1) AND c.relkind = 'r' AND c.relpersistence = 'p'
     AND c.relname <> 'schema_migrations' AND n.nspname || '.' || c.relname <> ALL ($2)
   ORDER BY n.nspname, c.relname`;

/** Every table of the schemas that holds what must not be lost. */
export async function listTables(client: pg.Client, schemas: readonly string[]): Promise<StoredTable[]> {
  const { rows } = await client.query<StoredTable>(TABLES, [schemas, EPHEMERAL]);
  return rows;
}

const SEQUENCES = `
  SELECT schemaname AS schema, sequencename AS sequence, last_value::text AS value
    FROM pg_sequences WHERE schemaname = ANY ($1) AND last_value IS NOT NULL ORDER BY 1, 2`;

/** How far the sequences that have given a value have come. They know no snapshot: read after it, they are ahead of it. */
export async function listSequences(client: pg.Client, schemas: readonly string[]): Promise<StoredSequence[]> {
  const { rows } = await client.query<StoredSequence>(SEQUENCES, [schemas]);
  return rows;
}

const REFERENCES = `
  SELECT n.nspname AS schema, c.relname AS "table", rn.nspname || '.' || r.relname AS target
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
   WHERE k.contype = 'f' AND k.confrelid <> k.conrelid AND n.nspname = ANY ($1)`;

/** The tables in an order in which each comes after those that it refers to. Throws when they refer in a circle. */
export async function inLoadOrder<T extends { readonly schema: string; readonly into: string }>(
  client: pg.Client,
  tables: readonly T[],
): Promise<T[]> {
  const schemas = [...new Set(tables.map(({ schema }) => schema))];
  const { rows } = await client.query<{ schema: string; table: string; target: string }>(REFERENCES, [schemas]);
  const targets = Map.groupBy(rows, ({ schema, table }) => `${schema}.${table}`);
  const ordered: T[] = [];
  let waiting = [...tables];
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ schema, into }) => `${schema}.${into}`));
    const isFree = ({ schema, into }: T) =>
      !(targets.get(`${schema}.${into}`) ?? []).some(({ target }) => names.has(target));
    const free = waiting.filter(isFree);
    if (free.length === 0) throw new Error(`these tables refer to each other in a circle: ${[...names].join(', ')}`);
    ordered.push(...free);
    waiting = waiting.filter((table) => !isFree(table));
  }
  return ordered;
}
