import { randomBytes } from 'node:crypto';
import { connectBus } from '@aegis/service/connect-bus';
import type { Bus } from '@aegis/bus/port';
import type { Actor } from '@aegis/contracts/actor';
import { type GrpcClient, createGrpcClient } from '@aegis/grpc/client';
import {
  type AuditMethods,
  auditService,
  type ExportMethods,
  exportService,
  type ScheduleMethods,
  scheduleService,
  type TransparencyMethods,
  transparencyService,
} from '@aegis/grpc/definitions';
import type { Caller } from '@aegis/grpc/generated/aegis/common/v1/Caller';
import { type AuditService, createAuditService } from '../src/app.ts';
import type { AuditConfig } from '../src/config.ts';
import { type AuditDatabase, openAuditDatabase, silent } from './audit-database.ts';
import { AUDITOR } from './events.ts';

export interface RunningAudit extends AuditDatabase {
  readonly bus: Bus;
  readonly service: AuditService;
  readonly client: GrpcClient<AuditMethods>;
  readonly transparency: GrpcClient<TransparencyMethods>;
  readonly exports: GrpcClient<ExportMethods>;
  readonly schedules: GrpcClient<ScheduleMethods>;
}

/** The service on a database and a bus of its own, with a client to it. */
export async function startAudit(overrides: Partial<AuditConfig> = {}): Promise<RunningAudit> {
  const db = await openAuditDatabase();
  const target = { adapter: 'postgres-log', databaseUrl: db.url } as const;
  const bus = await connectBus(target, { clientId: 'test', log: silent, exclusive: true });
  const grpc = { host: '127.0.0.1', port: 0, tls: null, allowInsecure: false, stopTimeoutMs: 500 };
  const secretKeys = [randomBytes(32)];
  const config: AuditConfig = {
    databaseUrl: db.url,
    maxConnections: 5,
    grpc,
    signing: { origin: 'audit.example.com', key: null, previousKey: null, secretKeys, manifestKey: null },
    codeCommit: 'c0ffee0',
    populations: { gateway: null, settleTimeoutMs: 300 },
    schedules: { directory: null, intervalMs: 100, leaseMs: 2_000 },
    checkpoints: { directory: null, intervalMs: 3_600_000 },
    ...overrides,
  };
  const service = await createAuditService(config, { bus, log: silent });
  const transparency = createGrpcClient(transparencyService, { address: service.grpcAddress, tls: null });
  const exports = createGrpcClient(exportService, { address: service.grpcAddress, tls: null });
  const schedules = createGrpcClient(scheduleService, { address: service.grpcAddress, tls: null });
  const client = createGrpcClient(auditService, { address: service.grpcAddress, tls: null });
  let stopped: Promise<void> | undefined;
  return {
    ...db,
    bus,
    client,
    transparency,
    exports,
    schedules,
    service: { ...service, stop: () => (stopped ??= service.stop()) },
    async close() {
      client.close();
      transparency.close();
      exports.close();
      schedules.close();
      await (stopped ??= service.stop());
      await bus.close();
      await db.close();
    },
  };
}

export function callerOf(organizationId: string, { role, ...actor }: Actor = AUDITOR): Caller {
  return { organizationId, actor: { ...actor, ...(role !== null && { role }) } };
}
