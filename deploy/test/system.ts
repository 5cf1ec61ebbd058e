import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDemo, type DemoFacts } from '@aegis/standalone/demo';
import { type Authority, createAuthority } from '@aegis/testkit/certificates';
import { startClickHouse } from '@aegis/testkit/clickhouse';
import { eventually } from '@aegis/testkit/eventually';
import { findKafka } from '@aegis/testkit/kafka';
import { startPostgres } from '@aegis/testkit/postgres';
import { freePort } from '@aegis/testkit/system';

/** A service's process, however it was started. */
export interface Launched {
  /** As the machine sees it. */
  readonly pid: number;
  output(): Promise<string>;
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export type Environment = Readonly<Record<string, string>>;

export interface Launcher {
  launch(name: string, workspace: string, env: Environment): Promise<Launched>;
  /** Runs `packages/migrate` to its end. */
  migrate(env: Environment): Promise<void>;
}

export const SERVICES = ['policy', 'approval', 'audit', 'analytics', 'gateway'] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface RunningService {
  readonly name: ServiceName;
  readonly launched: Launched;
  /** From its start until it said that it is ready. */
  readonly coldStartMs: number;
  readonly metricsUrl: string;
}

/** The five services, each alone, on real stores, speaking mutual TLS to each other. */
export interface SeparateSystem {
  readonly facts: DemoFacts;
  readonly operatorKey: string;
  readonly services: Map<ServiceName, RunningService>;
  /** Starts a service again, with the ports it had. */
  start(name: ServiceName): Promise<RunningService>;
  /** Stops the services, in the order given or the gateway first; what each ended with, and how long it took. */
  stop(): Promise<{ name: ServiceName; code: number; ms: number }[]>;
  /** Ends the stores, after the services. */
  close(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;

export async function startSeparately(launcher: Launcher): Promise<SeparateSystem> {
  const dir = await mkdtemp(join(tmpdir(), 'aegis-separate-'));
  const source = await findKafka();
  if (!source) throw new Error('a Kafka is needed: set KAFKA_BROKERS, or install Java and Maven');
  const [postgres, kafka, clickhouse] = await Promise.all([startPostgres(), source.start(), startClickHouse()]);
  const close = async () => {
    await Promise.all([postgres.stop(), kafka.stop(), clickhouse.stop()]);
    await rm(dir, { recursive: true, force: true });
  };
  const services = new Map<ServiceName, RunningService>();
  const stop = async () => {
    const ended = [];
    for (const name of SERVICES.toReversed()) {
      const begun = performance.now();
      const code = await services.get(name)?.launched.stop();
      if (code !== undefined) ended.push({ name, code, ms: Math.round(performance.now() - begun) });
      services.delete(name);
    }
    return ended;
  };
  try {
    const operatorKey = randomBytes(16).toString('hex');
    const stores = {
      DATABASE_URL: postgres.url,
      KAFKA_BROKERS: kafka.brokers.join(','),
      CLICKHOUSE_URL: clickhouse.url,
    };
    await launcher.migrate(stores);
    const environments = await environmentsOf(dir, {
      ...stores,
      MIGRATE: 'false',
      AEGIS_SECRET_KEY: randomBytes(32).toString('base64'),
      AEGIS_OPERATOR_KEY: operatorKey,
    });
    const start = async (name: ServiceName) => {
      const running = await startService(launcher, name, environments[name]);
      services.set(name, running);
      return running;
    };
    for (const name of SERVICES) await start(name);
    const baseUrl = `http://127.0.0.1:${environments.gateway['PORT']}`;
    const facts = await ensureDemo(dir, baseUrl, operatorKey);
    return { facts, operatorKey, services, start, stop, close };
  } catch (error) {
    await stop();
    await close();
    throw error;
  }
}

async function startService(launcher: Launcher, name: ServiceName, env: Environment): Promise<RunningService> {
  const begun = performance.now();
  const launched = await launcher.launch(name, `services/${name}`, env);
  const metricsUrl = `http://127.0.0.1:${env['METRICS_PORT']}`;
  const isReady = async () => (await fetch(`${metricsUrl}/readyz`)).ok;
  try {
    await eventually(isReady, { timeoutMs: READY_TIMEOUT_MS, intervalMs: 25 });
  } catch (error) {
    throw new Error(`${name} did not become ready:\n${await launched.output()}`, { cause: error });
  }
  return { name, launched, coldStartMs: Math.round(performance.now() - begun), metricsUrl };
}

/** What each service is started with: ports of its own, and a certificate that carries its name. */
async function environmentsOf(dir: string, shared: Environment): Promise<Record<ServiceName, Environment>> {
  const certificates = join(dir, 'certificates');
  await mkdir(certificates);
  await chmod(dir, 0o755);
  const authority = await createAuthority('separate services', certificates);
  const grpcPorts = new Map<ServiceName, number>();
  for (const name of SERVICES) grpcPorts.set(name, await freePort());
  const addresses = SERVICES.filter((name) => name !== 'gateway').map(
    (name) => [`${name.toUpperCase()}_GRPC_URL`, `localhost:${grpcPorts.get(name)}`] as const,
  );
  const environments = SERVICES.map(async (name): Promise<[ServiceName, Environment]> => {
    const own = {
      ...shared,
      ...Object.fromEntries(addresses),
      ...(await tls(authority, name)),
      PORT: String(await freePort()),
      GRPC_HOST: '127.0.0.1',
      GRPC_PORT: String(grpcPorts.get(name)),
      METRICS_PORT: String(await freePort()),
      METRICS_HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
    };
    return [name, own];
  });
  return Object.fromEntries(await Promise.all(environments)) as Record<ServiceName, Environment>;
}

/** Servers let in the gateway alone. The files lie open, for a container's account to read. */
async function tls(authority: Authority, name: ServiceName): Promise<Environment> {
  const files = await authority.issue(['localhost', `${name}.aegis.test`]);
  await chmod(files.dir, 0o755);
  return {
    GRPC_TLS_CERT: files.certFile,
    GRPC_TLS_KEY: files.keyFile,
    GRPC_TLS_CA: files.caFile,
    GRPC_TLS_ALLOWED_NAMES: 'gateway.aegis.test',
  };
}

/** Writes what the end-to-end suite needs to speak to this system instead of one of its own. */
export async function describeSystem({ facts, operatorKey }: SeparateSystem): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'aegis-e2e-')), 'system.json');
  await writeFile(file, JSON.stringify({ facts, operatorKey }), { mode: 0o600 });
  return file;
}
