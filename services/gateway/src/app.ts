import type { Bus } from '@aegis/bus/port';
import { startGrpcServer } from '@aegis/grpc/server';
import { createHttpApp } from '@aegis/http/app';
import { startHttpServer } from '@aegis/http/server';
import { createDatabase } from '@aegis/postgres/database';
import { startRelay } from '@aegis/postgres/relay';
import { type Clock, systemClock } from '@aegis/runtime/clock';
import { consumerLag } from '@aegis/runtime/domain-metrics';
import type { Logger } from '@aegis/runtime/log';
import type { Service } from '@aegis/runtime/service';
import { createServiceClients } from './clients.ts';
import { consumerLiveness, consumerReadiness, databaseCheck, relayCheck, readinessOnBus } from '@aegis/service/checks';
import { storeProblem } from '@aegis/service/store-problem';
import type { GatewayConfig } from './config.ts';
import { composeIdentity } from './identity.ts';
import { CONSUMER_GROUP, startConsumer } from './inbound/consumer/start-consumer.ts';
import { populationsGrpc } from './inbound/grpc/populations.ts';
import { translateError } from './inbound/http/translate-error.ts';
import { composeIntents } from './intents.ts';
import { gatewayMigrations } from './migrations.ts';
import { gatewayRoutes } from './routes.ts';
import { getPopulation, listPopulation } from './usecases/intents/read-populations.ts';
import { erase } from './usecases/privacy/erase.ts';

export interface GatewayDependencies {
  readonly bus: Bus;
  readonly log: Logger;
  /** Another clock than the system's (replay, simulation) also replaces the database's for the times of intents. */
  readonly clock?: Clock;
}

export interface GatewayService extends Service {
  /** Where the API is served, such as `http://localhost:8080`. */
  readonly url: string;
  /** `host:port` where the other services ask. */
  readonly grpcAddress: string;
}

/** Works on a migrated database (`gatewayMigrations`). Publishes and consumes first, then answers. */
export async function createGatewayService(
  config: GatewayConfig,
  { bus, log, clock = systemClock }: GatewayDependencies,
): Promise<GatewayService> {
  const { schema, role } = gatewayMigrations;
  const { databaseUrl: url, maxConnections, statementTimeoutMs } = config;
  const pool = { maxConnections, statementTimeoutMs, applicationName: 'gateway' };
  const db = createDatabase({ url, schema, role, ...pool, log });
  const clients = createServiceClients(config.services, config.grpc.tls);
  const now = clock === systemClock ? null : () => clock.now();
  const intents = composeIntents({ db, databaseUrl: url, policy: clients.policy, now, log });
  const identity = await composeIdentity({
    ...config.identity,
    db,
    agents: intents.agents,
    policy: clients.policy,
    clock,
    log,
  });
  const relay = startRelay({ database: db, bus, log });
  const consumer = await startConsumer({ bus, ...intents.handlers });
  const unobserve = consumerLag.observe(() => consumer.health().lag, { group: CONSUMER_GROUP });
  const readiness = readinessOnBus(
    async () => ({ database: await databaseCheck(db) }),
    () => ({ outbox: relayCheck(relay), consumer: consumerReadiness(consumer) }),
  );

  const { authenticator, rateLimiter, idempotency, onForbidden } = identity;
  const routes = gatewayRoutes({
    clients,
    intents,
    identityRoutes: identity.routes,
    erase: (command) => erase({ db, clock }, command),
    onForbidden,
    clock,
    readiness,
  });
  const { host, port, trustProxy } = config.http;
  const app = createHttpApp({
    routes,
    authenticator,
    rateLimiter,
    idempotency,
    onForbidden,
    translateError,
    trustProxy,
    log,
  });
  const server = await startHttpServer(app, { host, port });
  const grpc = await startGrpcServer({
    name: 'gateway',
    ...config.grpc,
    log,
    problemOf: (error) => storeProblem(error, 'intents'),
    services: [
      populationsGrpc({
        list: (organizationId, range, signal) => listPopulation(db, organizationId, range, signal),
        get: (organizationId, ids) => getPopulation(db, organizationId, ids),
      }),
    ],
    readiness,
  });

  return {
    name: 'gateway',
    url: server.url,
    grpcAddress: grpc.address,
    readiness,
    liveness: () => ({ consumer: consumerLiveness(consumer, clock.now()) }),
    async stop() {
      intents.stopWaiting();
      await Promise.all([server.stop(), grpc.stop()]);
      unobserve();
      await Promise.all([intents.stop(), identity.stop(), consumer.stop()]);
      await relay.stop();
      clients.close();
      await db.close();
    },
  };
}
