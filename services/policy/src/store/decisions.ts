import { EVENTS } from '@aegis/contracts/events/catalog';
import type { Tx } from '@aegis/postgres/transaction';
import type { Answer, Recount, Resolution, Settlement } from '../domain/batch.ts';
import { caseless } from '../domain/caseless.ts';
import { countedOf } from '../domain/counted.ts';
import type { DecidedIntent, ResolvedApproval } from '../domain/intent.ts';
import { claimOf } from '../domain/ledger.ts';
import type { Counted } from '../domain/settlement.ts';

export interface IntentKey {
  readonly organizationId: string;
  readonly intentId: string;
}

/** What is on record about an intent: a decision (`pending` while people are asked), an early resolution, or both. */
export interface IntentRecord extends IntentKey {
  readonly decision: {
    readonly pending: DecidedIntent | null;
    readonly merchantKey: string | null;
    /** What a final decision counts for; null for one that is pending or denied. */
    readonly counted: Counted | null;
  } | null;
  readonly early: Resolution | null;
  /** Its payment was told of before it was decided for good. */
  readonly settledEarly: boolean;
}

interface IntentRow {
  readonly organization_id: string;
  readonly intent_id: string;
  readonly agent_id: string;
  readonly outcome: string | null;
  readonly pending: unknown;
  readonly merchant_key: string | null;
  readonly early_outcome: ResolvedApproval['outcome'] | null;
  readonly local_date: string;
  readonly category: string | null;
  readonly amount_base_minor: string | null;
  readonly spent_minor: string | null;
  readonly held_minor: string | null;
  readonly terms: Terms | null;
  readonly decided_agent_id: string;
  readonly settled: boolean | null;
  readonly approval_id: string;
  readonly event_id: string;
  readonly resolved_at: Date;
  readonly traceparent: string | null;
  readonly [column: string]: unknown;
}

/** How an intent is settled that is not simply its amount in the base currency, captured at once. */
interface Terms {
  readonly tolerancePercent: number | null;
  readonly exponent: number;
  readonly baseExponent: number;
  readonly fxRate: string | null;
  readonly inWallet: boolean;
}

const ORDINARY: Terms = { tolerancePercent: null, exponent: 0, baseExponent: 0, fxRate: null, inWallet: false };

const FIND = {
  name: 'decisions-find',
  text: `SELECT i.organization_id, i.intent_id, i.agent_id, d.outcome, d.pending, d.merchant_key,
                d.agent_id AS decided_agent_id, d.local_date, d.category, d.amount_base_minor, d.spent_minor,
                d.held_minor, d.terms,
                e.outcome AS early_outcome, e.settled, e.approval_id, e.event_id, e.resolved_at, e.traceparent
         FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS i (organization_id, intent_id, agent_id)
         LEFT JOIN LATERAL (
           SELECT outcome, pending, merchant_key, agent_id, local_date, category, amount_base_minor, spent_minor,
                  held_minor, terms
           FROM decisions
           WHERE organization_id = i.organization_id AND intent_id = i.intent_id LIMIT 1
         ) AS d ON true
         LEFT JOIN LATERAL (
           SELECT outcome, settled, approval_id, event_id, resolved_at, traceparent FROM early_resolutions
           WHERE organization_id = i.organization_id AND intent_id = i.intent_id LIMIT 1
         ) AS e ON true
         WHERE d.outcome IS NOT NULL OR e.settled IS NOT NULL`,
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
            counted: row.pending === null ? countedIn(row) : null,
          },
    settledEarly: row.settled === true,
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

function countedIn(row: IntentRow): Counted | null {
  if (row.amount_base_minor === null || row.spent_minor === null || row.held_minor === null) return null;
  const { tolerancePercent, ...terms } = row.terms ?? ORDINARY;
  const claim = claimOf(BigInt(row.amount_base_minor), tolerancePercent);
  if (!claim) return null;
  return {
    agentId: row.decided_agent_id,
    date: row.local_date,
    merchantCategory: row.category,
    claim,
    ...terms,
    charge: { spent: BigInt(row.spent_minor), held: BigInt(row.held_minor) },
  };
}

