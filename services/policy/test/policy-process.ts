import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MAIN = join(import.meta.dirname, '../src/main.ts');
const LINES_KEPT = 40;

export interface PolicyProcessOptions {
  /** What its connections to the database are called. */
  readonly name: string;
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
}

/** One replica of the service in a process of its own, as a Deployment runs it. */
export interface PolicyProcess {
  readonly name: string;
  /** Resolves when it has joined its group; rejects when it ends before, unless it was killed. */
  readonly started: Promise<void>;
  /** SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGSTOP, and SIGCONT after a while: what a machine does that is out of memory, or a virtual one that is moved. */
  freeze(ms: number): Promise<void>;
  /** SIGTERM: drains. Resolves to the exit code. */
  stop(): Promise<number | null>;
}

export function startPolicyProcess({ name, databaseUrl, brokers }: PolicyProcessOptions): PolicyProcess {
  const url = new URL(databaseUrl);
  url.searchParams.set('application_name', name);
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      DATABASE_URL: url.href,
      KAFKA_BROKERS: brokers.join(','),
      MIGRATE: 'false',
      POLICY_MAX_OPEN_APPROVALS: '1000000',
      GRPC_PORT: '0',
      METRICS_HOST: '127.0.0.1',
      METRICS_PORT: '0',
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  const { promise: started, resolve, reject } = Promise.withResolvers<void>();
  let killed = false;
  const take = (chunk: Buffer) => {
    const text = chunk.toString();
    if (output.push(text) > LINES_KEPT) output.shift();
    if (text.includes('"msg":"started"')) resolve();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exited = new Promise<number | null>((done) => {
    child.once('exit', (code) => {
      if (killed) resolve();
      else reject(new Error(`${name} ended with ${code}:\n${output.join('')}`));
      done(code);
    });
  });
  return {
    name,
    started,
    async kill() {
      killed = true;
      child.kill('SIGKILL');
      await exited;
    },
    async freeze(ms) {
      child.kill('SIGSTOP');
      await sleep(ms);
      child.kill('SIGCONT');
    },
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}
