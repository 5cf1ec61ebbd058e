import type { Tx } from './transaction.ts';

/** The clock that all replicas share, to the millisecond; moves on inside a transaction. */
export async function databaseTime(tx: Tx): Promise<Date> {
  const { rows } = await tx.query<{ now: Date }>("SELECT date_trunc('milliseconds', clock_timestamp()) AS now");
  const [row] = rows;
  if (!row) throw new Error('the database did not tell the time');
  return row.now;
}
