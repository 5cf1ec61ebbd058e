import type { Bus, Subscription } from '@aegis/bus/port';
import { startGrpcServer } from '@aegis/grpc/server';
import { type Clock, systemClock } from '@aegis/runtime/clock';
import { consumerLag } from '@aegis/runtime/domain-metrics';
import type { Logger } from '@aegis/runtime/log';
import type { Service } from '@aegis/runtime/service';
import { consumerLiveness, consumerReadiness, readinessOnBus } from '@aegis/service/checks';
import type { ClickHouseClient } from '@clickhouse/client';
import type { AnalyticsConfig } from './config.ts';
import { startConsumer } from './inbound/consumer.ts';
import { analyticsGrpc } from './inbound/grpc.ts';
import { pingStore } from './store/ping.ts';
import { getApprovalTimes } from './usecases/get-approval-times.ts';
import { getSpend } from './usecases/get-spend.ts';
import { recordFacts } from './usecases/record-facts.ts';

export interface AnalyticsDependencies {
  readonly bus: Bus;
  readonly log: Logger;
  /** Its database is migrated (`migrateAnalytics`). The caller closes it, after `stop`. */
  readonly clickhouse: ClickHouseClient;
  readonly clock?: Clock;
}

export interface AnalyticsService extends Service {
  /** `host:port` to reach it at. */
  readonly grpcAddress: string;
}

/** Answers first, then consumes: a broker that is down leaves the questions answered. */
export async function createAnalyticsService(
  config: AnalyticsConfig,
  { bus, log, clickhouse, clock = systemClock }: AnalyticsDependencies,
): Promise<AnalyticsService> {
  const store = { clickhouse, database: config.database };
  let consumer: Subscription | null = null;
  const readiness = readinessOnBus(
    async () => ({ clickhouse: await pingStore(store) }),
    () => ({ consumer: consumerReadiness(consumer) }),
  );

  const questions = analyticsGrpc({
    getSpend: (question, options) => getSpend(store, question, options),
    getApprovalTimes: (question, options) => getApprovalTimes(store, question, options),
  });
  const server = await startGrpcServer({ name: 'analytics', ...config.grpc, log, services: [questions], readiness });
  const { lingerMs, maxBatch } = config;
  const joined = await startConsumer({ bus, lingerMs, maxBatch, record: (events) => recordFacts(store, events) });
  consumer = joined;
  const unobserve = consumerLag.observe(() => joined.health().lag, { group: 'analytics' });

  return {
    name: 'analytics',
    grpcAddress: server.address,
    readiness,
    liveness: () => ({ consumer: consumerLiveness(joined, clock.now()) }),
    async stop() {
      unobserve();
      await server.stop();
      await joined.stop();
    },
  };
}
