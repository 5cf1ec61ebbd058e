import { randomBytes, randomUUID } from 'node:crypto';
import type { Delivery } from '@aegis/bus/port';
import { createEvent, type EncodedEvent, encodeEvent, type NewEvent } from '@aegis/contracts/events/envelope';
import type { EventType } from '@aegis/contracts/events/catalog';
import type { Actor } from '@aegis/contracts/actor';
import { newId } from '@aegis/contracts/ids';
import { money } from '@aegis/contracts/money';
import { SALT_BYTES } from '@aegis/verify/format/disclosure';
import type { NextSalt } from '../src/domain/entry.ts';

export const freshSalt: NextSalt = () => randomBytes(SALT_BYTES);

const TIME = new Date('2026-03-05T10:00:00.000Z');
export const AGENT_ACTOR: Actor = { type: 'agent', id: randomUUID(), role: null, authMethod: 'api_key' };
export const AUDITOR: Actor = { type: 'human', id: randomUUID(), role: 'auditor', authMethod: 'jwt' };

type Overrides<T extends EventType> = Partial<Omit<NewEvent<T>, 'type'>>;

interface IntentOptions {
  readonly organizationId: string;
  readonly agentId?: string;
  readonly intentId?: ReturnType<typeof newId<'int'>>;
  readonly reason?: string;
  readonly merchant?: string | null;
  readonly metadata?: Record<string, unknown> | null;
}

/** `intent.submitted` as the gateway publishes it. */
export function submitted(options: IntentOptions, overrides: Overrides<'intent.submitted'> = {}): EncodedEvent {
  const { organizationId, agentId = AGENT_ACTOR.id, intentId = newId('int') } = options;
  return encodeEvent(
    createEvent({
      source: 'gateway',
      type: 'intent.submitted',
      time: TIME,
      subject: intentId,
      organizationId,
      actor: AGENT_ACTOR,
      data: {
        intentId,
        agentId,
        money: money(500_000n, 'INR', 2),
        confidence: '0.95',
        reason: options.reason ?? 'GPU hours for the nightly training run',
        merchant: options.merchant === undefined ? 'cloud.example.com' : options.merchant,
        merchantCategory: '7372',
        metadata: options.metadata === undefined ? { job: 'train-17', project: 'vision' } : options.metadata,
        submitter: AGENT_ACTOR,
        keyCreatorId: randomUUID(),
        createdAt: TIME.toISOString(),
      },
      ...overrides,
    }),
  );
}

/** `intent.decided`, final and approved, as policy publishes it. */
export function decided(options: IntentOptions, overrides: Overrides<'intent.decided'> = {}): EncodedEvent {
  const { organizationId, agentId = AGENT_ACTOR.id, intentId = newId('int') } = options;
  return encodeEvent(
    createEvent({
      source: 'policy',
      type: 'intent.decided',
      time: TIME,
      subject: intentId,
      organizationId,
      actor: { type: 'service', id: 'policy', role: null, authMethod: 'internal' },
      causationId: newId('evt'),
      data: {
        intentId,
        decisionId: newId('dec'),
        agentId,
        money: money(500_000n, 'INR', 2),
        merchantCategory: '7372',
        intentCreatedAt: TIME.toISOString(),
        decidedAt: TIME.toISOString(),
        final: true,
        outcome: 'approved',
        policyDecision: 'allow',
        matchedPolicy: {
          kind: 'policy',
          id: newId('pol'),
          version: 3,
          name: 'Small cloud bills',
          sha256: 'c'.repeat(64),
        },
        policySet: { version: 12, hash: 'a'.repeat(64) },
        guards: [],
        reasons: ['amount below the limit'],
        risk: {
          score: '0.12',
          model: 'aegis-risk/1',
          factors: [{ name: 'amount_ratio', contribution: '0.12', detail: '1.2 times the mean' }],
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
          agentName: 'Trainer',
          agentStatus: 'active',
          agentRiskLevel: 'medium',
          dailyLimitMinor: '10000000',
          dailySpentMinor: '1250000',
          dailyHeldMinor: '0',
          monthlyLimitMinor: null,
          monthlySpentMinor: '9250000',
          monthlyHeldMinor: '0',
          historyCount: 42,
          historyMeanMinor: '420000',
        },
        approvalTerms: null,
        parties: { submitterId: agentId, agentOwnerId: randomUUID(), keyCreatorId: randomUUID() },
        approvalId: null,
      },
      ...overrides,
    }),
  );
}

/** `approval.responded` with a note. */
export function responded(options: IntentOptions & { note?: string | null }): EncodedEvent {
  const { organizationId, agentId = AGENT_ACTOR.id, intentId = newId('int') } = options;
  const approvalId = newId('apr');
  return encodeEvent(
    createEvent({
      source: 'approval',
      type: 'approval.responded',
      time: TIME,
      subject: approvalId,
      organizationId,
      actor: { type: 'human', id: randomUUID(), role: 'finance', authMethod: 'jwt' },
      data: {
        approvalId,
        intentId,
        agentId,
        decision: 'approve',
        note: options.note === undefined ? 'fine by me' : options.note,
        responderId: randomUUID(),
        respondedAt: TIME.toISOString(),
      },
    }),
  );
}

/** The message as a consumer meets it. */
export function delivered(message: EncodedEvent, place: { partition?: number; offset?: bigint } = {}): Delivery {
  return { ...message, partition: place.partition ?? 0, offset: place.offset ?? 0n };
}
