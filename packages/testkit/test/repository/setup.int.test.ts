import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../../../scripts/setup.mjs');

/** Stands in for npm: notes that it ran, then installs what FAKE_NPM names. */
const FAKE_NPM = `#!/bin/sh
echo "$@" >> "$LOG"
echo "added 2 packages"
[ -n "$FAKE_NPM_EXIT" ] && exit "$FAKE_NPM_EXIT"
mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json
`;

const LOCK = {
  packages: {
    '': { name: 'x' },
    'packages/a': { name: '@x/a' },
    'node_modules/@x/a': { resolved: 'packages/a', link: true },
    'node_modules/pg': { version: '8.0.0', integrity: 'sha512-a' },
    'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  },
};

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'aegis-setup-'));
  await mkdir(join(root, 'scripts'));
  await mkdir(join(root, 'bin'));
  await cp(SCRIPT, join(root, 'scripts/setup.mjs'));
  await writeFile(join(root, 'bin/npm'), FAKE_NPM, { mode: 0o755 });
  await writeFile(join(root, 'package-lock.json'), JSON.stringify(LOCK));
});
afterEach(() => rm(root, { recursive: true }));

function setUp(env: Record<string, string> = {}) {
  const PATH = `${join(root, 'node_modules/.bin')}:${join(root, 'bin')}:/usr/bin:/bin`;
  return spawnSync(process.execPath, ['scripts/setup.mjs'], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH, LOG: join(root, 'npm.log'), ...env },
  });
}

async function installs(): Promise<number> {
  const log = await readFile(join(root, 'npm.log'), 'utf8').catch(() => '');
  return log.split('\n').filter((line) => line.startsWith('ci')).length;
}

async function recordInstalled(packages: Record<string, unknown>): Promise<void> {
  await mkdir(join(root, 'node_modules'), { recursive: true });
  await writeFile(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
}

describe('scripts/setup.mjs', () => {
  it('installs once, showing what npm says, and then leaves things alone', async () => {
    const first = setUp();
    expect(first).toMatchObject({ status: 0, stdout: 'added 2 packages\n' });
    const second = setUp();
    expect(second).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(await installs()).toBe(1);
  });

  it('installs again when the lockfile names another version', async () => {
    setUp();
    const changed = { ...LOCK.packages, 'node_modules/pg': { version: '8.0.1', integrity: 'sha512-c' } };
    await writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages: changed }));
    expect(setUp().status).toBe(0);
    expect(await installs()).toBe(2);
  });

  it('recognises what `npm install` has already put there, without the optional packages of other platforms', async () => {
    const { 'node_modules/other-platform': _, ...packages } = LOCK.packages;
    await recordInstalled(packages);
    expect(setUp()).toMatchObject({ status: 0, stdout: '' });
    expect(await installs()).toBe(0);
  });

  it('installs when a package that is not optional is missing', async () => {
    const { 'node_modules/pg': _, ...packages } = LOCK.packages;
    await recordInstalled(packages);
    expect(setUp().status).toBe(0);
    expect(await installs()).toBe(1);
  });

  it('passes on a failed installation, and tries again the next time', async () => {
    const failed = setUp({ FAKE_NPM_EXIT: '7' });
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain('npm ci failed (exit code 7)');
    expect(setUp().status).toBe(0);
    expect(await installs()).toBe(2);
  });

  it('says what to do when install scripts were switched off', async () => {
    await recordInstalled(LOCK.packages);
    await mkdir(join(root, 'node_modules/node'));
    const { status, stderr } = setUp();
    expect(status).toBe(1);
    expect(stderr).toContain('npm ci --ignore-scripts=false');
  });
});
