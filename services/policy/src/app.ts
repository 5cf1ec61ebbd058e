import type { Bus, Subscription } from '@aegis/bus/port';
import { startGrpcServer } from '@aegis/grpc/server';
import { createDatabase } from '@aegis/postgres/database';
import { startRelay } from '@aegis/postgres/relay';
import { type Clock, systemClock } from '@aegis/runtime/clock';
import { consumerLag } from '@aegis/runtime/domain-metrics';
import type { Logger } from '@aegis/runtime/log';
import type { Service } from '@aegis/runtime/service';
import { consumerLiveness, consumerReadiness, databaseCheck, relayCheck, readinessOnBus } from '@aegis/service/checks';
import { storeProblem } from '@aegis/service/store-problem';
import type { PolicyConfig } from './config.ts';
import { consumeIntents } from './inbound/consumer.ts';
import { policyGrpc } from './inbound/grpc.ts';
import { policyMigrations } from './migrations.ts';
import { PolicySetCache } from './usecases/policy-set-cache.ts';

export interface PolicyDependencies {
  readonly bus: Bus;
  readonly log: Logger;
  /** Stamps decisions and changes. The windows that an intent counts in follow from its own creation instead. */
  readonly clock?: Clock;
}

export interface PolicyService extends Service {
  /** `host:port` to reach it at. */
  readonly grpcAddress: string;
}

/** Works on a migrated database (`policyMigrations`). Answers first, then publishes and decides. */
export async function createPolicyService(
  config: PolicyConfig,
  { bus, log, clock = systemClock }: PolicyDependencies,
): Promise<PolicyService> {
  const { schema, role } = policyMigrations;
  const { databaseUrl: url, maxConnections, maxOpenApprovals } = config;
  const database = createDatabase({ url, schema, role, maxConnections, applicationName: 'policy', log });
  const deciding = { database, policySets: new PolicySetCache(), maxOpenApprovals, clock };
  let consumer: Subscription | null = null;
  const readiness = readinessOnBus(
    async () => ({ database: await databaseCheck(database) }),
    () => ({ outbox: relayCheck(relay), consumer: consumerReadiness(consumer) }),
  );

  const relay = startRelay({ database, bus, log });
  const server = await startGrpcServer({
    name: 'policy',
    ...config.grpc,
    log,
    problemOf: (error) => storeProblem(error, "policy's store"),
    services: [policyGrpc(deciding)],
    readiness,
  });
  const joined = await consumeIntents(bus, deciding);
  consumer = joined;
  const unobserve = consumerLag.observe(() => joined.health().lag, { group: 'policy' });

  return {
    name: 'policy',
    grpcAddress: server.address,
    readiness,
    liveness: () => ({ consumer: consumerLiveness(joined, clock.now()) }),
    async stop() {
      unobserve();
      await Promise.all([server.stop(), joined.stop()]);
      await relay.stop();
      await database.close();
    },
  };
}
