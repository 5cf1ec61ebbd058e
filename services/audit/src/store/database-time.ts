import type { Tx } from '@aegis/postgres/transaction';

/** The clock that all replicas share, to the millisecond. */
export async function databaseTime(tx: Tx): Promise<Date> {
  const { rows } = await tx.query<{ now: Date }>("SELECT date_trunc('milliseconds', clock_timestamp()) AS now");
  const [row] = rows;
  if (!row) throw new Error('the database did not tell the time');
  return row.now;
}
