import specs from '@asyncapi/specs';
import { serviceActor } from '@aegis/contracts/actor';
import { EVENTS } from '@aegis/contracts/events/catalog';
import { createEvent, encodeEvent } from '@aegis/contracts/events/envelope';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument } from '../../../../scripts/generate-asyncapi.ts';

const document = asyncApiDocument();

function at(pointer: string): unknown {
  let node: unknown = document;
  for (const key of pointer.slice('#/'.length).split('/')) node = (node as Record<string, unknown>)[key];
  return node;
}

describe('the AsyncAPI document', () => {
  it('is valid AsyncAPI 3.0', () => {
    const validate = new Ajv({ meta: false, strict: false, validateFormats: false }).compile(specs.schemas['3.0.0']);
    validate(document);
    expect(validate.errors).toBeNull();
  });

  it('has nothing behind its references missing', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(Object.keys(EVENTS).length);
    expect(references.filter((reference) => at(reference) === undefined)).toEqual([]);
  });

  it('puts every event type into exactly one channel, that of its topic', () => {
    const channels = Object.values(at('#/channels') as Record<string, { address: string; messages: object }>);
    for (const [type, { topic }] of Object.entries(EVENTS)) {
      const holding = channels.filter(({ messages }) => type in messages).map(({ address }) => address);
      expect(holding).toEqual([topic]);
    }
  });

  it('marks what is personal', () => {
    expect(at('#/components/messages/intent.submitted/x-personal')).toEqual(['reason', 'merchant', 'metadata']);
    expect(at('#/components/schemas/intent.submitted/properties/reason')).toMatchObject({ 'x-personal': true });
  });

  it('names the headers that events carry, and requires those they always carry', () => {
    const actor = serviceActor('gateway');
    const data = { permission: 'intents:read', method: 'GET', path: '/v1/intents' };
    const base = { source: 'gateway', type: 'auth.forbidden', subject: 'x', organizationId: 'o', actor, data } as const;
    const event = { ...base, time: new Date() };
    const least = encodeEvent(createEvent(event));
    const most = encodeEvent(createEvent({ ...event, causationId: 'evt_1', traceparent: '00-1-2-01' }));
    const headers = at('#/components/messageTraits/cloudEvent/headers') as { required: string[]; properties: object };
    expect(headers.required.toSorted()).toEqual(Object.keys(least.headers).toSorted());
    expect(Object.keys(headers.properties).toSorted()).toEqual(Object.keys(most.headers).toSorted());
  });
});
