import type { Tx } from '@aegis/postgres/transaction';
import type { StoredIntent } from '../../domain/intents/intent.ts';
import type { SettlementFact, Statement } from '../../domain/intents/settlement.ts';
import { INTENT_COLUMNS, intentFromRow, type IntentRow } from './rows.ts';

interface FactRow {
  readonly reference: string;
  readonly amount_minor: string;
  readonly final: boolean;
  readonly confirmed_by: string | null;
  readonly recorded_at: Date;
  readonly [column: string]: unknown;
}

const FIND = {
  name: 'settlements-find',
  text: `SELECT reference, amount_minor, final, confirmed_by, recorded_at FROM settlements
         WHERE organization_id = $1 AND intent_id = $2 ORDER BY recorded_at, reference`,
};

/** What was said of an intent's payment, in the order of recording. */
export async function findSettlements(tx: Tx, organizationId: string, intentId: string): Promise<SettlementFact[]> {
  const { rows } = await tx.query<FactRow>(FIND, [organizationId, intentId]);
  return rows.map((row) => ({
    reference: row.reference,
    amountMinor: BigInt(row.amount_minor),
    final: row.final,
    confirmedBy: row.confirmed_by,
    recordedAt: row.recorded_at,
  }));
}

/** An intent as its settlement sees it. */
export type SettlingIntent = StoredIntent & { readonly ceilingMinor: bigint | null };

/** Reads an intent and keeps every other settlement of it out until the transaction ends. */
export async function lockIntent(tx: Tx, organizationId: string, id: string): Promise<SettlingIntent | null> {
  const { rows } = await tx.query<IntentRow & { settle_ceiling_minor: string | null }>(
    `SELECT ${INTENT_COLUMNS}, settle_ceiling_minor FROM intents
     WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE`,
    [organizationId, id],
  );
  const row = rows[0];
  if (!row) return null;
  const ceilingMinor = row.settle_ceiling_minor === null ? null : BigInt(row.settle_ceiling_minor);
  return { ...intentFromRow(row), ceilingMinor };
}

/** Writes a statement; resolves to when it was recorded first. `now` overrides the database's clock. */
export async function saveSettlement(
  tx: Tx,
  organizationId: string,
  intentId: string,
  statement: Statement,
  now: Date | null,
): Promise<Date> {
  const { rows } = await tx.query<{ recorded_at: Date }>(
    `INSERT INTO settlements (organization_id, intent_id, reference, amount_minor, final, confirmed_by, recorded_at)
     VALUES ($1, $2, $3, $4, $5, $6, coalesce($7::timestamptz, date_trunc('milliseconds', clock_timestamp())))
     ON CONFLICT (organization_id, intent_id, reference)
     DO UPDATE SET final = excluded.final, confirmed_by = excluded.confirmed_by
     RETURNING recorded_at`,
    [
      organizationId,
      intentId,
      statement.reference,
      statement.amountMinor.toString(),
      statement.final,
      statement.confirmedBy,
      now,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error('a settlement was not written');
  return row.recorded_at;
}
