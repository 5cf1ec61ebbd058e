import { EVENTS } from '@aegis/contracts/events/catalog';
import type { Tx } from '@aegis/postgres/transaction';
import type { Answer, Resolution } from '../domain/batch.ts';
import type { DecidedIntent, ResolvedApproval } from '../domain/intent.ts';

export interface IntentKey {
  readonly organizationId: string;
  readonly intentId: string;
}

/** What is on record about an intent: a decision (`pending` while people are asked), an early resolution, or both. */
export interface IntentRecord extends IntentKey {
  readonly decision: { readonly pending: DecidedIntent | null; readonly merchantKey: string | null } | null;
  readonly early: Resolution | null;
}

interface IntentRow {
  readonly organization_id: string;
  readonly intent_id: string;
  readonly agent_id: string;
  readonly outcome: string | null;
  readonly pending: unknown;
  readonly merchant_key: string | null;
  readonly early_outcome: ResolvedApproval['outcome'] | null;
  readonly approval_id: string;
  readonly event_id: string;
  readonly resolved_at: Date;
  readonly traceparent: string | null;
  readonly [column: string]: unknown;
}

const FIND = {
  name: 'decisions-find',
  text: `SELECT i.organization_id, i.intent_id, i.agent_id, d.outcome, d.pending, d.merchant_key,
                e.outcome AS early_outcome, e.approval_id, e.event_id, e.resolved_at, e.traceparent
         FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS i (organization_id, intent_id, agent_id)
         LEFT JOIN LATERAL (
           SELECT outcome, pending, merchant_key FROM decisions
           WHERE organization_id = i.organization_id AND intent_id = i.intent_id LIMIT 1
         ) AS d ON true
         LEFT JOIN LATERAL (
           SELECT outcome, approval_id, event_id, resolved_at, traceparent FROM early_resolutions
           WHERE organization_id = i.organization_id AND intent_id = i.intent_id LIMIT 1
         ) AS e ON true
         WHERE d.outcome IS NOT NULL OR e.outcome IS NOT NULL`,
};

/** Looks up intents; those nothing is known of are left out. */
export async function findIntents(
  tx: Tx,
  keys: readonly (IntentKey & { readonly agentId: string })[],
): Promise<IntentRecord[]> {
  const { rows } = await tx.query<IntentRow>(FIND, [
    keys.map((key) => key.organizationId),
    keys.map((key) => key.intentId),
    keys.map((key) => key.agentId),
  ]);
  return rows.map((row) => ({
    organizationId: row.organization_id,
    intentId: row.intent_id,
    decision:
      row.outcome === null
        ? null
        : {
            pending: row.pending === null ? null : EVENTS['intent.decided'].data.parse(row.pending),
            merchantKey: row.merchant_key,
          },
    early:
      row.early_outcome === null
        ? null
        : {
            organizationId: row.organization_id,
            intentId: row.intent_id,
            agentId: row.agent_id,
            approvalId: row.approval_id,
            outcome: row.early_outcome,
            resolvedAt: row.resolved_at.toISOString(),
            eventId: row.event_id,
            traceparent: row.traceparent,
          },
  }));
}

const INSERT = {
  name: 'decisions-insert',
  text: `INSERT INTO decisions (organization_id, intent_id, agent_id, decision_id, outcome, local_date,
                                policy_set_version, decided_at, approval_id, pending, merchant_key)
         SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::date[],
                              $7::integer[], $8::timestamptz[], $9::text[], $10::json[], $11::uuid[])
         ON CONFLICT (organization_id, intent_id) DO NOTHING`,
};

/** Another process decided one of these intents at the same moment; the batch must be read and decided again. */
export class ConcurrentDecisionError extends Error {
  override readonly name = 'ConcurrentDecisionError';
}

/**
 * Records first decisions. The lock of the agent keeps two processes apart; an agent without a row has no lock, which is
 * when the primary key decides.
 *
 * @throws ConcurrentDecisionError when one of them is on record after all
 */
export async function insertDecisions(tx: Tx, decisions: readonly Answer[]): Promise<void> {
  if (decisions.length === 0) return;
  const { rowCount } = await tx.query(INSERT, [
    decisions.map(({ origin }) => origin.organizationId),
    decisions.map(({ data }) => data.intentId),
    decisions.map(({ data }) => data.agentId),
    decisions.map(({ data }) => data.decisionId),
    decisions.map(({ data }) => data.outcome),
    decisions.map(({ data }) => data.context.date),
    decisions.map(({ data }) => data.policySet.version),
    decisions.map(({ data }) => data.decidedAt),
    decisions.map(({ data }) => data.approvalId),
    decisions.map(({ data }) => (data.final ? null : JSON.stringify(data))),
    decisions.map(({ data, merchantKey }) => (data.final ? null : merchantKey)),
  ]);
  if (rowCount !== decisions.length) throw new ConcurrentDecisionError('an intent was decided elsewhere meanwhile');
}

const FINISH = {
  name: 'decisions-finish',
  text: `UPDATE decisions d
         SET outcome = n.outcome, decided_at = n.decided_at, approval_id = n.approval_id, pending = NULL
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
           AS n (organization_id, intent_id, outcome, decided_at, approval_id)
         WHERE d.organization_id = n.organization_id AND d.intent_id = n.intent_id`,
};

/** Makes pending decisions final. */
export async function finishDecisions(tx: Tx, decisions: readonly Answer[]): Promise<void> {
  if (decisions.length === 0) return;
  await tx.query(FINISH, [
    decisions.map(({ origin }) => origin.organizationId),
    decisions.map(({ data }) => data.intentId),
    decisions.map(({ data }) => data.outcome),
    decisions.map(({ data }) => data.decidedAt),
    decisions.map(({ data }) => data.approvalId),
  ]);
}

const KEEP_EARLY = {
  name: 'early-resolutions-keep',
  text: `INSERT INTO early_resolutions (organization_id, intent_id, approval_id, outcome, event_id, traceparent,
                                        resolved_at, received_at)
         SELECT *, clock_timestamp()
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
         ON CONFLICT (organization_id, intent_id) DO NOTHING`,
};

/** Keeps answers of people until the decisions they belong to are made. */
export async function keepEarlyResolutions(tx: Tx, resolutions: readonly Resolution[]): Promise<void> {
  if (resolutions.length === 0) return;
  await tx.query(KEEP_EARLY, [
    resolutions.map((resolution) => resolution.organizationId),
    resolutions.map((resolution) => resolution.intentId),
    resolutions.map((resolution) => resolution.approvalId),
    resolutions.map((resolution) => resolution.outcome),
    resolutions.map((resolution) => resolution.eventId),
    resolutions.map((resolution) => resolution.traceparent),
    resolutions.map((resolution) => resolution.resolvedAt),
  ]);
}
