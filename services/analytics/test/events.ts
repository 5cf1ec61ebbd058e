import { type Actor, serviceActor } from '@aegis/contracts/actor';
import { type AnyEvent, createEvent } from '@aegis/contracts/events/envelope';
import type { EventData } from '@aegis/contracts/events/catalog';
import type { Money } from '@aegis/contracts/money';

/** An intent as the tests describe it, from which its events are made. */
export interface TestIntent {
  readonly organizationId: string;
  readonly intentId: string;
  readonly agentId: string;
  readonly money: Money;
  /** What a decision converts the amount to; null without an exchange rate. */
  readonly amountBaseMinor: bigint | null;
  readonly baseCurrency: string;
  readonly createdAt: Date;
}

const agent: Actor = { type: 'agent', id: 'agent', role: null, authMethod: 'api_key' };

export function submitted(intent: TestIntent): AnyEvent {
  const { intentId, agentId, money, createdAt } = intent;
  return createEvent({
    source: 'gateway',
    type: 'intent.submitted',
    time: createdAt,
    subject: intentId,
    organizationId: intent.organizationId,
    actor: agent,
    data: {
      intentId,
      agentId,
      money,
      confidence: '1',
      reason: 'cloud credits',
      merchant: null,
      merchantCategory: null,
      metadata: null,
      submitter: agent,
      keyCreatorId: null,
      createdAt: createdAt.toISOString(),
    },
  }) as AnyEvent;
}

export function decided(intent: TestIntent, outcome: EventData<'intent.decided'>['outcome']): AnyEvent {
  const { intentId, agentId, money, createdAt } = intent;
  const final = outcome !== 'pending_approval';
  return createEvent({
    source: 'policy',
    type: 'intent.decided',
    time: createdAt,
    subject: intentId,
    organizationId: intent.organizationId,
    actor: serviceActor('policy'),
    data: {
      intentId,
      decisionId: intentId.replace('int_', 'dec_'),
      agentId,
      money,
      merchantCategory: null,
      intentCreatedAt: createdAt.toISOString(),
      decidedAt: createdAt.toISOString(),
      final,
      outcome,
      policyDecision: outcome === 'denied' ? 'deny' : final ? 'allow' : 'require_approval',
      matchedPolicy: { kind: 'default', id: null, version: null, name: 'Default Allow' },
      policySet: { version: 1, hash: '0'.repeat(64) },
      guards: [],
      reasons: [],
      risk: { score: '0', model: 'test', factors: [] },
      context: {
        ...CONTEXT,
        baseCurrency: intent.baseCurrency,
        amountBaseMinor: intent.amountBaseMinor?.toString() ?? null,
      },
      approvalTerms: null,
      parties: { submitterId: agent.id, agentOwnerId: null, keyCreatorId: null },
      approvalId: null,
    },
  }) as AnyEvent;
}

const CONTEXT = {
  baseExponent: 2,
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
} as const;

export interface TestResolution {
  readonly organizationId: string;
  readonly approvalId: string;
  readonly outcome: 'approved' | 'rejected' | 'expired';
  readonly requestedAt: Date;
  readonly resolvedAt: Date;
}

export function resolved(resolution: TestResolution): AnyEvent {
  const { organizationId, approvalId, outcome, requestedAt, resolvedAt } = resolution;
  return createEvent({
    source: 'approval',
    type: 'approval.resolved',
    time: resolvedAt,
    subject: approvalId,
    organizationId,
    actor: serviceActor('approval'),
    data: {
      approvalId,
      intentId: approvalId.replace('apr_', 'int_'),
      agentId: organizationId,
      outcome,
      responderIds: [],
      requestedAt: requestedAt.toISOString(),
      resolvedAt: resolvedAt.toISOString(),
    },
  }) as AnyEvent;
}

export function organizationSet(organizationId: string, baseCurrency: string, at: Date): AnyEvent {
  return createEvent({
    source: 'policy',
    type: 'organization.updated',
    time: at,
    subject: organizationId,
    organizationId,
    actor: serviceActor('policy'),
    data: { organizationId, name: 'Acme', baseCurrency, timeZone: 'UTC' },
  }) as AnyEvent;
}
