import { type logCreator, logLevel } from 'kafkajs';
import type { Log } from '../log.ts';

/**
 * What is part of starting, of a rebalance or of a broker's restart. kafkajs reports each of these as an error and then
 * tries again; when that takes too long, the adapter says so itself.
 */
const EXPECTED = [
  /coordinator is (?:not available|loading)/i,
  /not the correct coordinator/i,
  /rebalancing/i,
  /group member needs to have a valid member id/i,
  /coordinator is not aware of this member/i,
  /no leader for this topic-partition/i,
  /does not host this topic-partition/i,
  /not the leader for that topic-partition/i,
  /Topic creation errors/,
  /Limiting retries for the idempotent producer/i,
];

/** Sends kafkajs' lines to our log: its errors are warnings here, because all of them are tried again. */
export function logTo(log: Log): logCreator {
  return () =>
    ({ namespace, level, log: { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } }) => {
      const text = `kafkajs ${namespace}: ${message}`;
      const expected = EXPECTED.some((pattern) => pattern.test(`${message} ${String(fields.error ?? '')}`));
      if (level <= logLevel.WARN && !expected) log.warn(fields, text);
      else log.debug(fields, text);
    };
}
