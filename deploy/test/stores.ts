import { findKafka } from '@aegis/testkit/kafka';
import { startPostgres } from '@aegis/testkit/postgres';
import type { Environment } from './services.ts';
import { startClickHouseProcess } from './clickhouse-process.ts';

export interface Store {
  readonly name: 'postgres' | 'kafka' | 'clickhouse';
  /** SIGKILL to all of its processes. */
  kill(): Promise<void>;
  /** Starts it again on its data; resolves once it answers. */
  start(): Promise<void>;
}

/** A real PostgreSQL, a real Kafka and ClickHouse's engine, each in processes of its own. */
export interface Stores {
  /** How services find them. */
  readonly env: Environment & Readonly<Record<'DATABASE_URL' | 'KAFKA_BROKERS' | 'CLICKHOUSE_URL', string>>;
  readonly all: readonly Store[];
  stop(): Promise<void>;
}

export async function startStores(): Promise<Stores> {
  const source = await findKafka();
  if (!source) throw new Error('a Kafka is needed: set KAFKA_BROKERS, or install Java and Maven');
  const [postgres, kafka, clickhouse] = await Promise.all([startPostgres(), source.start(), startClickHouseProcess()]);
  const stop = async () => void (await Promise.all([postgres.stop(), kafka.stop(), clickhouse.stop()]));
  const broker: Store[] =
    kafka.kill && kafka.restart ? [{ name: 'kafka', kill: kafka.kill, start: kafka.restart }] : [];
  return {
    env: {
      DATABASE_URL: postgres.url,
      KAFKA_BROKERS: kafka.brokers.join(','),
      CLICKHOUSE_URL: clickhouse.url,
    },
    all: [
      { name: 'postgres', kill: () => postgres.kill(), start: () => postgres.restart() },
      ...broker,
      { name: 'clickhouse', kill: () => clickhouse.kill(), start: () => clickhouse.start() },
    ],
    stop,
  };
}
