import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const REPOSITORY = join(import.meta.dirname, '../../..');
const POM = join(REPOSITORY, 'deploy/kafka-local/pom.xml');
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

const run = promisify(execFile);

export interface LocalKafkaOptions {
  /** Holds the broker's configuration and data. */
  readonly dir: string;
  readonly port: number;
  /** Clients must log in by SCRAM-SHA-512, and this is the first who may. Without one, nobody is asked. */
  readonly login?: KafkaLogin;
  /** Gets the broker's own lines: errors, and that it has started. */
  readonly onLine?: (line: string) => void;
}

export interface KafkaLogin {
  readonly username: string;
  readonly password: string;
}

export interface LocalKafka {
  readonly pid: number;
  /** Resolves when the broker's process is gone, wanted or not. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

/** The settings of a broker that is its own controller and needs no peers. */
export function singleNodeProperties(advertised: string, listener: string, controller: string): Record<string, string> {
  return {
    'node.id': '1',
    'process.roles': 'broker,controller',
    listeners: `PLAINTEXT://${listener},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://${advertised}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': `1@${controller}`,
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
  };
}

/** What is missing to run Kafka here, of `java` and `mvn`. */
export async function missingTools(): Promise<string[]> {
  const tools = [
    { name: 'java', args: ['-version'] },
    { name: 'mvn', args: ['--version'] },
  ];
  const found = await Promise.all(
    tools.map(({ name, args }) =>
      run(name, args).then(
        () => true,
        () => false,
      ),
    ),
  );
  return tools.filter((_, index) => !found[index]).map(({ name }) => name);
}

/** Downloads Kafka's jars by Maven unless they are there, and returns their folder. */
export async function kafkaJars(): Promise<string> {
  const version = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 8);
  const dir = join(REPOSITORY, `.aegis/kafka/libs-${version}`);
  if (await exists(dir)) return dir;
  const partial = `${dir}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  try {
    await run('mvn', ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${partial}`]);
    // Somebody else may have been faster.
    await rename(partial, dir).catch(async (error: unknown) => {
      if (!(await exists(dir))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return dir;
}

/** Starts a real Apache Kafka, formatted at its first start. Takes about four seconds once the jars are there. */
export async function startLocalKafka({ dir, port, login, onLine }: LocalKafkaOptions): Promise<LocalKafka> {
  const classPath = `${await kafkaJars()}/*`;
  const configuration = await configure(dir, port, login);
  if (!(await exists(join(dir, 'data/meta.properties')))) {
    const users = login ? ['--add-scram', `${SCRAM}=[name=${login.username},password=${login.password}]`] : [];
    const format = ['format', '--cluster-id', clusterId(), '--config', configuration, ...users];
    await run('java', [...JAVA, '-cp', classPath, 'kafka.tools.StorageTool', ...format]);
  }
  const logging = `-Dlog4j2.configurationFile=${join(dir, 'log4j2.properties')}`;
  const broker = spawn('java', [...JAVA, logging, '-cp', classPath, 'kafka.Kafka', configuration], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => broker.once('exit', () => resolve()));
  await started(broker, exited, onLine);
  return { pid: broker.pid ?? 0, exited, stop: () => stop(broker, exited) };
}

const JAVA = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

const SCRAM = 'SCRAM-SHA-512';

/** What a client is configured with to log in; the broker is one of its own. */
export function loginModule({ username, password }: KafkaLogin): string {
  return `org.apache.kafka.common.security.scram.ScramLoginModule required username="${username}" password="${password}";`;
}

function loginProperties(login: KafkaLogin): Record<string, string> {
  return {
    'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
    'sasl.enabled.mechanisms': SCRAM,
    'sasl.mechanism.inter.broker.protocol': SCRAM,
    'listener.name.plaintext.scram-sha-512.sasl.jaas.config': loginModule(login),
  };
}

async function configure(dir: string, port: number, login: KafkaLogin | undefined): Promise<string> {
  await mkdir(dir, { recursive: true });
  const properties = {
    ...singleNodeProperties(`localhost:${port}`, `127.0.0.1:${port}`, `127.0.0.1:${await freePort()}`),
    ...(login && loginProperties(login)),
    'log.dirs': join(dir, 'data'),
  };
  const file = join(dir, 'server.properties');
  await writeFile(file, lines(properties));
  await writeFile(
    join(dir, 'log4j2.properties'),
    lines({
      'appender.console.type': 'Console',
      'appender.console.name': 'console',
      'appender.console.layout.type': 'PatternLayout',
      'appender.console.layout.pattern': '%p %m%n',
      'rootLogger.level': 'error',
      'rootLogger.appenderRef.console.ref': 'console',
      'logger.server.name': 'kafka.server.KafkaRaftServer',
      'logger.server.level': 'info',
    }),
  );
  return file;
}

function lines(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** 16 random bytes as Kafka writes them; its tools would take a leading dash for an option. */
function clusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? clusterId() : id;
}

async function started(broker: ChildProcess, exited: Promise<void>, onLine?: (line: string) => void): Promise<void> {
  const output: string[] = [];
  const ready = new Promise<void>((resolve) => {
    for (const stream of [broker.stdout, broker.stderr]) {
      if (!stream) continue;
      createInterface(stream).on('line', (line) => {
        if (output.push(line) > 50) output.shift();
        onLine?.(line);
        if (line.includes('Kafka Server started')) resolve();
      });
    }
  });
  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  const timedOut = new Promise<void>((resolve) => deadline.addEventListener('abort', () => resolve()));
  const outcome = await Promise.race([
    ready.then(() => 'ready'),
    exited.then(() => 'ended'),
    timedOut.then(() => 'did not start in time'),
  ]);
  if (outcome === 'ready') return;
  broker.kill('SIGKILL');
  throw new Error(`Kafka ${outcome}:\n${output.join('\n')}`);
}

async function stop(broker: ChildProcess, exited: Promise<void>): Promise<void> {
  broker.kill('SIGTERM');
  const timer = setTimeout(() => broker.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}

export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
