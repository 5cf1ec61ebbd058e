import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pendingMigrations, readMigrationFiles } from '../src/migration-files.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'migration-files-'));
});
afterEach(() => rm(dir, { recursive: true }));

const write = (files: Record<string, string>) =>
  Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(dir, name), text)));

test('files come in the order of their numbers, whatever else lies there', async () => {
  await write({ '0002-b.sql': 'B', '0001-a.sql': 'A', 'README.md': '' });
  expect((await readMigrationFiles(dir)).map((file) => file.name)).toEqual(['0001-a.sql', '0002-b.sql']);
});

test('a file has one checksum, whether checked out with LF or CRLF', async () => {
  await write({ '0001-a.sql': 'SELECT 1;\nSELECT 2;\n', '0002-b.sql': 'SELECT 1;\r\nSELECT 2;\r\n' });
  const [lf, crlf] = await readMigrationFiles(dir);
  expect(lf?.checksum).toBe(crlf?.checksum);
});

test.each(['1-a.sql', '0001_a.sql', '0001-A.sql', 'a.sql'])('the name %s is refused', async (name) => {
  await write({ [name]: '' });
  await expect(readMigrationFiles(dir)).rejects.toThrow(`${name}: the name must look like 0001-name.sql`);
});

test('two files with one number are refused', async () => {
  await write({ '0001-a.sql': '', '0001-b.sql': '' });
  await expect(readMigrationFiles(dir)).rejects.toThrow('0001-b.sql: the number 0001 is taken by 0001-a.sql');
});

const file = (name: string, checksum = name) => ({ name, checksum, sql: '' });

test('what ran is not pending', () => {
  expect(pendingMigrations([file('0001-a.sql'), file('0002-b.sql')], [file('0001-a.sql')])).toEqual([
    file('0002-b.sql'),
  ]);
});

test('a file edited after it ran is named', () => {
  expect(() => pendingMigrations([file('0001-a.sql', 'new')], [file('0001-a.sql', 'old')])).toThrow(
    '0001-a.sql was changed after it had been applied',
  );
});

test('a file numbered before one that ran is named', () => {
  const files = [file('0001-a.sql'), file('0002-b.sql'), file('0003-c.sql')];
  expect(() => pendingMigrations(files, [file('0001-a.sql'), file('0003-c.sql')])).toThrow(
    '0002-b.sql sorts before 0003-c.sql, which has been applied',
  );
});

test('an older release starts beside a newer one', () => {
  expect(pendingMigrations([file('0001-a.sql')], [file('0001-a.sql'), file('0002-newer.sql')])).toEqual([]);
});
