import type pg from 'pg';
import { CommitUnknownError, endsSession, UnavailableError } from './errors.ts';

export type Row = Record<string, unknown>;

/** A statement with a `name` is prepared once a connection: parsed and planned once, cheaper from then on. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export interface Result<R extends Row> {
  readonly rows: R[];
  /** Rows touched or returned; 0 where the command has no count. */
  readonly rowCount: number;
}

/** An open transaction. Statements run in the order given, and may be given without waiting for the one before. */
export interface Tx {
  query<R extends Row = Row>(statement: string | Statement, values?: readonly unknown[]): Promise<Result<R>>;
  /** Tells `database.onSignal(channel, …)` after COMMIT, once, and never when the transaction is rolled back. */
  signal(channel: string): void;
}

/** Runs `work` in a transaction on a connection that nobody else uses, and gives the connection back. */
export async function runTransaction<T>(
  client: pg.PoolClient,
  { begin, readOnly }: { begin: string; readOnly: boolean },
  work: (tx: Tx) => Promise<T>,
): Promise<{ value: T; signals: ReadonlySet<string> }> {
  const transaction = new Transaction(client);
  // Not awaited: the first statement of `work` travels in the same round trip.
  const begun = transaction.query(begin);
  begun.catch((error: unknown) => transaction.refuse(error));
  try {
    const value = await work(transaction);
    await begun;
    if (readOnly) transaction.end();
    else await transaction.commit();
    return { value, signals: transaction.signals };
  } catch (error) {
    throw (await transaction.abandon()) ?? error;
  }
}

class Transaction implements Tx {
  readonly signals = new Set<string>();
  readonly #client: pg.PoolClient;
  #open = true;
  /** Why the connection cannot be used any more. */
  #broken: Error | undefined;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  async query<R extends Row>(statement: string | Statement, values?: readonly unknown[]): Promise<Result<R>> {
    if (!this.#open) throw new Error('the transaction is over');
    if (this.#broken) throw this.#broken;
    const result = await this.#send<R>(statement, values);
    const { rows, rowCount } = result;
    // An old result of `pg` is reached from the one before it until a full collection, and would keep its rows so long.
    result.rows = [];
    return { rows, rowCount: rowCount ?? 0 };
  }

  signal(channel: string): void {
    this.signals.add(channel);
  }

  /** BEGIN failed on a connection that lives, as when somebody cancels it: what travelled with it ran on its own. */
  refuse(cause: unknown): void {
    this.#broken ??= new CommitUnknownError('BEGIN was refused', { cause });
  }

  async commit(): Promise<void> {
    this.#open = false;
    if (this.#broken) throw this.#broken;
    let tag: string;
    try {
      tag = (await this.#send('COMMIT')).command;
    } catch (error) {
      if (!this.#broken) throw error;
      this.#broken = new CommitUnknownError('the connection was lost at COMMIT', { cause: error });
      throw this.#broken;
    }
    // COMMIT of a failed transaction succeeds, as a ROLLBACK.
    if (tag !== 'COMMIT') throw new Error('rolled back: a statement failed and its error was not passed on');
    this.#client.release();
  }

  /** Ends one that wrote nothing: nobody waits for the answer, but the connection does. */
  end(): void {
    this.#open = false;
    this.#send('COMMIT').then(
      () => this.#client.release(),
      (error: Error) => this.#client.release(error),
    );
  }

  /** Rolls back and gives the connection back, or destroys it when it is beyond use and resolves to the reason. */
  async abandon(): Promise<Error | undefined> {
    this.#open = false;
    if (!this.#broken) await this.#send('ROLLBACK').catch(() => undefined);
    this.#client.release(this.#broken);
    return this.#broken;
  }

  async #send<R extends Row>(statement: string | Statement, values?: readonly unknown[]): Promise<pg.QueryResult<R>> {
    const { name, text } = typeof statement === 'string' ? { text: statement } : statement;
    try {
      return await this.#client.query<R>({ name, text, values: values as unknown[] });
    } catch (error) {
      if (!endsSession(error)) throw error;
      // A value that cannot be sent (a bigint in JSON) is the caller's fault; but `pg` may have closed the statement.
      this.#broken ??= error instanceof TypeError || error instanceof RangeError ? error : new UnavailableError(error);
      throw this.#broken;
    }
  }
}
