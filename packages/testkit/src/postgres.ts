import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '@aegis/engines/postgres';
import { eventually } from './eventually.ts';
import { isAlive } from './run.ts';

export interface StartPostgresOptions {
  /** The data directory; kept afterwards. Default: one in the temporary folder, removed by `stop`. */
  readonly dir?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Server settings, such as `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface PostgresServer {
  /** Connects as a superuser. */
  readonly url: string;
  /** Shuts down, which cuts every connection, and starts again on the same port with the same data. */
  restart(): Promise<void>;
  /** SIGKILL to every process of it, as when the machine goes down; `restart` brings it back, by its log. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const TEMPORARY = 'aegis-test-postgres-';

/** Starts a real PostgreSQL of its own. Takes about a second. */
export async function startPostgres(options: StartPostgresOptions = {}): Promise<PostgresServer> {
  if (!options.dir) await sweepAbandoned();
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), `${TEMPORARY}${process.pid}-`)));
  const server = await startEmbeddedPostgres({
    dir,
    password: 'postgres',
    ...(options.port !== undefined && { port: options.port }),
    settings: { max_connections: '300', shared_buffers: '128MB', ...options.settings },
  });
  return {
    url: server.url,
    restart: () => server.restart(),
    kill: () => killServer(server.dir),
    async stop() {
      await server.stop();
      if (!options.dir) await rm(dir, { recursive: true, force: true });
    },
  };
}

async function killServer(dir: string): Promise<void> {
  const postmaster = await postmasterOf(dir);
  if (!postmaster) throw new Error(`no PostgreSQL runs in ${dir}`);
  const processes = (await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid='])).stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid = 0, parent]) => (pid === postmaster || parent === postmaster ? [pid] : []));
  for (const pid of processes) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  // Until the last is gone, the data belong to them.
  await eventually(() => !processes.some(isAlive));
}

async function postmasterOf(dir: string): Promise<number> {
  const pidFile = await readFile(join(dir, 'postmaster.pid'), 'utf8').catch(() => '');
  return Number(pidFile.split('\n')[0]);
}

/** A test run that was killed leaves its server behind; the next run ends it. The folder's name holds the run's pid. */
async function sweepAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = Number(new RegExp(`^${TEMPORARY}(\\d+)-`).exec(name)?.[1]);
    if (!owner || isAlive(owner)) continue;
    const dir = join(tmpdir(), name);
    const postmaster = await postmasterOf(dir);
    if (postmaster && isAlive(postmaster)) process.kill(postmaster, 'SIGQUIT');
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}
