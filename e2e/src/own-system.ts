import { findKafka } from '@aegis/testkit/kafka';
import { startSystem, type System, type SystemOptions } from '@aegis/testkit/system';
import { inject } from 'vitest';

export interface OwnSystems {
  start(options?: SystemOptions): Promise<System>;
  /** Ends the broker, when there is one. */
  close(): Promise<void>;
}

/**
 * Systems for tests that kill them or change what others rely on: on the same kind of bus as the project's own system.
 * A broker that is not ours is shared by the systems, whose consumers would take each other's events, so there each test
 * stays on the embedded bus.
 */
export async function ownSystems(): Promise<OwnSystems> {
  const source = inject('bus') === 'kafka' ? await findKafka() : undefined;
  const kafka = source && source.name !== 'KAFKA_BROKERS' ? await source.start() : undefined;
  return {
    start: (options = {}) =>
      startSystem({ ...options, env: { ...options.env, KAFKA_BROKERS: kafka ? kafka.brokers.join(',') : '' } }),
    close: async () => kafka?.stop(),
  };
}
