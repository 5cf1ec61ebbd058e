import { counter, gauge, histogram } from './metrics.ts';

/** Steps of a latency in seconds, from a fast statement to an impatient client. */
export const LATENCY_BOUNDARIES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

export const intents = counter('aegis.intents', {
  description: 'Intents that entered a status.',
  labels: ['status'],
});

export const decisionLatency = histogram('aegis.decision.latency.seconds', {
  description: 'From the submission of an intent to its decision.',
  labels: ['outcome'],
  boundaries: LATENCY_BOUNDARIES,
});

export const consumerLag = gauge('aegis.consumer.lag', {
  description: 'Events published and not yet handled, over the partitions that this process holds.',
  labels: ['group'],
});

export const deadLetters = counter('aegis.dead.letters', {
  description: 'Events that no retry could help, by the consumer group that gave them up.',
  labels: ['group'],
});

export const chainHeight = gauge('aegis.chain.height', {
  description: 'Entries in the audit log, over all organisations.',
});

export const exportBytes = counter('aegis.export.bytes', {
  description: 'Bytes of audit exports sent.',
  labels: ['format', 'standard'],
});

export const scheduledExports = counter('aegis.scheduled.exports', {
  description: 'Attempts to export a period of a schedule, by how they ended.',
  labels: ['result'],
});

export const scheduledExportsOverdue = gauge('aegis.scheduled.exports.overdue.seconds', {
  description: 'How long the oldest period that is over waits to be exported.',
});

export const httpRequests = histogram('aegis.http.request.seconds', {
  description: 'From the arrival of a request to the end of its answer; waits that the client asked for included.',
  labels: ['method', 'route', 'status'],
  boundaries: LATENCY_BOUNDARIES,
});

export const readyChecks = gauge('aegis.ready', {
  description: 'Whether the last readiness probe found this check passing, 1 or 0.',
  labels: ['check'],
});
