import type { LogEvent } from '@aegis/audit/domain/entry';
import { readLogEvent } from '@aegis/audit/inbound/log-event';
import { decided, delivered, submitted } from '../../../services/audit/test/events.ts';

const RECEIVED_AT = new Date('2026-03-05T10:00:05.000Z');

/** Half `intent.submitted`, half `intent.decided`, as they come off the bus; leaves of 1.5 kB on average. */
export function logEvents(organizationId: string, count: number): LogEvent[] {
  return Array.from({ length: count }, (_, index) =>
    readLogEvent(delivered((index % 2 === 0 ? submitted : decided)({ organizationId })), RECEIVED_AT),
  );
}
