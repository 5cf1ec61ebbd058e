import type { IdempotentRequest, StoredAnswer } from '@aegis/http/ports';
import type { Tx } from '@aegis/postgres/transaction';
import type { RememberedRequest } from '../../domain/identity/idempotency.ts';

const SAME_REQUEST = 'organization_id = $1 AND principal = $2 AND method = $3 AND path = $4 AND key = $5';

function identity(request: IdempotentRequest): unknown[] {
  return [request.organizationId, request.principal, request.method, request.path, request.key];
}

export interface LeaseOptions {
  readonly lease: string;
  readonly seed: string;
  readonly leaseMs: number;
  readonly keepMs: number;
}

/**
 * Takes a request that is new, too old, or whose executor has vanished. What was begun before keeps its seed; what is
 * too old begins anew.
 */
const CLAIM = {
  name: 'idempotency-claim',
  text: `INSERT INTO idempotency_keys AS k
           (organization_id, principal, method, path, key, body_sha256, seed, lease, leased_until, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp() + $9 * interval '1 ms',
           clock_timestamp() + $10 * interval '1 ms')
         ON CONFLICT (organization_id, principal, method, path, key) DO UPDATE SET
           seed = CASE WHEN k.expires_at < clock_timestamp() THEN excluded.seed ELSE k.seed END,
           body_sha256 = excluded.body_sha256,
           lease = excluded.lease,
           leased_until = excluded.leased_until,
           completed_at = NULL,
           answer = NULL,
           expires_at = excluded.expires_at
         WHERE k.expires_at < clock_timestamp()
           OR (k.body_sha256 = excluded.body_sha256 AND k.completed_at IS NULL
               AND (k.lease IS NULL OR k.leased_until < clock_timestamp()))
         RETURNING seed`,
};

/** The seed reserved for the request, or null when somebody else has it. */
export async function claimKey(tx: Tx, request: IdempotentRequest, options: LeaseOptions): Promise<string | null> {
  const { lease, seed, leaseMs, keepMs } = options;
  const values = [...identity(request), request.bodySha256, seed, lease, leaseMs, keepMs];
  const { rows } = await tx.query<{ seed: string }>(CLAIM, values);
  return rows[0]?.seed ?? null;
}

type RememberedRow = {
  body_sha256: string;
  completed: boolean;
  answer: (StoredAnswer & { readonly erased?: true }) | null;
};

export async function findKey(tx: Tx, request: IdempotentRequest): Promise<RememberedRequest<StoredAnswer> | null> {
  const { rows } = await tx.query<RememberedRow>(
    `SELECT body_sha256, completed_at IS NOT NULL AS completed, answer FROM idempotency_keys WHERE ${SAME_REQUEST}`,
    identity(request),
  );
  const [row] = rows;
  if (!row) return null;
  const { body_sha256: bodySha256, completed, answer } = row;
  return { bodySha256, completed, answer, isErased: answer?.erased === true };
}

/** Only whoever still holds the lease; false when another execution took over. */
export async function completeKey(
  tx: Tx,
  request: IdempotentRequest,
  lease: string,
  answer: StoredAnswer | null,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE idempotency_keys SET completed_at = clock_timestamp(), answer = $7, lease = NULL
     WHERE ${SAME_REQUEST} AND lease = $6`,
    [...identity(request), lease, answer],
  );
  return rowCount > 0;
}

/** The row stays, and with it the seed. */
export async function releaseKey(tx: Tx, request: IdempotentRequest, lease: string): Promise<void> {
  await tx.query(`UPDATE idempotency_keys SET lease = NULL WHERE ${SAME_REQUEST} AND lease = $6`, [
    ...identity(request),
    lease,
  ]);
}

/** Reads as an answer without a word, also where another release of the service looks at it. */
const ERASED: StoredAnswer & { readonly erased: true } = { status: 409, headers: {}, body: '', erased: true };

/**
 * Takes out the answers that name one of the objects, and those that a person was given; the requests stay executed.
 *
 * @param ids of intents or users: nothing else is safe within a pattern
 */
export async function forgetAnswers(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
  userId: string | null,
): Promise<void> {
  await tx.query(
    `UPDATE idempotency_keys SET answer = $4
     WHERE organization_id = $1 AND answer IS NOT NULL AND (principal = $3 OR answer ->> 'body' ~ $2)`,
    [organizationId, ids.join('|'), userId, ERASED],
  );
}

/** Deletes at most `limit` rows that are past their time; resolves to how many. */
export async function pruneKeys(tx: Tx, limit: number): Promise<number> {
  const { rowCount } = await tx.query(
    `DELETE FROM idempotency_keys WHERE ctid = ANY(ARRAY(
       SELECT ctid FROM idempotency_keys WHERE expires_at < clock_timestamp() LIMIT $1 FOR UPDATE SKIP LOCKED))`,
    [limit],
  );
  return rowCount;
}
