import type { Tx } from '@aegis/postgres/transaction';
import type { NewIntent } from './insert-intents.ts';
import { INTENT_COLUMNS, intentFromRow, type IntentRow } from './rows.ts';
import type { StoredIntent } from '../../domain/intents/intent.ts';

/** An intent that stood in the way of `submissionId`: itself (written before), or the first with the same key. */
export interface EarlierIntent {
  readonly submissionId: string;
  readonly intent: StoredIntent;
  readonly bodySha256: Buffer | null;
}

const FIND = {
  name: 'intents-find-earlier',
  text: `SELECT s.submission_id, i.body_sha256, ${INTENT_COLUMNS.replaceAll(/\w+/g, 'i.$&')}
         FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[]) AS s (submission_id, organization_id, scope, key)
         JOIN LATERAL (
           SELECT * FROM intents WHERE id = s.submission_id AND organization_id = s.organization_id
           UNION ALL
           SELECT * FROM intents WHERE organization_id = s.organization_id
             AND idempotency_scope = s.scope AND idempotency_key = s.key AND id <> s.submission_id
         ) AS i ON true`,
};

export async function findEarlier(tx: Tx, intents: readonly NewIntent[]): Promise<Map<string, EarlierIntent>> {
  const { rows } = await tx.query<IntentRow & { submission_id: string; body_sha256: Buffer | null }>(FIND, [
    intents.map(({ submission }) => submission.id),
    intents.map(({ submission }) => submission.organizationId),
    intents.map(({ mark }) => mark?.scope ?? null),
    intents.map(({ mark }) => mark?.key ?? null),
  ]);
  return new Map(
    rows.map((row) => [
      row.submission_id,
      { submissionId: row.submission_id, intent: intentFromRow(row), bodySha256: row.body_sha256 },
    ]),
  );
}
