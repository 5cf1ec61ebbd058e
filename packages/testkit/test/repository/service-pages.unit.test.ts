import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

it('every variable that a service reads is told to those who run it', () => {
  const configs = globSync(['services/*/src/*config.ts', 'packages/{runtime,grpc,service}/src/*config.ts'], {
    cwd: ROOT,
  });
  const variables = configs.flatMap((file) =>
    [...read(file).matchAll(/^ +([A-Z][A-Z\d_]+): /gm)].map(([, name]) => name),
  );
  expect(new Set(variables).size).toBeGreaterThan(50);
  const told = ['docs/operations.md', 'docs/identity.md'].map(read).join('\n');
  expect(variables.filter((name) => !told.includes(`\`${name}\``))).toEqual([]);
});

it.each(globSync('services/*/migrations', { cwd: ROOT }))(
  'every table that %s makes stands in the README',
  (folder) => {
    const files = globSync(`${folder}/*.sql`, { cwd: ROOT });
    const made = files.flatMap((file) => [...read(file).matchAll(/CREATE TABLE (?:IF NOT EXISTS \S+\.)?(\w+) \(/g)]);
    const tables = made.flatMap(([, name]) => name ?? []);
    expect(tables).not.toEqual([]);
    const page = read(join(dirname(folder), 'README.md'));
    expect(tables.filter((table) => !page.includes(`\`${table}\``))).toEqual([]);
  },
);
