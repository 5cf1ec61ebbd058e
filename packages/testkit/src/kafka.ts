import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isAlive } from './run.ts';
import {
  freePort,
  kafkaJars,
  type LocalKafka,
  missingTools,
  singleNodeProperties,
  startLocalKafka,
} from './kafka-local.ts';

/** An Apache Kafka broker for tests. */
export interface KafkaServer {
  readonly brokers: readonly string[];
  /** Stops the broker and starts it again on the same port with the same data. Missing when it is not ours to stop. */
  readonly restart?: () => Promise<void>;
  /** SIGKILL; `restart` brings it back. Missing where it does not run as a process of this machine. */
  readonly kill?: () => Promise<void>;
  stop(): Promise<void>;
}

export interface KafkaSource {
  readonly name: string;
  start(): Promise<KafkaServer>;
}

const IMAGE = 'apache/kafka:4.1.0';
const TEMPORARY = 'aegis-test-kafka-';

/**
 * Where a Kafka can be had: `KAFKA_BROKERS` if set, a container if a Docker engine answers, else real Kafka started from
 * Maven's jars if `java` and `mvn` are there. Without any of these it says so and resolves to undefined, for the suite
 * to be skipped; where AEGIS_TEST_REQUIRE (a comma-separated list) names `kafka`, it throws.
 */
export async function findKafka(): Promise<KafkaSource | undefined> {
  const brokers = process.env.KAFKA_BROKERS;
  if (brokers)
    return { name: 'KAFKA_BROKERS', start: async () => ({ brokers: brokers.split(','), stop: async () => undefined }) };
  if (await dockerAnswers()) return { name: 'Docker', start: startContainer };
  const missing = await missingTools();
  if (missing.length === 0) return { name: 'Maven jars', start: startJars };
  const reason = `no Kafka: KAFKA_BROKERS is not set, no Docker engine answers, and ${missing.join(' and ')} cannot be run`;
  if (process.env.AEGIS_TEST_REQUIRE?.split(',').includes('kafka'))
    throw new Error(`AEGIS_TEST_REQUIRE=kafka, but ${reason}`);
  console.warn(`\n*** SKIPPED: the tests against Kafka (${reason}) ***\n`);
  return undefined;
}

async function dockerAnswers(): Promise<boolean> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
}

/** The port is chosen here because a broker must know, before it starts, the address that clients will use. */
async function startContainer(): Promise<KafkaServer> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const port = await freePort();
  const properties = singleNodeProperties(`localhost:${port}`, '0.0.0.0:9092', 'localhost:9093');
  const environment = Object.entries(properties).map(([name, value]) => [
    `KAFKA_${name.replaceAll('.', '_').toUpperCase()}`,
    value,
  ]);
  const container = await new GenericContainer(IMAGE)
    .withEnvironment(Object.fromEntries(environment))
    .withExposedPorts({ container: 9092, host: port })
    .withWaitStrategy(Wait.forLogMessage('Kafka Server started'))
    .start();
  return {
    brokers: [`localhost:${port}`],
    restart: () => container.restart(),
    stop: async () => void (await container.stop()),
  };
}

async function startJars(): Promise<KafkaServer> {
  await sweepAbandoned();
  await kafkaJars();
  const dir = await mkdtemp(join(tmpdir(), `${TEMPORARY}${process.pid}-`));
  const port = await freePort();
  const start = async (): Promise<LocalKafka> => {
    const broker = await startLocalKafka({ dir, port });
    await writeFile(join(dir, 'broker.pid'), String(broker.pid));
    return broker;
  };
  let broker = await start();
  return {
    brokers: [`localhost:${port}`],
    async restart() {
      await broker.stop();
      broker = await start();
    },
    async kill() {
      process.kill(broker.pid, 'SIGKILL');
      await broker.exited;
    },
    async stop() {
      await broker.stop();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A test run that was killed leaves its broker behind; the next run ends it. The folder's name holds the run's pid. */
async function sweepAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = Number(new RegExp(`^${TEMPORARY}(\\d+)-`).exec(name)?.[1]);
    if (!owner || isAlive(owner)) continue;
    const dir = join(tmpdir(), name);
    const broker = Number(await readFile(join(dir, 'broker.pid'), 'utf8').catch(() => ''));
    if (broker && (await commandOf(broker)).includes(dir)) process.kill(broker, 'SIGKILL');
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Empty when there is no such process. */
async function commandOf(pid: number): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout;
}
