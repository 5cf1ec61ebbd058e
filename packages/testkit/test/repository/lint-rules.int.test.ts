import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../..');

interface Example {
  readonly why: string;
  readonly path: string;
  readonly source: string;
  /** The rule that must speak; null: none may. */
  readonly rule: string | null;
}

const imports = (specifier: string) => `import { x } from '${specifier}';\nexport const y = x;\n`;
const LAYERS = 'no-restricted-imports';

const EXAMPLES: readonly Example[] = [
  {
    why: 'inbound reaches the store',
    path: 'services/policy/src/inbound/a.ts',
    source: imports('../store/x.ts'),
    rule: LAYERS,
  },
  {
    why: 'nested inbound reaches the store',
    path: 'services/gateway/src/inbound/http/b.ts',
    source: imports('../../store/x.ts'),
    rule: LAYERS,
  },
  {
    why: 'inbound calls a use case',
    path: 'services/policy/src/inbound/c.ts',
    source: imports('../usecases/x.ts'),
    rule: null,
  },
  {
    why: 'inbound imports the composition root',
    path: 'services/policy/src/inbound/d.ts',
    source: imports('../app.ts'),
    rule: LAYERS,
  },
  {
    why: 'a use case imports inbound',
    path: 'services/policy/src/usecases/a.ts',
    source: imports('../inbound/x.ts'),
    rule: LAYERS,
  },
  {
    why: 'a use case imports express',
    path: 'services/policy/src/usecases/b.ts',
    source: imports('express'),
    rule: LAYERS,
  },
  {
    why: 'a use case reaches the store',
    path: 'services/policy/src/usecases/c.ts',
    source: imports('../store/x.ts'),
    rule: null,
  },
  {
    why: 'the store calls a use case',
    path: 'services/policy/src/store/a.ts',
    source: imports('../usecases/x.ts'),
    rule: LAYERS,
  },
  { why: 'the store uses pg itself', path: 'services/policy/src/store/b.ts', source: imports('pg'), rule: LAYERS },
  {
    why: 'the domain reaches the store',
    path: 'services/policy/src/domain/a.ts',
    source: imports('../store/x.ts'),
    rule: LAYERS,
  },
  {
    why: 'the nested domain reaches the store',
    path: 'services/policy/src/domain/rules/a.ts',
    source: imports('../../store/x.ts'),
    rule: LAYERS,
  },
  { why: 'the domain reads files', path: 'services/policy/src/domain/b.ts', source: imports('node:fs'), rule: LAYERS },
  {
    why: 'the domain imports our infrastructure',
    path: 'services/policy/src/domain/c.ts',
    source: imports('@aegis/postgres/database'),
    rule: LAYERS,
  },
  {
    why: 'the domain leaves its folder',
    path: 'services/policy/src/domain/d.ts',
    source: imports('../x.ts'),
    rule: LAYERS,
  },
  {
    why: 'the domain imports itself',
    path: 'services/policy/src/domain/rules/e.ts',
    source: imports('../money.ts'),
    rule: null,
  },
  {
    why: 'the domain imports the contracts',
    path: 'services/policy/src/domain/f.ts',
    source: imports('@aegis/contracts/money'),
    rule: null,
  },
  {
    why: 'the domain imports the formats of the log',
    path: 'services/audit/src/domain/a.ts',
    source: imports('@aegis/verify/format/hashing'),
    rule: null,
  },
  {
    why: 'the verifier imports what it checks',
    path: 'packages/verify/src/a.ts',
    source: imports('@aegis/contracts/money'),
    rule: LAYERS,
  },
  {
    why: 'the verifier reaches the network',
    path: 'packages/verify/src/b.ts',
    source: imports('node:http'),
    rule: LAYERS,
  },
  {
    why: 'the verifier reads files',
    path: 'packages/verify/src/c.ts',
    source: imports('node:fs'),
    rule: null,
  },
  {
    why: 'the domain reads the clock',
    path: 'services/policy/src/domain/g.ts',
    source: 'export const y = Date.now();\n',
    rule: 'no-restricted-properties',
  },
  {
    why: 'the domain draws lots',
    path: 'services/policy/src/domain/h.ts',
    source: 'export const y = Math.random();\n',
    rule: 'no-restricted-properties',
  },
  {
    why: 'a service imports another',
    path: 'services/gateway/src/app.ts',
    source: imports('@aegis/policy/app'),
    rule: LAYERS,
  },
  {
    why: 'a service reaches into another by path',
    path: 'services/gateway/src/x.ts',
    source: imports('../../../services/policy/src/app.ts'),
    rule: LAYERS,
  },
  {
    why: 'a package imports a service',
    path: 'packages/http/src/a.ts',
    source: imports('@aegis/policy/app'),
    rule: LAYERS,
  },
  {
    why: 'the bus imports a service',
    path: 'packages/bus/src/a.ts',
    source: imports('@aegis/audit/app'),
    rule: LAYERS,
  },
  {
    why: 'standalone puts services together',
    path: 'packages/standalone/src/a.ts',
    source: imports('@aegis/policy/app'),
    rule: null,
  },
  { why: 'a service uses kafkajs', path: 'services/policy/src/inbound/k.ts', source: imports('kafkajs'), rule: LAYERS },
  {
    why: 'the bus uses kafkajs outside its adapter',
    path: 'packages/bus/src/postgres-log.ts',
    source: imports('kafkajs'),
    rule: LAYERS,
  },
  { why: "Kafka's adapter uses kafkajs", path: 'packages/bus/src/kafka/a.ts', source: imports('kafkajs'), rule: null },
  { why: 'a package uses pg', path: 'packages/http/src/b.ts', source: imports('pg'), rule: LAYERS },
  { why: 'the database package uses pg', path: 'packages/postgres/src/a.ts', source: imports('pg'), rule: null },
  {
    why: 'a service reads the environment',
    path: 'services/policy/src/usecases/e.ts',
    source: 'export const y = process.env;\n',
    rule: 'no-process-env',
  },
  {
    why: 'the environment comes in by import',
    path: 'services/policy/src/usecases/f.ts',
    source: "import { env } from 'node:process';\nexport const y = env;\n",
    rule: LAYERS,
  },
  {
    why: 'the configuration reads the environment',
    path: 'services/policy/src/config.ts',
    source: 'export const y = process.env;\n',
    rule: null,
  },
  {
    why: 'a service prints',
    path: 'services/policy/src/usecases/g.ts',
    source: "console.log('x');\n",
    rule: 'no-console',
  },
  { why: 'the command line prints', path: 'packages/cli/src/a.ts', source: "console.log('x');\n", rule: null },
  {
    why: 'a promise floats',
    path: 'packages/http/src/c.ts',
    source: 'const f = async () => 1;\nf();\n',
    rule: 'no-floating-promises',
  },
  {
    why: 'a promise is taken for a condition',
    path: 'packages/http/src/d.ts',
    source: 'const f = async () => true;\nexport const g = () => (f() ? 1 : 2);\n',
    rule: 'no-misused-promises',
  },
  {
    why: 'something else than a promise is awaited',
    path: 'packages/http/src/e.ts',
    source: 'export const g = async () => await 1;\n',
    rule: 'await-thenable',
  },
  {
    why: 'a switch forgets a state',
    path: 'packages/http/src/f.ts',
    source: "export function g(s: 'a' | 'b') {\n  switch (s) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n",
    rule: 'switch-exhaustiveness-check',
  },
  {
    why: 'a file only re-exports',
    path: 'packages/http/src/g.ts',
    source: "export * from './h.ts';\n",
    rule: 'no-barrel-file',
  },
  {
    why: 'a type is any',
    path: 'packages/http/src/h.ts',
    source: 'export const y = (x: any) => x;\n',
    rule: 'no-explicit-any',
  },
  {
    why: 'the compiler is told to look away',
    path: 'packages/http/src/i.ts',
    source: '// @ts-ignore\nexport const y: number = 1;\n',
    rule: 'ban-ts-comment',
  },
  {
    why: 'a test is left out',
    path: 'packages/http/test/a.unit.test.ts',
    source: "import { expect, it } from 'vitest';\nit.skip('x', () => expect(1).toBe(1));\n",
    rule: 'no-disabled-tests',
  },
  {
    why: 'a test asserts nothing',
    path: 'packages/http/test/b.unit.test.ts',
    source: "import { it } from 'vitest';\nit('x', () => undefined);\n",
    rule: 'expect-expect',
  },
];

