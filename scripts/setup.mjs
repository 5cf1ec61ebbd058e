// Runs before `npm start`, `npm test` and `npm run demo`, on whatever Node the machine has; installs what the lockfile
// names when something of it is missing, Node 24 for the other scripts included. Otherwise done within 50 ms.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MINIMUM_NODE = 20;
const ENGINE_PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockFile = join(root, 'package-lock.json');
const stampFile = join(root, 'node_modules/.aegis-setup');

function fail(...lines) {
  console.error(lines.map((line) => `setup: ${line}`).join('\n'));
  process.exit(1);
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** npm keeps its own record of what it installed; what it lacks of the lockfile, other platforms' files aside, is missing. */
function isInstalled() {
  const record = readText(join(root, 'node_modules/.package-lock.json'));
  if (record === null) return false;
  const installed = JSON.parse(record).packages;
  return Object.entries(JSON.parse(readFileSync(lockFile, 'utf8')).packages).every(([path, wanted]) => {
    if (!path.includes('node_modules/')) return true;
    const found = installed[path];
    return found ? found.version === wanted.version && found.integrity === wanted.integrity : wanted.optional === true;
  });
}

/**
 * npm ci deletes node_modules, so the `node` and `npm` of the machine must do it, not the ones in there. Its warnings are
 * about that old `node`, which runs nothing afterwards.
 */
function install() {
  console.error('setup: installing what package-lock.json names (npm ci); the first time takes a minute or two');
  const own = join('node_modules', '.bin');
  const PATH = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((dir) => !dir.endsWith(own))
    .join(delimiter);
  const { status, error } = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, PATH },
    stdio: 'inherit',
  });
  if (error) fail(`npm could not be started: ${error.message}`);
  if (status !== 0) fail(`npm ci failed (exit code ${status}); its output is above`);
}

/** `ignore-scripts=true` in someone's npmrc leaves the binaries of packages such as `node` out. */
function checkBinaries() {
  if (existsSync(join(root, 'node_modules/node')) && !existsSync(join(root, 'node_modules/node/bin/node'))) {
    fail('Node 24 was not unpacked, as install scripts are switched off', 'run: npm ci --ignore-scripts=false');
  }
}

const major = Number(process.versions.node.split('.')[0]);
if (major < MINIMUM_NODE) fail(`Node ${MINIMUM_NODE} or newer is needed to begin with; this is ${process.version}`);

const platform = `${process.platform}-${process.arch}`;
const needsEngines = !(process.env.DATABASE_URL && process.env.CLICKHOUSE_URL);
if (needsEngines && !ENGINE_PLATFORMS.includes(platform)) {
  fail(
    `there is no embedded PostgreSQL and ClickHouse for ${platform} (only for ${ENGINE_PLATFORMS.join(', ')})`,
    'set DATABASE_URL and CLICKHOUSE_URL to servers of your own, or use docker compose up',
  );
}

const stamp = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
if (readText(stampFile) !== stamp) {
  if (!isInstalled()) install();
  checkBinaries();
  writeFileSync(stampFile, stamp);
}
