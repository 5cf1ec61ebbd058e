import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDemo, type DemoFacts } from '@aegis/standalone/demo';
import { type Authority, createAuthority } from '@aegis/testkit/certificates';
import { freePort } from '@aegis/testkit/system';
import { type Ended, ReplicaSet } from './replica-set.ts';
import { type Environment, type Launcher, type Network, SERVICES, type ServiceName } from './services.ts';
import { startStores, type Stores } from './stores.ts';

/** One replica of each service, told apart by their ports. */
const LOCALHOST: Network = {
  env: {},
  hostOf: () => 'localhost',
  nextAddress: () => '127.0.0.1',
  announce: () => undefined,
};

/** The five services, each alone, on real stores, speaking mutual TLS to each other. */
export interface SeparateSystem {
  readonly facts: DemoFacts;
  readonly operatorKey: string;
  readonly stores: Stores;
  readonly services: ReplicaSet;
  /** Issues what services trust. */
  readonly authority: Authority;
  /** Takes the services out of service, the gateway first. */
  stop(): Promise<Ended[]>;
  /** Ends whatever runs, and the stores. */
  close(): Promise<void>;
}

/** Starts the stores, and one replica of each service. */
export async function startSeparately(launcher: Launcher, network = LOCALHOST): Promise<SeparateSystem> {
  const dir = await mkdtemp(join(tmpdir(), 'aegis-separate-'));
  // A container's account reads the certificates.
  await chmod(dir, 0o755);
  const certificates = join(dir, 'certificates');
  await mkdir(certificates);
  const authority = await createAuthority('separate services', certificates);
  const stores = await startStores();
  const operatorKey = randomBytes(16).toString('hex');
  const environments = await environmentsOf(network, authority, {
    ...stores.env,
    MIGRATE: 'false',
    // In a container it is made on its own temporary file system.
    AUDIT_EXPORT_DIR: `${dir}-exports`,
    AEGIS_SECRET_KEY: randomBytes(32).toString('base64'),
    AEGIS_OPERATOR_KEY: operatorKey,
  });
  const services = new ReplicaSet(environments, network);
  const close = async () => {
    await services.killAll();
    await stores.stop();
    for (const folder of [dir, `${dir}-exports`]) await rm(folder, { recursive: true, force: true });
  };
  try {
    await launcher.migrate(stores.env);
    for (const name of SERVICES) await services.start(name, launcher);
    const facts = await ensureDemo(dir, services.of('gateway')[0]?.apiUrl ?? '', operatorKey);
    const stop = async () => {
      const ended: Ended[] = [];
      for (const name of SERVICES.toReversed())
        for (const replica of services.of(name)) ended.push(await services.stop(replica));
      return ended;
    };
    return { facts, operatorKey, stores, services, authority, stop, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What each service is started with: ports of its own, and a certificate that carries its name. */
async function environmentsOf(
  network: Network,
  authority: Authority,
  shared: Environment,
): Promise<Record<ServiceName, Environment>> {
  const grpcPorts = new Map<ServiceName, number>();
  for (const name of SERVICES) grpcPorts.set(name, await freePort());
  const addresses = SERVICES.map(
    (name) => [`${name.toUpperCase()}_GRPC_URL`, `${network.hostOf(name)}:${grpcPorts.get(name)}`] as const,
  );
  const environments = SERVICES.map(async (name): Promise<[ServiceName, Environment]> => {
    const own = {
      ...shared,
      ...network.env,
      ...Object.fromEntries(addresses),
      ...(await tls(authority, network.hostOf(name), name)),
      PORT: String(await freePort()),
      GRPC_PORT: String(grpcPorts.get(name)),
      METRICS_PORT: String(await freePort()),
      LOG_LEVEL: 'info',
    };
    return [name, own];
  });
  return Object.fromEntries(await Promise.all(environments)) as Record<ServiceName, Environment>;
}

/** The name that servers let in, and no other; the gateway lets in audit's. */
export const GATEWAY_NAME = 'gateway.aegis.test';
export const AUDIT_NAME = 'audit.aegis.test';

/** The files lie open, for a container's account to read. */
async function tls(authority: Authority, host: string, name: ServiceName): Promise<Environment> {
  const files = await authority.issue([...new Set([host, `${name}.aegis.test`])]);
  await chmod(files.dir, 0o755);
  return {
    GRPC_TLS_CERT: files.certFile,
    GRPC_TLS_KEY: files.keyFile,
    GRPC_TLS_CA: files.caFile,
    GRPC_TLS_ALLOWED_NAMES: name === 'gateway' ? AUDIT_NAME : GATEWAY_NAME,
  };
}
