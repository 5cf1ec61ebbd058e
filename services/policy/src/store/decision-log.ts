import { textArray } from '@aegis/postgres/binary-array';
import type { Tx } from '@aegis/postgres/transaction';
import type { Answer } from '../domain/batch.ts';
import {
  type DecisionInput,
  type DecisionRecord,
  ERASED,
  type Impersonal,
  type Personal,
  type RecordedInput,
  splitPersonal,
} from '../domain/decision-record.ts';
import type { DecidedIntent } from '../domain/intent.ts';

// Sorted, so that places are given in the order of the batch.
const APPEND = {
  name: 'decision-log-append',
  text: `INSERT INTO decision_log (organization_id, intent_id, agent_id, created_at, submission, personal, resolution,
                                   decided)
         SELECT organization_id, intent_id, agent_id, created_at, nullif(submission, '')::json,
                nullif(personal, '')::json, nullif(resolution, '')::json, decided::json
         FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[])
           WITH ORDINALITY AS n (organization_id, intent_id, agent_id, created_at, submission, personal, resolution,
                                 decided, place)
         ORDER BY place`,
};

/**
 * Appends decisions in the order of deciding, with what they were made from. The caller holds all locks by now.
 *
 * @param decided JSON of each answer's data
 */
export async function appendDecisionLog(tx: Tx, answers: readonly Answer[], decided: readonly string[]): Promise<void> {
  if (answers.length === 0) return;
  const inputs = answers.map(({ input }) => inputColumns(input));
  await tx.query(APPEND, [
    answers.map(({ origin }) => origin.organizationId),
    answers.map(({ data }) => data.intentId),
    answers.map(({ data }) => data.agentId),
    answers.map(({ data }) => data.intentCreatedAt),
    textArray(inputs.map(({ submission }) => submission)),
    textArray(inputs.map(({ personal }) => personal)),
    textArray(inputs.map(({ resolution }) => resolution)),
    textArray(decided),
  ]);
}

/** JSON, or an empty text for none. */
interface InputColumns {
  readonly submission: string;
  readonly personal: string;
  readonly resolution: string;
}

function inputColumns(input: DecisionInput): InputColumns {
  if (input.kind === 'resolution') {
    const { outcome, resolvedAt, pending } = input;
    return { submission: '', personal: '', resolution: JSON.stringify({ outcome, resolvedAt, pending }) };
  }
  const { impersonal, personal } = splitPersonal(input.intent);
  return { submission: JSON.stringify(impersonal), personal: JSON.stringify(personal), resolution: '' };
}

/** Decisions about intents of a half-open range of creation times, of one agent where it is given. */
export interface DecisionRange {
  readonly from: Date | null;
  readonly to: Date | null;
  readonly agentId: string | null;
}

/** Where a range lies in the order of deciding, both ends included, and how many decisions it holds. */
export interface RangeExtent {
  readonly first: bigint;
  readonly last: bigint;
  readonly count: number;
}

const IN_RANGE = `organization_id = $1 AND created_at >= coalesce($2, '-infinity'::timestamptz)
                  AND created_at < coalesce($3, 'infinity'::timestamptz) AND ($4::uuid IS NULL OR agent_id = $4)`;

/** Null when the range holds nothing. */
export async function extentOf(tx: Tx, organizationId: string, range: DecisionRange): Promise<RangeExtent | null> {
  const { rows } = await tx.query<{ first: bigint | null; last: bigint | null; count: number }>(
    `SELECT min(seq) AS first, max(seq) AS last, count(*)::int AS count FROM decision_log WHERE ${IN_RANGE}`,
    [organizationId, range.from, range.to, range.agentId],
  );
  const [row] = rows;
  if (!row || row.first === null || row.last === null) return null;
  return { first: row.first, last: row.last, count: row.count };
}

/** How many decisions stand up to a place in the order of deciding. */
export async function countDecisions(tx: Tx, organizationId: string, last: bigint): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM decision_log WHERE organization_id = $1 AND seq <= $2',
    [organizationId, last],
  );
  return rows[0]?.count ?? 0;
}

interface LogRow {
  readonly seq: bigint;
  readonly submission: Impersonal | null;
  readonly personal: Personal | null;
  readonly resolution: Omit<Extract<RecordedInput, { kind: 'resolution' }>, 'kind'> | null;
  readonly decided: DecidedIntent;
  readonly [column: string]: unknown;
}

/** The next `limit` decisions of the range after a place, up to another, in the order of deciding. */
export async function readDecisionLog(
  tx: Tx,
  organizationId: string,
  range: DecisionRange,
  { after, last, limit }: { readonly after: bigint; readonly last: bigint; readonly limit: number },
): Promise<DecisionRecord[]> {
  const { rows } = await tx.query<LogRow>(
    `SELECT seq, submission, personal, resolution, decided FROM decision_log
     WHERE ${IN_RANGE} AND seq > $5 AND seq <= $6 ORDER BY seq LIMIT $7`,
    [organizationId, range.from, range.to, range.agentId, after, last, limit],
  );
  return rows.map(({ seq, decided, ...input }) => ({ seq, decided, input: inputOf(input) }));
}

function inputOf({ submission, personal, resolution }: Pick<LogRow, keyof InputColumns>): RecordedInput {
  if (resolution) return { kind: 'resolution', ...resolution };
  if (!submission) throw new Error('the decision log has a row without an input');
  return { kind: 'submission', intent: { ...submission, ...(personal ?? ERASED) }, erased: personal === null };
}

/** Takes the personal text of intents out of the log for good; knowing when they were created spares reading all of it. */
export async function erasePersonal(
  tx: Tx,
  organizationId: string,
  intentIds: readonly string[],
  created: { readonly from: string | null; readonly to: string | null } = { from: null, to: null },
): Promise<void> {
  await tx.query(
    `UPDATE decision_log SET personal = NULL WHERE organization_id = $1 AND intent_id = ANY ($2)
       AND created_at >= coalesce($3::timestamptz, '-infinity') AND created_at <= coalesce($4::timestamptz, 'infinity')`,
    [organizationId, intentIds, created.from, created.to],
  );
}
