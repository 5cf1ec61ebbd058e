import type { Event } from '@aegis/contracts/events/envelope';
import { DEFAULT_APPROVAL_TERMS } from '@aegis/contracts/policy-rules';
import type { Assignee } from './approval-request.ts';

type Decided = Event<'intent.decided'>;

/** A request to be opened; the database gives it its times. */
export interface NewRequest {
  readonly organizationId: string;
  readonly intentId: string;
  readonly agentId: string;
  readonly assignees: readonly Assignee[];
  readonly quorum: number;
  readonly expiresInMinutes: number;
  readonly parties: readonly string[];
  readonly money: Decided['data']['money'];
  /** What the people who answer are shown. */
  readonly decision: Pick<Decided['data'], 'matchedPolicy' | 'risk' | 'reasons' | 'context'>;
  /** Id of the decision's event, and the trace it belongs to. */
  readonly causationId: string;
  readonly traceparent: string | null;
}

/** An intent that is decided for good. */
export interface SettledIntent {
  readonly organizationId: string;
  readonly intentId: string;
}

/** What a batch of decisions asks for: requests to open, and intents of which no request may stay open. */
export interface Plan {
  readonly open: readonly NewRequest[];
  readonly settled: readonly SettledIntent[];
}

/** Decisions of one intent stand in their order. Where its last word is final, nobody is asked any more. */
export function planRequests(decisions: readonly Decided[]): Plan {
  const last = new Map(decisions.map((event) => [`${event.organizationId} ${event.data.intentId}`, event]));
  const open: NewRequest[] = [];
  const settled: SettledIntent[] = [];
  for (const event of last.values()) {
    const { organizationId, data } = event;
    if (data.final) settled.push({ organizationId, intentId: data.intentId });
    else open.push(newRequest(event));
  }
  return { open, settled };
}

function newRequest({ id, organizationId, traceparent, data }: Decided): NewRequest {
  const terms = data.approvalTerms ?? DEFAULT_APPROVAL_TERMS;
  const { submitterId, agentOwnerId, keyCreatorId } = data.parties;
  const { matchedPolicy, risk, reasons, context } = data;
  return {
    organizationId,
    intentId: data.intentId,
    agentId: data.agentId,
    assignees: terms.assignees,
    quorum: terms.quorum,
    expiresInMinutes: terms.expiresInMinutes,
    parties: [...new Set([submitterId, agentOwnerId, keyCreatorId].filter((party) => party !== null))],
    money: data.money,
    decision: { matchedPolicy, risk, reasons, context },
    causationId: id,
    traceparent,
  };
}
