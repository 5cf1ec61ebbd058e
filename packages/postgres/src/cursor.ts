import type { Row, Tx } from './transaction.ts';

/**
 * Reads a large result in batches of at most `batchRows`, in constant memory, inside a transaction of the caller's; a
 * `read` transaction gives the whole of it one snapshot. One at a time in a transaction.
 */
export async function* fetchBatches<R extends Row>(
  tx: Tx,
  text: string,
  values: readonly unknown[] = [],
  batchRows = 1_000,
): AsyncGenerator<R[]> {
  await tx.query(`DECLARE batches NO SCROLL CURSOR FOR ${text}`, values);
  for (;;) {
    const { rows } = await tx.query<R>(`FETCH ${batchRows} FROM batches`);
    if (rows.length > 0) yield rows;
    if (rows.length < batchRows) break;
  }
  await tx.query('CLOSE batches');
}
