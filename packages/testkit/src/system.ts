import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryDataDir } from './data-dir.ts';

/** What `npm start` writes about the demonstration's organisation. */
export interface DemoFacts {
  readonly baseUrl: string;
  readonly organizationId: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly developerEmail: string;
  readonly developerPassword: string;
  readonly agentId: string;
  readonly agentKey: string;
}

export interface SystemOptions {
  /** Kept afterwards when given. Default: a temporary one, removed by `stop`. */
  readonly dataDir?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Such as KAFKA_BROKERS or DATABASE_URL, to replace one embedded engine. */
  readonly env?: Readonly<Record<string, string>>;
  readonly startTimeoutMs?: number;
}

/** The whole system in a process of its own, as `npm start` runs it. */
export interface System {
  readonly facts: DemoFacts;
  readonly dataDir: string;
  readonly pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** SIGTERM: drains. Resolves to the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL: as a crash would. */
  kill(): Promise<void>;
}

const MAIN = join(import.meta.dirname, '../../standalone/src/main.ts');

/** Starts the system and waits until it says that it is ready. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const dataDir = options.dataDir ?? (await temporaryDataDir('aegis-system-'));
  const port = options.port ?? (await freePort());
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...options.env, AEGIS_DATA_DIR: dataDir, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const text = () => output.join('');
  await untilReady(child, text, options.startTimeoutMs ?? 90_000);
  const facts = JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')) as DemoFacts;
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    facts,
    dataDir,
    pid: child.pid ?? 0,
    output: text,
    async stop() {
      child.kill('SIGTERM');
      const code = await exited;
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function untilReady(child: ChildProcess, text: () => string, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (failure: string | null) => {
      clearTimeout(timer);
      child.off('exit', onExit);
      child.stdout?.off('data', onData);
      if (failure === null) resolve();
      else reject(new Error(`The system did not start (${failure}):\n${text()}`));
    };
    const onExit = (code: number | null) => settle(`exit code ${code}`);
    const onData = () => {
      if (text().includes('Aegis Comply is ready')) settle(null);
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      settle(`${timeoutMs} ms passed`);
    }, timeoutMs);
    child.once('exit', onExit);
    child.stdout?.on('data', onData);
  });
}

/** A TCP port of the loopback interface that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}
