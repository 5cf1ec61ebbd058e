import { type Actor, actorSchema } from '../actor.ts';
import { newId } from '../ids.ts';
import { EVENTS, type EventData, type EventType, isEventType } from './catalog.ts';

/** A CloudEvents 1.0 event with the extensions `org`, `actor`, `causationid` and `traceparent`. */
export interface Event<T extends EventType = EventType> {
  readonly id: string;
  readonly source: string;
  readonly type: T;
  readonly time: string;
  /** Id of the aggregate that changed. */
  readonly subject: string;
  readonly organizationId: string;
  readonly actor: Actor;
  /** Id of the event that caused this one. */
  readonly causationId: string | null;
  readonly traceparent: string | null;
  readonly data: EventData<T>;
}

/** An event of any type as a union, so that a switch on `type` narrows `data`. */
export type AnyEvent = { [T in EventType]: Event<T> }[EventType];

export interface NewEvent<T extends EventType> {
  readonly source: string;
  readonly type: T;
  readonly time: Date;
  readonly subject: string;
  readonly organizationId: string;
  readonly actor: Actor;
  readonly causationId?: string | null;
  readonly traceparent?: string | null;
  readonly data: EventData<T>;
}

/** A broker message in Kafka's binary content mode: attributes in `ce_*` headers, the data alone as the value. */
export interface EncodedEvent {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** Gives the event its id. */
export function createEvent<T extends EventType>(event: NewEvent<T>): Event<T> {
  return {
    id: newId('evt'),
    source: `/aegis/${event.source}`,
    type: event.type,
    time: event.time.toISOString(),
    subject: event.subject,
    organizationId: event.organizationId,
    actor: event.actor,
    causationId: event.causationId ?? null,
    traceparent: event.traceparent ?? null,
    data: event.data,
  };
}

/** Events about an agent's spending are ordered by agent, all others by the aggregate they are about. */
export function encodeEvent<T extends EventType>(event: Event<T>): EncodedEvent {
  const definition = EVENTS[event.type];
  const agentId = 'agentId' in event.data ? event.data.agentId : null;
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: event.source,
    ce_type: event.type,
    ce_time: event.time,
    ce_subject: event.subject,
    ce_dataschema: `aegis:${event.type}:${definition.version}`,
    ce_org: event.organizationId,
    ce_actor: JSON.stringify(event.actor),
    'content-type': 'application/json',
  };
  if (event.causationId) headers['ce_causationid'] = event.causationId;
  if (event.traceparent) headers['traceparent'] = event.traceparent;
  const key = definition.topic === 'aegis.registry' ? event.subject : (agentId ?? event.subject);
  return { topic: definition.topic, key, headers, value: JSON.stringify(event.data) };
}

/** The message is not an event that this version can read; `cause` says which attribute or field is at fault. */
export class UnreadableEventError extends Error {
  override readonly name = 'UnreadableEventError';
}

/** What was read from a message object: where several consumers share a process, each is handed the same one. */
const decoded = new WeakMap<object, AnyEvent>();

/**
 * Reads a message. Nobody changes what it returns: the same message gives the same object.
 *
 * @returns null when the type is not known here: newer writers may be at work, and only audit records those
 * @throws UnreadableEventError when an attribute is missing or the data does not fit its schema
 */
export function decodeEvent(message: Pick<EncodedEvent, 'headers' | 'value'>): AnyEvent | null {
  const known = decoded.get(message);
  if (known) return known;
  const type = attribute(message.headers, 'ce_type');
  if (!isEventType(type)) return null;
  const parsed = EVENTS[type].data.safeParse(parseJson(message.value, 'data'));
  if (!parsed.success) throw new UnreadableEventError(`${type}: ${parsed.error.message}`);
  const event = { ...decodeAttributes(message.headers), type, data: parsed.data } as AnyEvent;
  decoded.set(message, event);
  return event;
}

/** The attributes alone, of any type. */
export function decodeAttributes(headers: EncodedEvent['headers']): Omit<Event, 'type' | 'data'> & { type: string } {
  const actor = actorSchema.safeParse(parseJson(attribute(headers, 'ce_actor'), 'ce_actor'));
  if (!actor.success) throw new UnreadableEventError(`ce_actor: ${actor.error.message}`);
  return {
    id: attribute(headers, 'ce_id'),
    source: attribute(headers, 'ce_source'),
    type: attribute(headers, 'ce_type'),
    time: attribute(headers, 'ce_time'),
    subject: attribute(headers, 'ce_subject'),
    organizationId: attribute(headers, 'ce_org'),
    actor: actor.data,
    causationId: headers['ce_causationid'] ?? null,
    traceparent: headers['traceparent'] ?? null,
  };
}

function attribute(headers: EncodedEvent['headers'], name: string): string {
  const value = headers[name];
  if (!value) throw new UnreadableEventError(`the attribute ${name} is missing`);
  return value;
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableEventError(`${what} is not JSON`, { cause: error });
  }
}
