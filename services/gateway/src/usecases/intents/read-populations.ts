import { databaseTime } from '@aegis/postgres/database-time';
import type { Database } from '@aegis/postgres/database';
import type { CreatedRange, IntentFacts } from '../../domain/intents/population.ts';
import { type CreatedIntent, selectCreated, selectFacts } from '../../store/intents/populations.ts';

export interface FactsPage {
  readonly intents: readonly IntentFacts[];
  /** The database's clock at the beginning: what was created at this time or later is not listed. */
  readonly asOf: Date;
}

const PAGE = 1_000;

/**
 * The intents created in a range, oldest first, up to now. Each page is a transaction of its own, so that however many
 * there are no snapshot is held; there is at least one page.
 */
export async function* listPopulation(
  db: Pick<Database, 'read'>,
  organizationId: string,
  { from, to }: CreatedRange,
  signal: AbortSignal,
): AsyncGenerator<FactsPage> {
  const scope = { organizationId };
  const asOf = await db.read(scope, databaseTime);
  const range = { from, to: to !== null && to < asOf ? to : asOf };
  let after: CreatedIntent | null = null;
  for (;;) {
    signal.throwIfAborted();
    const position: CreatedIntent | null = after;
    const intents: CreatedIntent[] = await db.read(scope, (tx) =>
      selectCreated(tx, organizationId, range, position, PAGE),
    );
    yield { intents, asOf };
    if (intents.length < PAGE) return;
    after = intents.at(-1) ?? null;
  }
}

/** Those of the intents that exist, as they stand now. */
export function getPopulation(
  db: Pick<Database, 'read'>,
  organizationId: string,
  ids: readonly string[],
): Promise<FactsPage> {
  return db.read({ organizationId }, async (tx) => ({
    asOf: await databaseTime(tx),
    intents: await selectFacts(tx, organizationId, ids),
  }));
}