/** The columns that say what a decision counts for. */
function countedColumns(decisions: readonly Answer[]): unknown[] {
  const counted = decisions.map(({ data }) => countedOf(data));
  return [
    counted.map((one) => one?.claim.amountBase ?? null),
    counted.map((one) => one?.charge.spent ?? null),
    counted.map((one) => one?.charge.held ?? null),
    decisions.map(({ data }, index) => termsJson(data, counted[index] ?? null)),
  ];
}

function termsJson({ context }: DecidedIntent, counted: Counted | null): string | null {
  if (!counted) return null;
  const { exponent, baseExponent, fxRate, inWallet } = counted;
  const tolerancePercent = context.settlement?.tolerancePercent ?? null;
  if (tolerancePercent === null && fxRate === null && !inWallet) return null;
  return JSON.stringify({ tolerancePercent, exponent, baseExponent, fxRate, inWallet } satisfies Terms);
}

const INSERT = {
  name: 'decisions-insert',
  text: `INSERT INTO decisions (organization_id, intent_id, agent_id, decision_id, outcome, local_date,
                                policy_set_version, decided_at, approval_id, pending, merchant_key, category,
                                amount_base_minor, spent_minor, held_minor, terms)
         SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::date[],
                              $7::integer[], $8::timestamptz[], $9::text[], $10::json[], $11::uuid[], $12::text[],
                              $13::numeric[], $14::numeric[], $15::numeric[], $16::json[])
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
    decisions.map(({ data }) => caseless(data.merchantCategory) ?? null),
    ...countedColumns(decisions),
  ]);
  if (rowCount !== decisions.length) throw new ConcurrentDecisionError('an intent was decided elsewhere meanwhile');
}

const FINISH = {
  name: 'decisions-finish',
  text: `UPDATE decisions d
         SET outcome = n.outcome, decided_at = n.decided_at, approval_id = n.approval_id, pending = NULL,
             amount_base_minor = n.amount_base, spent_minor = n.spent, held_minor = n.held, terms = n.terms
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::numeric[], $7::numeric[],
                     $8::numeric[], $9::json[])
           AS n (organization_id, intent_id, outcome, decided_at, approval_id, amount_base, spent, held, terms)
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
    ...countedColumns(decisions),
  ]);
}

const RECOUNT = {
  name: 'decisions-recount',
  text: `UPDATE decisions d SET spent_minor = n.spent, held_minor = n.held
         FROM unnest($1::uuid[], $2::text[], $3::numeric[], $4::numeric[]) AS n (organization_id, intent_id, spent, held)
         WHERE d.organization_id = n.organization_id AND d.intent_id = n.intent_id`,
};

/** Writes what intents count for after their settlement. */
export async function recountDecisions(tx: Tx, recounts: readonly Recount[]): Promise<void> {
  if (recounts.length === 0) return;
  await tx.query(RECOUNT, [
    recounts.map((recount) => recount.organizationId),
    recounts.map((recount) => recount.intentId),
    recounts.map((recount) => recount.charge.spent),
    recounts.map((recount) => recount.charge.held),
  ]);
}

const KEEP_EARLY = {
  name: 'early-resolutions-keep',
  text: `INSERT INTO early_resolutions (organization_id, intent_id, approval_id, outcome, event_id, traceparent,
                                        resolved_at, received_at)
         SELECT *, clock_timestamp()
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
         ON CONFLICT (organization_id, intent_id) DO UPDATE
         SET approval_id = excluded.approval_id, outcome = excluded.outcome, event_id = excluded.event_id,
             traceparent = excluded.traceparent, resolved_at = excluded.resolved_at
         WHERE early_resolutions.outcome IS NULL`,
};

const MARK_SETTLED = {
  name: 'early-resolutions-settled',
  text: `INSERT INTO early_resolutions (organization_id, intent_id, event_id, received_at, settled)
         SELECT DISTINCT ON (1, 2) *, clock_timestamp(), true FROM unnest($1::uuid[], $2::text[], $3::text[])
         ON CONFLICT (organization_id, intent_id) DO UPDATE SET settled = true`,
};

/** Remembers of intents without a final decision that their payment was told of. */
export async function markSettledEarly(tx: Tx, settlements: readonly Settlement[]): Promise<void> {
  if (settlements.length === 0) return;
  await tx.query(MARK_SETTLED, [
    settlements.map((settlement) => settlement.organizationId),
    settlements.map((settlement) => settlement.intentId),
    settlements.map((settlement) => settlement.eventId),
  ]);
}

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
