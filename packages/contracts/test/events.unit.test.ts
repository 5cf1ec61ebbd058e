import { describe, expect, it } from 'vitest';
import { serviceActor } from '../src/actor.ts';
import { EVENTS, isEventType } from '../src/events/catalog.ts';
import { createEvent, decodeEvent, encodeEvent, UnreadableEventError } from '../src/events/envelope.ts';
import { personalFields } from '../src/events/personal.ts';
import { newId } from '../src/ids.ts';

const agentId = '0193f2c3-a1b2-7c4d-8e5f-60718293a4b5';

function submitted() {
  return createEvent({
    source: 'gateway',
    type: 'intent.submitted',
    time: new Date('2026-03-05T10:00:00.000Z'),
    subject: newId('int'),
    organizationId: '0193f2c3-0000-7000-8000-000000000001',
    actor: serviceActor('gateway'),
    data: {
      intentId: newId('int'),
      agentId,
      money: { amountMinor: '500000', currency: 'INR', exponent: 2 },
      confidence: '1',
      reason: 'Cloud credits',
      merchant: 'aws.amazon.com',
      merchantCategory: 'cloud',
      metadata: { ticket: 'OPS-1' },
      submitter: serviceActor('gateway'),
      keyCreatorId: null,
      createdAt: '2026-03-05T10:00:00.000Z',
    },
  });
}

describe('events', () => {
  it('come back from the broker as they were sent', () => {
    const event = submitted();
    expect(decodeEvent(encodeEvent(event))).toEqual(event);
  });

  it('of an agent are keyed by the agent, so that they keep their order', () => {
    expect(encodeEvent(submitted()).key).toBe(agentId);
  });

  it('of an unknown type decode to null, so that older readers pass them by', () => {
    const message = encodeEvent(submitted());
    const renamed = { ...message, headers: { ...message.headers, ce_type: 'intent.teleported' } };
    expect(decodeEvent(renamed)).toBeNull();
    expect(isEventType('toString')).toBe(false);
  });

  it.each([
    ['a missing attribute', { headers: {}, value: '{}' }],
    ['text that is not JSON', { headers: encodeEvent(submitted()).headers, value: '{' }],
    ['data of another shape', { headers: encodeEvent(submitted()).headers, value: '{"intentId":5}' }],
  ])('with %s are unreadable', (_, message) => {
    expect(() => decodeEvent(message)).toThrow(UnreadableEventError);
  });

  it('name their personal fields, so that none enters the log in clear', () => {
    expect(personalFields(EVENTS['intent.submitted'].data)).toEqual(['reason', 'merchant', 'metadata']);
    expect(personalFields(EVENTS['approval.responded'].data)).toEqual(['note']);
    expect(personalFields(EVENTS['intent.decided'].data)).toEqual([]);
  });
});
