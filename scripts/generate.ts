import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { asyncApiStep } from './generate-asyncapi.ts';
import { chartReadmeStep } from './generate-chart-readme.ts';
import { dashboardsStep } from './generate-dashboards.ts';
import { licencesStep } from './generate-licences.ts';
import { lockfileStep } from './generate-lockfile.ts';
import { openApiStep } from './generate-openapi.ts';
import { pictureStep } from './generate-picture.ts';
import { protoTypesStep } from './generate-proto-types.ts';
import { type GenerateStep, listFiles } from './generate-step.ts';

const ROOT = join(import.meta.dirname, '..');

/** Everything in the tree that is made from something else in the tree. */
const STEPS: readonly GenerateStep[] = [
  protoTypesStep,
  asyncApiStep,
  openApiStep,
  pictureStep,
  chartReadmeStep,
  dashboardsStep,
  licencesStep,
  lockfileStep,
];

/** Paths, from the root, that differ from what `step` makes: changed, missing, or left over in a folder it owns. */
async function staleFiles(step: GenerateStep, outputs: ReadonlyMap<string, string>): Promise<string[]> {
  const stale: string[] = [];
  for (const [path, content] of outputs) {
    const current = await readFile(join(ROOT, path), 'utf8').catch(() => null);
    if (current !== content) stale.push(path);
  }
  const owned = step.ownedDir ? await listFiles(join(ROOT, step.ownedDir)) : [];
  return [...stale, ...owned.map((path) => relative(ROOT, path)).filter((path) => !outputs.has(path))];
}

async function writeStale(stale: readonly string[], outputs: ReadonlyMap<string, string>): Promise<void> {
  for (const path of stale) {
    const content = outputs.get(path);
    const target = join(ROOT, path);
    if (content === undefined) {
      await rm(target);
    } else {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
    }
  }
}

const checkOnly = process.argv.includes('--check');
let anyStale = false;
for (const step of STEPS) {
  const outputs = await step.outputs(ROOT);
  const stale = await staleFiles(step, outputs);
  anyStale ||= stale.length > 0;
  if (!checkOnly) await writeStale(stale, outputs);
  for (const path of stale) console.log(`${checkOnly ? 'stale' : 'wrote'} ${path} (${step.name})`);
}
if (checkOnly && anyStale) {
  console.error('Generated files are stale: run `npm run generate` and commit the result.');
  process.exitCode = 1;
}
