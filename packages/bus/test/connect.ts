import { createDatabase } from '@aegis/postgres/database';
import { createKafkaBus } from '../src/kafka.ts';
import type { Log } from '../src/log.ts';
import type { Bus } from '../src/port.ts';
import { createPostgresLogBus } from '../src/postgres-log.ts';

/** How to reach a bus, as plain data that another process can be given. */
export type Address =
  | { readonly adapter: 'postgres-log'; readonly url: string }
  | { readonly adapter: 'kafka'; readonly brokers: readonly string[] };

export interface Connection {
  readonly bus: Bus;
  close(): Promise<void>;
}

/** Short leases, so that tests of crashes need not wait long; six seconds is the least that Kafka's brokers allow. */
export function connect(address: Address, log: Log): Connection {
  if (address.adapter === 'kafka') {
    const bus = createKafkaBus({
      brokers: address.brokers,
      clientId: 'test',
      sessionTimeoutMs: 6_000,
      heartbeatMs: 200,
      log,
    });
    return { bus, close: () => bus.close() };
  }
  const database = createDatabase({ url: address.url, schema: 'bus', maxConnections: 12, log });
  const bus = createPostgresLogBus({
    pool: database.pool,
    url: address.url,
    clientId: 'test',
    heartbeatMs: 200,
    leaseMs: 2_000,
    sweepMs: 250,
    log,
  });
  return {
    bus,
    async close() {
      await bus.close();
      await database.close();
    },
  };
}