interface Diagnostic {
  readonly filename: string;
  readonly code: string;
}

let dir: string;
let found: ReadonlyMap<string, readonly string[]>;

/** Lints every example in one run, under the repository's own configuration. */
async function lint(): Promise<ReadonlyMap<string, readonly string[]>> {
  await cp(join(ROOT, '.oxlintrc.json'), join(dir, '.oxlintrc.json'));
  await symlink(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
  await cp(join(ROOT, 'tsconfig.base.json'), join(dir, 'tsconfig.json'));
  for (const { path, source } of EXAMPLES) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), source);
  }
  const args = ['--type-aware', '-f', 'json', 'packages', 'services'];
  const stdout = await new Promise<string>((resolve) => {
    execFile(join(ROOT, 'node_modules/.bin/oxlint'), args, { cwd: dir }, (_error, output) => resolve(output));
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] };
  const rules = diagnostics.map(({ filename, code }) => [filename, /\((.+)\)/.exec(code)?.[1] ?? code] as const);
  return new Map(EXAMPLES.map(({ path }) => [path, rules.filter(([file]) => file === path).map(([, rule]) => rule)]));
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aegis-lint-'));
  found = await lint();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('the linter', () => {
  it.each(EXAMPLES.filter(({ rule }) => rule))('refuses it when $why ($path)', ({ path, rule }) => {
    expect(found.get(path)).toContain(rule);
  });

  it.each(EXAMPLES.filter(({ rule }) => !rule))('accepts it when $why ($path)', ({ path }) => {
    expect(found.get(path)).toEqual([]);
  });
});
