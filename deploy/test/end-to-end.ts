import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcomeOf } from '@aegis/testkit/run';
import type { Checks } from './checks.ts';
import type { SeparateSystem } from './system.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface EndToEndOptions {
  /** Which gateway to ask. Default: the first. */
  readonly baseUrl?: string;
  /** Whose end-to-end suite. Default: this checkout's. */
  readonly root?: string;
  /** Of the check, when there are several. */
  readonly title?: string;
}

/** The end-to-end suite, through the gateway of a system that runs already. */
export async function passEndToEnd(
  { facts, operatorKey }: SeparateSystem,
  checks: Checks,
  { baseUrl = facts.baseUrl, root = ROOT, title = 'the end-to-end suite passes' }: EndToEndOptions = {},
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'aegis-e2e-'));
  try {
    const file = join(dir, 'system.json');
    await writeFile(file, JSON.stringify({ facts: { ...facts, baseUrl }, operatorKey }), { mode: 0o600 });
    const report = join(dir, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { code, stdout, stderr } = await outcomeOf('npx', ['vitest', 'run', '--project=e2e', ...reporters], {
      cwd: root,
      env: { AEGIS_E2E_SYSTEM: file, NO_COLOR: '1' },
    });
    if (code !== 0) console.log(stdout, stderr);
    checks.suite(title, await countsOf(report), code === 0);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** None where the suite ended before its first test: then it wrote no report. */
async function countsOf(report: string): Promise<{ passed: number; failed: number }> {
  const text = await readFile(report, 'utf8').catch(() => null);
  if (text === null) return { passed: 0, failed: 0 };
  const { numPassedTests, numFailedTests } = JSON.parse(text) as { numPassedTests: number; numFailedTests: number };
  return { passed: numPassedTests, failed: numFailedTests };
}
