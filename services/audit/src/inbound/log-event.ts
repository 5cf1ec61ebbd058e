import { hash } from 'node:crypto';
import { DEAD_LETTER_TOPIC, type Delivery } from '@aegis/bus/port';
import { serviceActor } from '@aegis/contracts/actor';
import { decodeAttributes, decodeEvent } from '@aegis/contracts/events/envelope';
import type { LogEvent } from '../domain/entry.ts';
import { toInstant } from '../domain/instant.ts';

/** Takes what names no organisation of ours: nothing that reached the broker is left out of every chain. */
export const NO_ORGANIZATION = '00000000-0000-0000-0000-000000000000';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NAME = /^[\w.-]{1,200}$/;
const COUNT = /^\d{1,15}$/;
const MAX_ERROR_LENGTH = 2000;

/**
 * The event a message holds: of a known type with its data, of any other with its attributes alone. `receivedAt` stands
 * in for the time of a dead letter that does not tell its own.
 *
 * @throws UnreadableEventError when it is no event, or its data do not fit its type; never for a dead letter
 */
export function readLogEvent(delivery: Delivery, receivedAt: Date): LogEvent {
  if (delivery.topic === DEAD_LETTER_TOPIC) return unreadableEvent(delivery, receivedAt);
  const event = decodeEvent(delivery);
  if (event !== null) return { ...event, dataText: delivery.value };
  return { ...decodeAttributes(delivery.headers), data: null, dataText: delivery.value };
}

/**
 * What the log says of a dead letter. Nothing about the message is taken for granted. The id follows from the origin, so
 * that a letter published twice is recorded once.
 */
function unreadableEvent(delivery: Delivery, receivedAt: Date): LogEvent {
  const { headers, value } = delivery;
  const origin = originOf(delivery);
  const data = {
    ...origin,
    sha256: hash('sha256', value),
    group: matching(headers['dl_group'], NAME) ?? '',
    error: (headers['dl_error'] ?? '').slice(0, MAX_ERROR_LENGTH),
  };
  const subject = `${origin.topic}/${origin.partition}@${origin.offset}`;
  return {
    id: `evt_${hash('sha256', `${subject} ${data.group} ${data.sha256}`).slice(0, 32)}`,
    type: 'event.unreadable',
    time: toInstant(headers['dl_at'] ?? '') ?? receivedAt.toISOString(),
    subject,
    organizationId: matching(headers['ce_org'], UUID) ?? NO_ORGANIZATION,
    actor: serviceActor('audit'),
    causationId: null,
    data,
    dataText: JSON.stringify(data),
  };
}

/** Where the message stood before it was given up, or where it stands now. */
function originOf({ headers, partition, offset }: Delivery) {
  const topic = matching(headers['dl_topic'], NAME);
  const from = { partition: matching(headers['dl_partition'], COUNT), offset: matching(headers['dl_offset'], COUNT) };
  if (topic === null || from.partition === null || from.offset === null) {
    return { topic: DEAD_LETTER_TOPIC, partition, offset: String(offset) };
  }
  return { topic, partition: Number(from.partition), offset: from.offset };
}

function matching(text: string | undefined, pattern: RegExp): string | null {
  return text !== undefined && pattern.test(text) ? text : null;
}
