/**
 * Writes `dist/`: the verifier as plain JavaScript for Node.js 20.15 or later, to be handed on without this repository.
 * Only types are taken out and the names of modules changed, so that each line is the one of its source.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const [source, target] = [join(root, 'src'), process.argv[2] ?? join(root, 'dist')];
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };

// Node says that its types can be taken out only experimentally; the sources are erasable, which the compiler checks.
process.removeAllListeners('warning');
await rm(target, { recursive: true, force: true });
for (const name of (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.ts'))) {
  const code = stripTypeScriptTypes(await readFile(join(source, name), 'utf8'));
  const file = join(target, name.replace(/\.ts$/, '.js'));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, code.replaceAll(/(from '\.{1,2}\/[^']+)\.ts'/g, "$1.js'"));
}
const main = '#!/usr/bin/env node\nimport "./main.js";\n';
await writeFile(join(target, 'aegis-verify.js'), main, { mode: 0o755 });
const about = {
  name: 'aegis-verify',
  version,
  license: 'Apache-2.0',
  type: 'module',
  bin: './aegis-verify.js',
  engines: { node: '>=20.15' },
};
await writeFile(join(target, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
