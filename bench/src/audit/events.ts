import type { LogEvent } from '@aegis/audit/domain/entry';
import { readLogEvent } from '@aegis/audit/inbound/log-event';
import { newId } from '@aegis/contracts/ids';
import { decided, delivered, submitted } from '../../../services/audit/test/events.ts';

const RECEIVED_AT = new Date('2026-03-05T10:00:05.000Z');

/** `intent.submitted` and `intent.decided` of an intent after the other, as they come off the bus; leaves of 1.5 kB on average. */
export function logEvents(organizationId: string, count: number): LogEvent[] {
  const intents = Array.from({ length: Math.ceil(count / 2) }, () => newId('int'));
  return intents
    .flatMap((intentId) => [submitted({ organizationId, intentId }), decided({ organizationId, intentId })])
    .slice(0, count)
    .map((event) => readLogEvent(delivered(event), RECEIVED_AT));
}
