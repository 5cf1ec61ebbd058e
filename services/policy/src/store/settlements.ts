import type { Tx } from '@aegis/postgres/transaction';
import type { Settlement } from '../domain/batch.ts';
import type { SettlementFact } from '../domain/settlement.ts';
import type { IntentKey } from './decisions.ts';

interface FactRow {
  readonly organization_id: string;
  readonly intent_id: string;
  readonly reference: string;
  readonly amount_minor: string;
  readonly final: boolean;
  readonly confirmed: boolean;
  readonly [column: string]: unknown;
}

const LOAD = {
  name: 'settlements-load',
  text: `SELECT s.organization_id, s.intent_id, s.reference, s.amount_minor, s.final, s.confirmed
         FROM unnest($1::uuid[], $2::text[]) AS i (organization_id, intent_id)
         JOIN settlements s USING (organization_id, intent_id)`,
};

const SAVE = {
  name: 'settlements-save',
  text: `INSERT INTO settlements (organization_id, intent_id, reference, amount_minor, final, confirmed, event_id, recorded_at)
         SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::numeric[], $5::boolean[], $6::boolean[], $7::text[],
                              $8::timestamptz[])
         ON CONFLICT (organization_id, intent_id, reference) DO UPDATE
         SET amount_minor = excluded.amount_minor, final = excluded.final, confirmed = excluded.confirmed`,
};

/** What was said of the payments of these intents so far. */
export async function loadFacts(
  tx: Tx,
  keys: readonly IntentKey[],
): Promise<(IntentKey & { readonly fact: SettlementFact })[]> {
  if (keys.length === 0) return [];
  const { rows } = await tx.query<FactRow>(LOAD, [
    keys.map((key) => key.organizationId),
    keys.map((key) => key.intentId),
  ]);
  return rows.map(({ organization_id: organizationId, intent_id: intentId, ...row }) => ({
    organizationId,
    intentId,
    fact: {
      reference: row.reference,
      amountMinor: BigInt(row.amount_minor),
      final: row.final,
      confirmed: row.confirmed,
    },
  }));
}

/** Writes statements; the lock of the agent keeps two about one intent apart. */
export async function saveFacts(tx: Tx, settlements: readonly Settlement[]): Promise<void> {
  if (settlements.length === 0) return;
  await tx.query(SAVE, [
    settlements.map(({ organizationId }) => organizationId),
    settlements.map(({ intentId }) => intentId),
    settlements.map(({ fact }) => fact.reference),
    settlements.map(({ fact }) => fact.amountMinor),
    settlements.map(({ fact }) => fact.final),
    settlements.map(({ fact }) => fact.confirmed),
    settlements.map(({ eventId }) => eventId),
    settlements.map(({ recordedAt }) => recordedAt),
  ]);
}
