import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
