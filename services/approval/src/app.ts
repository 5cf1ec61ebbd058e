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
import type { ApprovalConfig } from './config.ts';
import { startConsumer } from './inbound/consumer.ts';
import { startExpiryTimer } from './inbound/expiry-timer.ts';
import { approvalGrpc } from './inbound/grpc.ts';
import { approvalMigrations } from './migrations.ts';
import { applyDecisions } from './usecases/apply-decisions.ts';
import { eraseNotes } from './usecases/erase-notes.ts';
import { expireRequests } from './usecases/expire-requests.ts';
import { listApprovals } from './usecases/list-approvals.ts';
import { listForIntent } from './usecases/list-for-intent.ts';
import { respond } from './usecases/respond.ts';

export interface ApprovalDependencies {
  readonly bus: Bus;
  readonly log: Logger;
  /** Only for judging whether the consumer stands still; deadlines go by the database's clock. */
  readonly clock?: Clock;
}

export interface ApprovalService extends Service {
  /** `host:port` to reach it at. */
  readonly grpcAddress: string;
}

/** Works on a migrated database (`approvalMigrations`). Answers first, then publishes, expires and consumes. */
export async function createApprovalService(
  config: ApprovalConfig,
  { bus, log, clock = systemClock }: ApprovalDependencies,
): Promise<ApprovalService> {
  const { schema, role } = approvalMigrations;
  const { databaseUrl: url, maxConnections } = config;
  const database = createDatabase({ url, schema, role, maxConnections, applicationName: 'approval', log });
  let consumer: Subscription | null = null;
  const readiness = readinessOnBus(
    async () => ({ database: await databaseCheck(database) }),
    () => ({ outbox: relayCheck(relay), expiry: expiry.check(), consumer: consumerReadiness(consumer) }),
  );

  const operations = approvalGrpc({
    listApprovals: (filter, page) => listApprovals(database, filter, page),
    listForIntent: (organizationId, intentId) => listForIntent(database, organizationId, intentId),
    respond: (command) => respond(database, command),
  });
  const relay = startRelay({ database, bus, log });
  const expiry = startExpiryTimer({ expire: () => expireRequests(database), sweepMs: config.expirySweepMs, log });
  const server = await startGrpcServer({
    name: 'approval',
    ...config.grpc,
    log,
    problemOf: (error) => storeProblem(error, 'approvals'),
    services: [operations],
    readiness,
  });
  const joined = await startConsumer({
    bus,
    erase: (requests) => eraseNotes(database, requests),
    apply: async (decisions) => {
      const firstExpiresInMs = await applyDecisions(database, decisions);
      if (firstExpiresInMs !== null) expiry.wakeWithin(firstExpiresInMs);
    },
  });
  consumer = joined;
  const unobserve = consumerLag.observe(() => joined.health().lag, { group: 'approval' });

  return {
    name: 'approval',
    grpcAddress: server.address,
    readiness,
    liveness: () => ({ consumer: consumerLiveness(joined, clock.now()) }),
    async stop() {
      unobserve();
      await Promise.all([server.stop(), joined.stop(), expiry.stop()]);
      await relay.stop();
      await database.close();
    },
  };
}
