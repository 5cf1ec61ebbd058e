import { connectBus } from '@aegis/service/connect-bus';
import type { Bus } from '@aegis/bus/port';
import type { Actor } from '@aegis/contracts/actor';
import { type GrpcClient, createGrpcClient } from '@aegis/grpc/client';
import { type AuditMethods, auditService } from '@aegis/grpc/definitions';
import type { Caller } from '@aegis/grpc/generated/aegis/common/v1/Caller';
import { type AuditService, createAuditService } from '../src/app.ts';
import { type AuditDatabase, openAuditDatabase, silent } from './audit-database.ts';
import { AUDITOR } from './events.ts';

export interface RunningAudit extends AuditDatabase {
  readonly bus: Bus;
  readonly service: AuditService;
  readonly client: GrpcClient<AuditMethods>;
}

/** The service on a database and a bus of its own, with a client to it. */
export async function startAudit(): Promise<RunningAudit> {
  const db = await openAuditDatabase();
  const target = { adapter: 'postgres-log', databaseUrl: db.url } as const;
  const bus = await connectBus(target, { clientId: 'test', log: silent, exclusive: true });
  const grpc = { host: '127.0.0.1', port: 0, tls: null, allowInsecure: false, stopTimeoutMs: 500 };
  const service = await createAuditService({ databaseUrl: db.url, maxConnections: 5, grpc }, { bus, log: silent });
  const client = createGrpcClient(auditService, { address: service.grpcAddress, tls: null });
  let stopped: Promise<void> | undefined;
  return {
    ...db,
    bus,
    client,
    service: { ...service, stop: () => (stopped ??= service.stop()) },
    async close() {
      client.close();
      await (stopped ??= service.stop());
      await bus.close();
      await db.close();
    },
  };
}

export function callerOf(organizationId: string, { role, ...actor }: Actor = AUDITOR): Caller {
  return { organizationId, actor: { ...actor, ...(role !== null && { role }) } };
}
