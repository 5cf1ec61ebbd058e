import { connectBus } from '@aegis/service/connect-bus';
import { busConfig } from '@aegis/service/bus-config';
import { createAnalyticsService } from '@aegis/analytics/app';
import { connectClickHouse } from '@aegis/analytics/clickhouse';
import { readAnalyticsConfig } from '@aegis/analytics/config';
import { migrateAnalytics } from '@aegis/analytics/migrations';
import { createApprovalService } from '@aegis/approval/app';
import { readApprovalConfig } from '@aegis/approval/config';
import { createAuditService } from '@aegis/audit/app';
import { readAuditConfig } from '@aegis/audit/config';
import { createGatewayService } from '@aegis/gateway/app';
import { readGatewayConfig } from '@aegis/gateway/config';
import { createPolicyService } from '@aegis/policy/app';
import { readPolicyConfig } from '@aegis/policy/config';
import { migratePostgres } from '@aegis/migrate/postgres-schemas';
import { readConfig } from '@aegis/runtime/config';
import type { ServiceContext } from '@aegis/runtime/lifecycle';
import { type Readiness, type Service, readinessOf } from '@aegis/runtime/service';
import { join } from 'node:path';
import { banner } from './banner.ts';
import { readStandaloneConfig } from './config.ts';
import { claimDataDir } from './data-dir.ts';
import { ensureDemo } from './demo.ts';
import { startEmbeddedPostgres } from '@aegis/engines/postgres';
import { assertPortFree } from './preflight.ts';
import { readOrCreateSecrets } from './secrets.ts';

/**
 * The whole system in one process: engines, schemas, bus, the five services and the demonstration. Each service speaks to
 * the others as it does when it runs alone, gRPC over loopback included. What was started is stopped in reverse.
 */
export async function createStandalone(
  { env, log, clock }: ServiceContext,
  announce: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<Service> {
  const config = readStandaloneConfig(env);
  await assertPortFree(config.port);
  const started: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of started.splice(0).toReversed()) await end();
  };
  try {
    const dataDir = await claimDataDir(config.dataDir);
    started.push(() => dataDir.release());
    const secrets = await readOrCreateSecrets(dataDir.path);
    const database =
      config.databaseUrl === null ? await startDatabase() : { url: config.databaseUrl, where: 'as configured' };
    const services: Service[] = [];
    const own = {
      ...env,
      DATABASE_URL: database.url,
      AEGIS_DATA_DIR: dataDir.path,
      GRPC_HOST: '127.0.0.1',
      GRPC_PORT: '0',
    };

    await migratePostgres(database.url, log);
    const bus = await connectBus(readConfig(busConfig, own), {
      clientId: 'standalone',
      log,
      exclusive: config.databaseUrl === null,
    });
    started.push(() => bus.close());
    const analyticsConfig = readAnalyticsConfig(own);
    const clickhouse = await connectClickHouse(analyticsConfig.clickhouse);
    started.push(() => clickhouse.close());
    await migrateAnalytics({ clickhouse, database: analyticsConfig.database }, log);

    const run = <S extends Service>(service: S): S => {
      services.push(service);
      started.push(() => service.stop());
      return service;
    };
    const shared = { bus, log, clock };
    const policy = run(await createPolicyService(readPolicyConfig(own), shared));
    const approval = run(await createApprovalService(readApprovalConfig(own), shared));
    const secretKey = config.secretKey ?? secrets.secretKey;
    const auditEnv = {
      AUDIT_CHECKPOINT_DIR: join(dataDir.path, 'checkpoints'),
      AUDIT_EXPORT_DIR: join(dataDir.path, 'exports'),
      ...own,
      AEGIS_SECRET_KEY: secretKey,
    };
    // Each of the two asks the other: the gateway's address is known last.
    let gatewayAddress: string | null = null;
    const populations = { gatewayAddress: () => gatewayAddress };
    const audit = run(await createAuditService(readAuditConfig(auditEnv), { ...shared, ...populations }));
    const analytics = run(await createAnalyticsService(analyticsConfig, { ...shared, clickhouse }));
    const operatorKey = config.operatorKey ?? secrets.operatorKey;
    const gateway = run(
      await createGatewayService(
        readGatewayConfig({
          ...own,
          POLICY_GRPC_URL: policy.grpcAddress,
          APPROVAL_GRPC_URL: approval.grpcAddress,
          AUDIT_GRPC_URL: audit.grpcAddress,
          ANALYTICS_GRPC_URL: analytics.grpcAddress,
          AEGIS_SECRET_KEY: secretKey,
          AEGIS_OPERATOR_KEY: operatorKey,
        }),
        shared,
      ),
    );
    gatewayAddress = gateway.grpcAddress;
    const facts = await ensureDemo(dataDir.path, gateway.url, operatorKey);
    const parts = {
      dataDir: dataDir.path,
      postgres: database.where,
      bus: config.kafka ? 'Kafka' : 'in PostgreSQL',
      clickhouse: config.clickhouse ? 'as configured' : 'embedded',
    };
    announce(banner(facts, parts));
    return { name: 'standalone', readiness: () => readinessOfAll(services), stop };

    async function startDatabase(): Promise<{ url: string; where: string }> {
      const port = config.postgresPort === null ? {} : { port: config.postgresPort };
      const dir = join(dataDir.path, 'postgres');
      const postgres = await startEmbeddedPostgres({
        dir,
        password: secrets.postgresPassword,
        ...port,
      });
      started.push(() => postgres.stop());
      return { url: postgres.url, where: postgres.dir === dir ? 'embedded' : `embedded, in ${postgres.dir}` };
    }
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readinessOfAll(services: readonly Service[]): Promise<Readiness> {
  const all = await Promise.all(services.map(async (service) => [service.name, await service.readiness()] as const));
  return readinessOf(Object.fromEntries(all.map(([name, { ready }]) => [name, { ok: ready }])));
}
