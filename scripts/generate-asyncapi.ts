import { DEAD_LETTER_TOPIC, PARTITIONS_PER_TOPIC } from '@aegis/bus/port';
import { actorSchema } from '@aegis/contracts/actor';
import { EVENTS, type EventType } from '@aegis/contracts/events/catalog';
import { personalFields } from '@aegis/contracts/events/personal';
import { TOPICS } from '@aegis/contracts/topics';
import { z } from 'zod';
import type { GenerateStep } from './generate-step.ts';

type Json = Record<string, unknown>;

const OUTPUT = 'docs/reference/asyncapi.json';
const RETENTION_MS = 7 * 24 * 3_600_000;
const TYPES = Object.keys(EVENTS) as EventType[];

const CHANNELS: Readonly<Record<keyof typeof TOPICS, { description: string; key: string }>> = {
  intents: { description: 'Intents as they are submitted.', key: 'agentId of the data' },
  decisions: { description: 'Decisions; the only events that move an intent.', key: 'agentId of the data' },
  approvals: { description: 'Requests that people answer, and their outcome.', key: 'agentId of the data' },
  registry: { description: 'Agents, policies, organisations, users, keys and log-ins.', key: 'ce_subject' },
};

const text = (description: string) => ({ type: 'string', description });

/** CloudEvents 1.0 in Kafka's binary content mode, as `encodeEvent` writes them. */
const CLOUD_EVENT_HEADERS = {
  type: 'object',
  required: [
    'ce_specversion',
    'ce_id',
    'ce_source',
    'ce_type',
    'ce_time',
    'ce_subject',
    'ce_dataschema',
    'ce_org',
    'ce_actor',
    'content-type',
  ],
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: text(
      'evt_ and 32 hexadecimal digits; equal for every delivery of one event, so consumers deduplicate by it.',
    ),
    ce_source: text('/aegis/<service>'),
    ce_type: text('The name of the message.'),
    ce_time: { type: 'string', format: 'date-time' },
    ce_subject: text('Id of the aggregate that changed.'),
    ce_dataschema: text('aegis:<type>:<version>'),
    ce_org: { type: 'string', format: 'uuid', description: 'Organisation that everything in the event belongs to.' },
    ce_actor: {
      type: 'string',
      contentMediaType: 'application/json',
      contentSchema: jsonSchema(actorSchema),
      description: 'Who caused it, as JSON.',
    },
    ce_causationid: text('Id of the event that caused this one.'),
    traceparent: text('W3C trace context.'),
    'content-type': { const: 'application/json' },
  },
};

/** Documents of the events, from the schemas that producers and consumers themselves use. */
export const asyncApiStep: GenerateStep = {
  name: 'AsyncAPI',
  outputs: () => Promise.resolve(new Map([[OUTPUT, `${JSON.stringify(asyncApiDocument(), null, 2)}\n`]])),
};

export function asyncApiDocument(): Json {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Aegis Comply events',
      version: '1',
      description:
        'At least once, in order per key. Handlers of different topics must commute: topics are not ordered against each ' +
        'other. Fields under x-personal hold personal or free text, which may be blanked later. Readers ignore types ' +
        'they do not know.',
    },
    defaultContentType: 'application/json',
    channels: { ...eventChannels(), deadLetters: deadLetterChannel() },
    operations: Object.fromEntries(
      [...Object.keys(TOPICS), 'deadLetters'].map((name) => [
        `receive-${name}`,
        { action: 'receive', channel: { $ref: `#/channels/${name}` } },
      ]),
    ),
    components: {
      messageTraits: { cloudEvent: { headers: CLOUD_EVENT_HEADERS } },
      messages: Object.fromEntries([
        ...TYPES.map((type) => [type, message(type)]),
        ['dead-letter', deadLetterMessage()],
      ]),
      schemas: Object.fromEntries(TYPES.map((type) => [type, dataSchema(type)])),
    },
  };
}

function eventChannels(): Json {
  const channels = Object.entries(TOPICS).map(([name, topic]) => {
    const types = TYPES.filter((type) => EVENTS[type].topic === topic);
    const { description } = CHANNELS[name as keyof typeof TOPICS];
    return [name, channel(topic, description, types)];
  });
  return Object.fromEntries(channels);
}

function channel(address: string, description: string, messages: readonly string[]): Json {
  return {
    address,
    description,
    messages: Object.fromEntries(messages.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    bindings: {
      kafka: {
        partitions: PARTITIONS_PER_TOPIC,
        topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': RETENTION_MS },
      },
    },
  };
}

function message(type: EventType): Json {
  const { topic, version, data } = EVENTS[type];
  const [name] = Object.entries(TOPICS).find(([, address]) => address === topic) ?? [];
  return {
    name: type,
    contentType: 'application/json',
    traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
    headers: {
      type: 'object',
      properties: { ce_type: { const: type }, ce_dataschema: { const: `aegis:${type}:${version}` } },
    },
    payload: { $ref: `#/components/schemas/${type}` },
    bindings: { kafka: { key: text(name ? CHANNELS[name as keyof typeof TOPICS].key : '') } },
    'x-personal': personalFields(data),
  };
}

function deadLetterChannel(): Json {
  const description =
    'Messages that no retry can help, unchanged and under their own key, for a person to look at and replay.';
  return channel(DEAD_LETTER_TOPIC, description, ['dead-letter']);
}

function deadLetterMessage(): Json {
  const properties = {
    dl_error: text('What the handler said.'),
    dl_topic: text('Where it was.'),
    dl_partition: text('Decimal.'),
    dl_offset: text('Decimal.'),
    dl_group: text('The consumer group that gave it up.'),
    dl_at: { type: 'string', format: 'date-time' },
  };
  return {
    name: 'dead-letter',
    headers: { type: 'object', required: Object.keys(properties), properties },
    payload: { description: 'The value of the message, as it was.' },
    bindings: { kafka: { key: text('The key of the message.') } },
  };
}

/** References within the schema must hold from the root of the document. */
function dataSchema(type: EventType): Json {
  const own = JSON.stringify(jsonSchema(EVENTS[type].data));
  return JSON.parse(own.replaceAll('"#/definitions/', `"#/components/schemas/${type}/definitions/`)) as Json;
}

/** What is on the wire: the input of transforms. AsyncAPI's own schema language extends JSON Schema draft 7. */
function jsonSchema(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema: node }) => {
      if (!('personal' in node)) return;
      delete node['personal'];
      node['x-personal'] = true;
    },
  });
  return rest;
}
