import type { Row } from '@aegis/postgres/transaction';
import type { Approval, ApprovalStatus, Assignee, Decision } from '../domain/approval-request.ts';

export interface ApprovalRow extends Row {
  readonly id: string;
  readonly organization_id: string;
  readonly intent_id: string;
  readonly agent_id: string;
  readonly status: ApprovalStatus;
  readonly assignees: string[];
  readonly quorum: number;
  readonly parties: string[];
  readonly amount_minor: string;
  readonly currency: string;
  readonly exponent: number;
  readonly decision_json: string;
  readonly requested_at: Date;
  readonly expires_at: Date;
  readonly resolved_at: Date | null;
  readonly votes: { responderId: string; decision: Decision; note: string | null; respondedAt: string }[];
}

/** Select list of an `ApprovalRow`; the request's table goes by the name `r`. */
export const APPROVAL_COLUMNS = `
  r.id, r.organization_id, r.intent_id, r.agent_id, r.status, r.assignees, r.quorum, r.parties,
  r.amount_minor, r.currency, r.exponent, r.decision::text AS decision_json, r.requested_at, r.expires_at, r.resolved_at,
  (SELECT coalesce(json_agg(json_build_object('responderId', v.responder_id, 'decision', v.decision, 'note', v.note,
                                              'respondedAt', v.responded_at) ORDER BY v.responded_at, v.responder_id), '[]')
   FROM approval_responses v WHERE v.organization_id = r.organization_id AND v.approval_id = r.id) AS votes`;

export function approvalOf(row: ApprovalRow): Approval {
  return {
    id: row.id,
    organizationId: row.organization_id,
    intentId: row.intent_id,
    agentId: row.agent_id,
    status: row.status,
    assignees: row.assignees.map(assigneeOf),
    quorum: row.quorum,
    parties: row.parties,
    votes: row.votes.map(({ respondedAt, ...vote }) => ({ ...vote, respondedAt: new Date(respondedAt) })),
    money: { amountMinor: row.amount_minor, currency: row.currency, exponent: row.exponent },
    decisionJson: row.decision_json,
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    resolvedAt: row.resolved_at,
  };
}

const ROLE = 'role:';
const USER = 'user:';

/** The form in which an assignee is stored and looked up. */
export function assigneeKey(assignee: Assignee): string {
  return 'role' in assignee ? ROLE + assignee.role : USER + assignee.userId.toLowerCase();
}

function assigneeOf(key: string): Assignee {
  return key.startsWith(ROLE) ? { role: key.slice(ROLE.length) } : { userId: key.slice(USER.length) };
}
