import type { Bus, Subscription } from '@aegis/bus/port';
import { startGrpcServer } from '@aegis/grpc/server';
import { createSecretBox } from '@aegis/runtime/secret-box';
import { ALL_ORGANIZATIONS, createDatabase } from '@aegis/postgres/database';
import { type Clock, systemClock } from '@aegis/runtime/clock';
import type { Logger } from '@aegis/runtime/log';
import type { Service } from '@aegis/runtime/service';
import { consumerLiveness, consumerReadiness, databaseCheck, readinessOnBus } from '@aegis/service/checks';
import { startInterval } from '@aegis/service/interval';
import { storeProblem } from '@aegis/service/store-problem';
import { checkpointDirectory } from './checkpoint-directory.ts';
import type { AuditConfig } from './config.ts';
import { startConsumer } from './inbound/consumer.ts';
import { startGauges } from './inbound/gauges.ts';
import { schedulesGrpc } from './inbound/schedules-grpc.ts';
import { auditGrpc } from './inbound/grpc.ts';
import { createInFlight } from './inbound/in-flight.ts';
import { exportsGrpc } from './inbound/exports-grpc.ts';
import { transparencyGrpc } from './inbound/transparency-grpc.ts';
import { exportDirectory } from './export-directory.ts';
import { createManifestKeys } from './manifest-keys.ts';
import { manifestKeyOf } from '@aegis/verify/format/export/manifest-signature';
import { auditMigrations } from './migrations.ts';
import { populationClient } from './population-client.ts';
import { createSaltPool } from './salt-pool.ts';
import { appendEntries } from './usecases/append-entries.ts';
import { exportAgain, type ExportDependencies, exportLog } from './usecases/export/export-log.ts';
import { listExports } from './usecases/export/list-exports.ts';
import { putSettings, readSettings } from './usecases/export/settings.ts';
import { keepCheckpoints } from './usecases/keep-checkpoints.ts';
import { listEntries } from './usecases/list-entries.ts';
import { listForIntent } from './usecases/list-for-intent.ts';
import { listTimeline } from './usecases/list-timeline.ts';
import { listLogKeys } from './usecases/list-log-keys.ts';
import { createLogSigners } from './usecases/log-signer.ts';
import { applyRetention } from './usecases/privacy/apply-retention.ts';
import { completeErasure } from './usecases/privacy/complete-erasure.ts';
import { proveConsistency, proveInclusion } from './usecases/prove.ts';
import { createSchedule, deleteSchedule, setScheduleStatus } from './usecases/schedules/change-schedules.ts';
import { getSchedule, listRuns, listSchedules } from './usecases/schedules/read-schedules.ts';
import { readOverdueSeconds, runSchedules } from './usecases/schedules/run-schedules.ts';
import { readHeight } from './usecases/read-height.ts';
import { readLogTile } from './usecases/read-log-tile.ts';
import { searchEntries } from './usecases/search-entries.ts';
import { signCheckpoint } from './usecases/sign-checkpoint.ts';
import { verifyChain } from './usecases/verify-chain.ts';

export interface AuditDependencies {
  readonly bus: Bus;
  readonly log: Logger;
  /** When our own events happened; when anything was recorded goes by the database's clock. */
  readonly clock?: Clock;
  /** Where the gateway answers once it does, in place of the configured address. */
  readonly gatewayAddress?: () => string | null;
}

export interface AuditService extends Service {
  /** `host:port` to reach it at. */
  readonly grpcAddress: string;
}

const RETENTION_INTERVAL_MS = 3_600_000;

