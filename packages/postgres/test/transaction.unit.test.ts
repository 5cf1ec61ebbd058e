import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { CommitUnknownError } from '../src/errors.ts';
import { runTransaction } from '../src/transaction.ts';

/** A connection that answers every statement but refuses BEGIN, as a server does when somebody cancels it just then. */
function refusingBegin() {
  const cancelled = new pg.DatabaseError('canceling statement due to user request', 0, 'error');
  cancelled.code = '57014';
  const sent: string[] = [];
  const query = async ({ text }: { text: string }) => {
    sent.push(text);
    if (text === 'BEGIN') throw cancelled;
    return { rows: [], rowCount: 1, command: text };
  };
  const release = vi.fn<(error?: Error) => void>();
  return { client: { query, release } as unknown as pg.PoolClient, sent, release };
}

test('when BEGIN is refused, only what travelled with it ran, and nobody is told that nothing was written', async () => {
  const { client, sent, release } = refusingBegin();
  const work = runTransaction(client, { begin: 'BEGIN', readOnly: false }, async (tx) => {
    await tx.query('first');
    await tx.query('second');
  });
  await expect(work).rejects.toBeInstanceOf(CommitUnknownError);
  expect(sent).toEqual(['BEGIN', 'first']);
  expect(release).toHaveBeenCalledExactlyOnceWith(expect.any(CommitUnknownError));
});
