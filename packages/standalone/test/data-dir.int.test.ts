import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';

import { join } from 'node:path';
import { temporaryDataDir } from '@aegis/testkit/data-dir';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataDir, isClaimed } from '../src/data-dir.ts';
import { startEmbeddedPostgres } from '@aegis/engines/postgres';
import { assertPortFree } from '../src/preflight.ts';
import { readOrCreateSecrets } from '../src/secrets.ts';

let dir: string;
beforeEach(async () => {
  dir = await temporaryDataDir('aegis-data-dir-');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('the data directory', () => {
  it('belongs to one process at a time', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await writeFile(join(dir, 'running.pid'), String(other.pid));
    await expect(claimDataDir(dir)).rejects.toThrow(`already runs on ${dir} (process ${other.pid})`);
    expect(await isClaimed(dir)).toBe(true);
    other.kill('SIGKILL');
    await new Promise((resolve) => other.once('exit', resolve));
    const claimed = await claimDataDir(dir);
    await claimed.release();
    await (await claimDataDir(dir)).release();
    expect(await isClaimed(dir)).toBe(false);
  });

  it('that cannot be written is refused with what to do', async () => {
    await writeFile(join(dir, 'file'), '');
    await expect(claimDataDir(join(dir, 'file', 'below'))).rejects.toThrow('choose another by AEGIS_DATA_DIR');
  });

  it('keeps its secrets between starts', async () => {
    expect(await readOrCreateSecrets(dir)).toEqual(await readOrCreateSecrets(dir));
  });

  it('never gets other secrets for those that cannot be read, which sealed what is in it', async () => {
    await mkdir(join(dir, 'secrets.json'));
    await expect(readOrCreateSecrets(dir)).rejects.toThrow('EISDIR');
    expect(await readdir(dir)).toEqual(['secrets.json']);
    await rm(join(dir, 'secrets.json'), { recursive: true });
    await writeFile(join(dir, 'secrets.json'), '{"secretKey": ');
    await expect(readOrCreateSecrets(dir)).rejects.toThrow('Put a copy of it back');
  });
});

describe('the port', () => {
  it('that is taken is named before anything starts', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, done));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(assertPortFree(port)).rejects.toThrow(`Port ${port} is in use`);
    await new Promise((done) => server.close(done));
    await assertPortFree(port);
  });
});

describe('the embedded PostgreSQL', () => {
  it('takes over from a server that its parent left running, with the data', async () => {
    const options = { dir: join(dir, 'postgres'), password: "a word' with/odd signs" };
    const first = await startEmbeddedPostgres(options);
    const second = await startEmbeddedPostgres(options);
    expect(second.dir).toBe(first.dir);
    expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
    await second.stop();
    await second.stop();
  });

  it.runIf(process.getuid?.() === 0)(
    'as root, out of a private folder that its account cannot enter, begins afresh once its link is removed',
    async () => {
      await chmod(dir, 0o700);
      const options = { dir: join(dir, 'postgres'), password: 'first' };
      const first = await startEmbeddedPostgres(options);
      await first.stop();
      expect(await realpath(options.dir)).toBe(first.dir);
      await rm(options.dir);
      const second = await startEmbeddedPostgres({ ...options, password: 'second' });
      await second.stop();
      expect(second.dir).not.toBe(first.dir);
      await Promise.all([first.dir, second.dir].map((data) => rm(data, { recursive: true })));
    },
  );
});
