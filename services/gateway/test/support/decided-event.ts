import { serviceActor } from '@aegis/contracts/actor';
import type { EventData } from '@aegis/contracts/events/catalog';
import { createEvent, encodeEvent, type EncodedEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';

export interface DecisionOf {
  readonly organizationId: string;
  readonly agentId: string;
  readonly intentId: string;
  readonly outcome: 'approved' | 'denied' | 'pending_approval';
  /** Default: whatever the outcome implies. */
  readonly policyDecision?: 'allow' | 'deny' | 'require_approval';
  readonly policyName?: string;
}

const DECISIONS = { approved: 'allow', denied: 'deny', pending_approval: 'require_approval' } as const;

/** What policy would publish. */
export function decidedEvent(decision: DecisionOf): EncodedEvent {
  const data = decidedData(decision);
  return encodeEvent(
    createEvent({
      source: 'policy',
      type: 'intent.decided',
      time: new Date(data.decidedAt),
      subject: decision.intentId,
      organizationId: decision.organizationId,
      actor: serviceActor('policy'),
      data,
    }),
  );
}

export function decidedData({ intentId, agentId, outcome, ...rest }: DecisionOf): EventData<'intent.decided'> {
  return {
    intentId,
    decisionId: newId('dec'),
    agentId,
    money: { amountMinor: '500000', currency: 'INR', exponent: 2 },
    merchantCategory: null,
    intentCreatedAt: '2026-03-05T10:00:00.000Z',
    decidedAt: '2026-03-05T10:00:01.000Z',
    final: outcome !== 'pending_approval',
    outcome,
    policyDecision: rest.policyDecision ?? DECISIONS[outcome],
    matchedPolicy: { kind: 'policy', id: newId('pol'), version: 3, name: rest.policyName ?? 'Large spend' },
    policySet: { version: 7, hash: 'c'.repeat(64) },
    guards: [],
    reasons: ['the policy "Large spend" matches'],
    risk: {
      score: '0.12',
      model: 'aegis-risk/1',
      factors: [{ name: 'new_merchant', contribution: '0.12', detail: 'first time' }],
    },
    context: {
      baseCurrency: 'INR',
      baseExponent: 2,
      amountBaseMinor: '500000',
      fxRate: null,
      timeZone: 'Asia/Kolkata',
      date: '2026-03-05',
      dayOfWeek: 'thursday',
      hourOfDay: 15,
      dayOfMonth: 5,
      agentName: 'Procurement',
      agentStatus: 'active',
      agentRiskLevel: 'medium',
      dailyLimitMinor: '2000000',
      dailySpentMinor: '100000',
      dailyHeldMinor: '0',
      monthlyLimitMinor: null,
      monthlySpentMinor: '100000',
      monthlyHeldMinor: '0',
      historyCount: 3,
      historyMeanMinor: '400000',
    },
    approvalTerms: null,
    parties: { submitterId: agentId, agentOwnerId: null, keyCreatorId: null },
    approvalId: null,
  };
}
