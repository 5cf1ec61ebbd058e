import type { Tx } from '@aegis/postgres/transaction';
import type { Submission } from '../../domain/intents/intent.ts';

/** Where a client's Idempotency-Key counts, and the digest of the body it came with. */
export interface IdempotencyMark {
  readonly scope: string;
  readonly key: string;
  readonly bodySha256: Buffer;
}

export interface NewIntent {
  readonly submission: Submission;
  readonly mark: IdempotencyMark | null;
}

/** `$15` is a time to use instead of the database's, for replays and simulations that bring their own clock. */
const INSERT = {
  name: 'intents-insert',
  text: `INSERT INTO intents (id, organization_id, agent_id, status, amount_minor, currency, exponent, reason, confidence,
           merchant, merchant_category, metadata, idempotency_scope, idempotency_key, body_sha256, created_at, updated_at)
         SELECT s.id, s.organization_id, s.agent_id, 'pending', s.amount_minor, s.currency, s.exponent, s.reason,
           s.confidence, s.merchant, s.merchant_category, s.metadata, s.scope, s.key, s.body_sha256, clock.now, clock.now
         FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::numeric[], $5::text[], $6::smallint[], $7::text[],
                $8::numeric[], $9::text[], $10::text[], $11::json[], $12::text[], $13::text[], $14::bytea[])
           AS s (id, organization_id, agent_id, amount_minor, currency, exponent, reason, confidence, merchant,
                 merchant_category, metadata, scope, key, body_sha256),
           (SELECT coalesce($15::timestamptz, date_trunc('milliseconds', clock_timestamp())) AS now) AS clock
         ON CONFLICT DO NOTHING
         RETURNING id, created_at`,
};

/**
 * Stores the intents that are new, as pending, and returns when each was created. One whose id or Idempotency-Key is
 * there already is left out, also when its twin stands in the same call or commits meanwhile in another transaction.
 *
 * @param now overrides the database's clock
 */
export async function insertIntents(
  tx: Tx,
  intents: readonly NewIntent[],
  now: Date | null,
): Promise<Map<string, Date>> {
  // One order for all writers: two transactions that hold the same keys then wait, instead of deadlocking.
  const ordered = intents.some(({ mark }) => mark) ? intents.toSorted(byKey) : intents;
  const column = <T>(read: (intent: NewIntent) => T): T[] => ordered.map(read);
  const { rows } = await tx.query<{ id: string; created_at: Date }>(INSERT, [
    column(({ submission }) => submission.id),
    column(({ submission }) => submission.organizationId),
    column(({ submission }) => submission.agentId),
    column(({ submission }) => submission.amountMinor.toString()),
    column(({ submission }) => submission.currency),
    column(({ submission }) => submission.exponent),
    column(({ submission }) => submission.reason),
    column(({ submission }) => submission.confidence),
    column(({ submission }) => submission.merchant),
    column(({ submission }) => submission.merchantCategory),
    column(({ submission }) => submission.metadata && JSON.stringify(submission.metadata)),
    column(({ mark }) => mark?.scope ?? null),
    column(({ mark }) => mark?.key ?? null),
    column(({ mark }) => mark?.bodySha256 ?? null),
    now,
  ]);
  return new Map(rows.map((row) => [row.id, row.created_at]));
}

function byKey({ mark: a }: NewIntent, { mark: b }: NewIntent): number {
  const left = a ? `${a.scope} ${a.key}` : '';
  const right = b ? `${b.scope} ${b.key}` : '';
  return left < right ? -1 : Number(left > right);
}
