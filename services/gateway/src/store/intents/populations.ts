import type { Tx } from '@aegis/postgres/transaction';
import type { CreatedRange, IntentFacts } from '../../domain/intents/population.ts';

const FACTS = 'id, status, amount_minor AS "amountMinor", currency, exponent';

type FactsRow = { -readonly [Name in keyof IntentFacts]: IntentFacts[Name] };

/** An intent in the order of creation. */
export interface CreatedIntent extends IntentFacts {
  /** As the database writes it: only to go on behind it, and not worth parsing for each intent. */
  readonly createdAt: string;
}

/** The intents created in a range, oldest first, behind `after`: read in the order of an index, however many there are. */
export async function selectCreated(
  tx: Tx,
  organizationId: string,
  { from, to }: CreatedRange,
  after: Pick<CreatedIntent, 'id' | 'createdAt'> | null,
  limit: number,
): Promise<CreatedIntent[]> {
  const { rows } = await tx.query<FactsRow & { createdAt: string }>(
    `SELECT ${FACTS}, created_at::text AS "createdAt" FROM intents
     WHERE organization_id = $1 AND (created_at, id) > ($2, $3) AND created_at < $4
     ORDER BY created_at, id LIMIT $5`,
    [organizationId, after?.createdAt ?? from ?? '-infinity', after?.id ?? '', to ?? 'infinity', limit],
  );
  return rows;
}

/** Those of the intents that exist, in any order. */
export async function selectFacts(tx: Tx, organizationId: string, ids: readonly string[]): Promise<IntentFacts[]> {
  const { rows } = await tx.query<FactsRow>(
    `SELECT ${FACTS} FROM intents WHERE organization_id = $1 AND id = ANY ($2::text[])`,
    [organizationId, ids],
  );
  return rows;
}
