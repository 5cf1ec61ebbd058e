import { TOPICS } from '@aegis/contracts/topics';
import { createDatabase } from '@aegis/postgres/database';
import type { BusTarget } from './bus-config.ts';
import { busMigrations } from '@aegis/bus/migrations';
import { createKafkaBus } from '@aegis/bus/kafka';
import type { Log } from '@aegis/bus/log';
import { type Bus, DEAD_LETTER_TOPIC } from '@aegis/bus/port';
import { createPostgresLogBus } from '@aegis/bus/postgres-log';

/** Two connections a subscription, at most five of those in a process, and a few to publish with. */
const MAX_CONNECTIONS = 16;

export interface ConnectOptions {
  readonly clientId: string;
  readonly log: Log;
  /** This process is the only one on the log in PostgreSQL, so what a crashed predecessor held is free at once. */
  readonly exclusive?: boolean;
}

/** A bus with every topic in place. The log in PostgreSQL must have been migrated (`busMigrations`). */
export async function connectBus(
  target: BusTarget,
  { clientId, log, exclusive = false }: ConnectOptions,
): Promise<Bus> {
  const bus =
    target.adapter === 'kafka'
      ? createKafkaBus({ ...target.kafka, clientId, log })
      : openLog(target.databaseUrl, { clientId, log, exclusive });
  await bus.ensureTopics([...Object.values(TOPICS), DEAD_LETTER_TOPIC]);
  return bus;
}

function openLog(url: string, options: Required<ConnectOptions>): Bus {
  const { schema, role } = busMigrations;
  const { clientId, log } = options;
  const database = createDatabase({
    url,
    schema,
    role,
    maxConnections: MAX_CONNECTIONS,
    applicationName: `${clientId} bus`,
    log,
  });
  const bus = createPostgresLogBus({ ...options, pool: database.pool, url });
  return {
    publish: (messages) => bus.publish(messages),
    subscribe: (subscription) => bus.subscribe(subscription),
    ensureTopics: (topics) => bus.ensureTopics(topics),
    async close() {
      await bus.close();
      await database.close();
    },
  };
}