/** Works on a migrated database (`auditMigrations`). Answers first, then consumes. */
export async function createAuditService(
  config: AuditConfig,
  { bus, log, clock = systemClock, gatewayAddress = () => config.populations.gateway }: AuditDependencies,
): Promise<AuditService> {
  const { schema, role } = auditMigrations;
  const { databaseUrl: url, maxConnections } = config;
  const database = createDatabase({ url, schema, role, maxConnections, applicationName: 'audit', log });
  const nextSalt = createSaltPool();
  const exports = createInFlight();
  const { origin, key, previousKey, secretKeys } = config.signing;
  const keys = { configured: key, previous: previousKey, box: secretKeys && createSecretBox(secretKeys) };
  const signers = createLogSigners({ database, nextSalt, clock, keys, origin });
  const place = config.checkpoints.directory === null ? null : checkpointDirectory(config.checkpoints.directory);
  const signing = { database, clock, signers, origin, place, log };
  const manifestKeys = createManifestKeys(config.signing);
  const recording = { database, nextSalt, clock, log };
  const gateway = populationClient(gatewayAddress, config.grpc.tls);
  const exporting = {
    ...recording,
    populations: gateway,
    settleTimeoutMs: config.populations.settleTimeoutMs,
    origin,
    codeCommit: config.codeCommit,
    signCheckpoint: (organizationId: string) => signCheckpoint(signing, organizationId),
    manifestKeyOf: manifestKeys,
  };
  let consumer: Subscription | null = null;
  const readiness = readinessOnBus(
    async () => ({ database: await databaseCheck(database) }),
    () => ({ consumer: consumerReadiness(consumer) }),
  );

  const operations = auditGrpc({
    listEntries: (query) => listEntries(database, query),
    searchEntries: (query, text) => searchEntries(database, query, text),
    listForIntent: (organizationId, intentId) => listForIntent(database, organizationId, intentId),
    listTimeline: (query) => listTimeline(database, query),
    verifyChain: (organizationId, signal) => verifyChain({ database, place }, organizationId, signal),
    exportLog: (command, signal) => exports.track(exportLog(exporting, command, signal)),
  });
  const exportOperations = exportsGrpc({
    listExports: (organizationId, before, limit) => listExports(database, organizationId, before, limit),
    exportAgain: (command, signal) => exports.track(exportAgain(exporting, command, signal)),
    manifestKeyOf: (organizationId) => manifestKeyOf(manifestKeys(organizationId)),
    readSettings: (organizationId) => readSettings(database, organizationId),
    putSettings: (organizationId, actor, settings) => putSettings(recording, organizationId, actor, settings),
  });
  const scheduling = { ...recording, hasPlace: config.schedules.directory !== null };
  const scheduleOperations = schedulesGrpc({
    create: (command, terms) => createSchedule(scheduling, command, terms),
    list: (organizationId, before, limit) => listSchedules(database, organizationId, before, limit),
    get: (organizationId, scheduleId) => getSchedule(database, organizationId, scheduleId),
    setStatus: (command, status) => setScheduleStatus(scheduling, command, status),
    remove: (command) => deleteSchedule(scheduling, command),
    listRuns: (organizationId, scheduleId, before, limit) =>
      listRuns(database, organizationId, scheduleId, before, limit),
  });
  const transparency = transparencyGrpc({
    signCheckpoint: (organizationId) => signCheckpoint(signing, organizationId),
    listKeys: (organizationId) => listLogKeys(database, organizationId),
    rotateKey: signers.rotate,
    proveInclusion: (organizationId, entryId) => proveInclusion(signing, organizationId, entryId),
    proveConsistency: (organizationId, from, to) => proveConsistency(signing, organizationId, from, to),
    readTile: (organizationId, path) => readLogTile(database, organizationId, path),
  });
  const server = await startGrpcServer({
    name: 'audit',
    ...config.grpc,
    log,
    problemOf: (error) => storeProblem(error, 'the audit log'),
    services: [operations, exportOperations, scheduleOperations, transparency],
    readiness,
  });
  const append = async (entries: Parameters<typeof appendEntries>[2]) => {
    await appendEntries(database, ALL_ORGANIZATIONS, entries);
    for (const { type, organizationId, subjectId } of entries) {
      if (type === 'privacy.store_erased') await completeErasure(recording, organizationId, subjectId);
    }
  };
  const joined = await startConsumer({ bus, nextSalt, clock, append });
  consumer = joined;
  const { intervalMs } = config.checkpoints;
  const keep = (all: boolean, signal: AbortSignal) =>
    keepCheckpoints(signing, { all, olderThanMs: intervalMs / 2 }, signal);
  const stopSigning = startInterval({ run: keep, intervalMs, what: 'signing checkpoints', log });
  const stopRetention = startInterval({
    run: (_, signal) => applyRetention(recording, signal),
    intervalMs: RETENTION_INTERVAL_MS,
    what: 'retention',
    log,
  });
  const stopSchedules = startSchedules(config.schedules, exporting);
  const stopGauges = startGauges({
    consumer: joined,
    readHeight: () => readHeight(database),
    readOverdueSeconds: () => readOverdueSeconds(database),
    log,
  });

  return {
    name: 'audit',
    grpcAddress: server.address,
    readiness,
    liveness: () => ({ consumer: consumerLiveness(joined, clock.now()) }),
    async stop() {
      stopGauges();
      await Promise.all([server.stop(), joined.stop(), stopSigning(), stopRetention(), stopSchedules()]);
      await exports.settled();
      gateway.close();
      await database.close();
    },
  };
}

/** Without a directory there is nothing to run. Returns the way out. */
function startSchedules(
  { directory, intervalMs, leaseMs }: AuditConfig['schedules'],
  exporting: ExportDependencies,
): () => Promise<void> {
  if (directory === null) return async () => undefined;
  const running = { ...exporting, place: exportDirectory(directory), leaseMs };
  return startInterval({
    run: (_, signal) => runSchedules(running, signal),
    intervalMs,
    what: 'scheduled exports',
    log: exporting.log,
  });
}
