import { randomBytes } from 'node:crypto';
import { busMigrations } from '@aegis/bus/migrations';
import { connectBus } from '@aegis/service/connect-bus';
import type { Bus } from '@aegis/bus/port';
import { type Database, createDatabase } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import { createLogger } from '@aegis/runtime/log';
import { startTcpProxy, type TcpProxy } from '@aegis/testkit/tcp-proxy';
import { createTestDatabase } from '@aegis/testkit/test-database';
import pg from 'pg';
import { createGatewayService, type GatewayService } from '../../src/app.ts';
import type { GatewayConfig } from '../../src/config.ts';
import { gatewayMigrations } from '../../src/migrations.ts';
import { api } from './api.ts';
import { type FakeServices, startFakeServices } from './fake-services.ts';

export const OPERATOR_KEY = `aegis_op_${randomBytes(16).toString('hex')}`;
const PASSWORD = 'correct horse battery staple';

/** An organisation with everyone that tests need. */
export interface Tenant {
  readonly organizationId: string;
  /** The owner's access token. */
  readonly owner: string;
  readonly agentId: string;
  /** Bound to the agent. */
  readonly agentKey: string;
  /** Bound to none; may submit for any agent. */
  readonly backendKey: string;
}

export interface TestGateway {
  readonly url: string;
  readonly config: GatewayConfig;
  readonly services: FakeServices;
  readonly bus: Bus;
  /** Sees every row of the gateway's schema. */
  readonly db: Database;
  /** Stands between the gateways and their database. */
  readonly proxy: TcpProxy;
  /** Runs SQL as the database's superuser. */
  admin(sql: string): Promise<void>;
  /** Another replica on the same database and bus. */
  startReplica(clock?: Clock): Promise<GatewayService>;
  createTenant(): Promise<Tenant>;
  stop(): Promise<void>;
}

/** A whole gateway on real PostgreSQL, with the other services faked behind real gRPC. */
export async function startTestGateway(): Promise<TestGateway> {
  const log = createLogger({ name: 'gateway', level: process.env['TEST_LOG_LEVEL'] === 'debug' ? 'debug' : 'fatal' });
  const database = await createTestDatabase({ migrations: [gatewayMigrations, busMigrations] });
  const services = await startFakeServices();
  const proxy = await startTcpProxy(database.url);
  const config = testConfig(proxy.via(database.url), services);
  const started: (() => Promise<unknown>)[] = [() => database.drop(), () => services.stopAll(), () => proxy.stop()];
  const startReplica = async (clock?: Clock) => {
    const bus = await connectBus({ adapter: 'postgres-log', databaseUrl: database.url }, { clientId: 'gateway', log });
    started.push(() => bus.close());
    const service = await createGatewayService(config, { bus, log, ...(clock ? { clock } : {}) });
    started.push(() => service.stop());
    return service;
  };
  const service = await startReplica();
  const bus = await connectBus({ adapter: 'postgres-log', databaseUrl: database.url }, { clientId: 'test', log });
  const db = createDatabase({ url: database.url, schema: 'gateway', role: 'aegis_gateway', maxConnections: 2, log });
  started.push(
    () => bus.close(),
    () => db.close(),
  );
  return {
    url: service.url,
    config,
    services,
    bus,
    db,
    proxy,
    startReplica,
    admin: (sql) => runAsSuperuser(database.url, sql),
    createTenant: () => createTenant(service.url),
    async stop() {
      for (const end of started.toReversed()) await end();
    },
  };
}

function testConfig(databaseUrl: string, services: FakeServices): GatewayConfig {
  return {
    databaseUrl,
    maxConnections: 10,
    statementTimeoutMs: 2_000,
    http: { host: '127.0.0.1', port: 0, trustProxy: 0 },
    services: services.addresses,
    grpc: { host: '127.0.0.1', port: 0, tls: null, allowInsecure: false },
    identity: {
      secretKeys: [randomBytes(32)],
      signingKeyDays: null,
      operatorKeys: [OPERATOR_KEY],
      issuer: { issuer: 'urn:aegis', audience: 'aegis-api' },
      oidc: null,
      tokenTtlSeconds: 3600,
      perMinute: { credential: 1_000_000, address: 1_000_000 },
    },
  };
}

async function runAsSuperuser(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

let tenants = 0;

async function createTenant(url: string): Promise<Tenant> {
  tenants += 1;
  const email = `owner-${tenants}@example.com`;
  const created = await api<{ id: string }>(url, 'POST /v1/organizations', {
    token: OPERATOR_KEY,
    body: {
      name: `Tenant ${tenants}`,
      baseCurrency: 'INR',
      timeZone: 'Asia/Kolkata',
      owner: { email, name: 'Ada', password: PASSWORD },
    },
  });
  const session = await api<{ accessToken: string }>(url, 'POST /v1/auth/token', {
    body: { email, password: PASSWORD },
  });
  const owner = session.body.accessToken;
  const agent = await api<{ id: string }>(url, 'POST /v1/agents', { token: owner, body: { name: 'Procurement' } });
  const createKey = async (body: object) => {
    const key = await api<{ secret: string }>(url, 'POST /v1/api-keys', { token: owner, body });
    return key.body.secret;
  };
  return {
    organizationId: created.body.id,
    owner,
    agentId: agent.body.id,
    agentKey: await createKey({ name: 'agent', agentId: agent.body.id }),
    backendKey: await createKey({
      name: 'back end',
      scopes: ['intents:write', 'intents:write:any', 'intents:read', 'agents:read'],
    }),
  };
}
