import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@aegis/testkit/eventually';
import { freePort } from '@aegis/testkit/system';
import { endWithParent } from './child.ts';

/** ClickHouse's engine behind its HTTP interface in a process of its own, which can be killed. */
export interface ClickHouseProcess {
  readonly url: string;
  /** SIGKILL; `start` brings it back on the same data. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const SERVER = join(import.meta.dirname, 'clickhouse-server.ts');

export async function startClickHouseProcess(): Promise<ClickHouseProcess> {
  const dir = await mkdtemp(join(tmpdir(), 'aegis-test-clickhouse-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  const start = async () => {
    child = spawn(process.execPath, [SERVER, String(port), dir], { stdio: 'inherit' });
    endWithParent(child);
    await eventually(async () => (await fetch(`${url}/ping`)).ok, { timeoutMs: 30_000 });
  };
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  await start();
  return {
    url,
    start,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM');
      await rm(dir, { recursive: true, force: true });
    },
  };
}
