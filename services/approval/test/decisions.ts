import { randomUUID } from 'node:crypto';
import { serviceActor } from '@aegis/contracts/actor';
import type { EventData } from '@aegis/contracts/events/catalog';
import { type Event, createEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';

export interface DecisionOptions {
  readonly organizationId?: string;
  readonly intentId?: string;
  readonly agentId?: string;
  readonly outcome?: EventData<'intent.decided'>['outcome'];
  readonly terms?: Partial<NonNullable<EventData<'intent.decided'>['approvalTerms']>>;
  readonly parties?: Partial<EventData<'intent.decided'>['parties']>;
}

/** A decision as policy emits it, by default one that asks finance. */
export function decision(options: DecisionOptions = {}): Event<'intent.decided'> {
  const {
    organizationId = randomUUID(),
    intentId = newId('int'),
    agentId = randomUUID(),
    outcome = 'pending_approval',
  } = options;
  const final = outcome !== 'pending_approval';
  const at = new Date().toISOString();
  return createEvent({
    source: 'policy',
    type: 'intent.decided',
    time: new Date(at),
    subject: intentId,
    organizationId,
    actor: serviceActor('policy'),
    data: {
      intentId,
      decisionId: newId('dec'),
      agentId,
      money: { amountMinor: '500000', currency: 'INR', exponent: 2 },
      merchantCategory: null,
      intentCreatedAt: at,
      decidedAt: at,
      final,
      outcome,
      policyDecision: 'require_approval',
      matchedPolicy: { kind: 'policy', id: newId('pol'), version: 1, name: 'Ask finance' },
      policySet: { version: 1, hash: '0'.repeat(64) },
      guards: [],
      reasons: ['amount is at least 5000'],
      risk: { score: '0.12', model: 'test', factors: [] },
      context: CONTEXT,
      approvalTerms: final
        ? null
        : { assignees: [{ role: 'finance' }], quorum: 1, expiresInMinutes: 60, ...options.terms },
      parties: { submitterId: randomUUID(), agentOwnerId: null, keyCreatorId: null, ...options.parties },
      approvalId: null,
    },
  });
}

const CONTEXT: EventData<'intent.decided'>['context'] = {
  baseCurrency: 'INR',
  baseExponent: 2,
  amountBaseMinor: '500000',
  fxRate: null,
  timeZone: 'UTC',
  date: '2026-03-05',
  dayOfWeek: 'thursday',
  hourOfDay: 10,
  dayOfMonth: 5,
  agentName: 'buyer',
  agentStatus: 'active',
  agentRiskLevel: 'medium',
  dailyLimitMinor: null,
  dailySpentMinor: '0',
  dailyHeldMinor: '0',
  monthlyLimitMinor: null,
  monthlySpentMinor: '0',
  monthlyHeldMinor: '0',
  historyCount: 0,
  historyMeanMinor: null,
};
