import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Programs that some tests need and a machine may lack, with where they are looked for and a question they answer. */
const TOOLS = {
  go: { commands: ['go', '/usr/local/go/bin/go'], question: ['version'] },
  python: {
    commands: ['python3', 'python'],
    question: ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))'],
  },
  promtool: { commands: ['promtool'], question: ['--version'], install: 'apt-get install prometheus' },
  gitleaks: {
    commands: ['gitleaks', join(homedir(), 'go/bin/gitleaks')],
    question: ['version'],
    install: 'go install github.com/zricethezav/gitleaks/v8@v8.28.0',
  },
} as const satisfies Readonly<Record<string, Tool>>;

interface Tool {
  readonly commands: readonly string[];
  readonly question: readonly string[];
  readonly install?: string;
}

/**
 * How to call a program. Without it this says so, loudly, and resolves to undefined, for the suite to be skipped; where
 * AEGIS_TEST_REQUIRE (a comma-separated list) names it, it throws.
 */
export async function findTool(name: keyof typeof TOOLS): Promise<string | undefined> {
  const { commands, question, install }: Tool = TOOLS[name];
  for (const command of commands) {
    const answers = await run(command, [...question]).then(
      () => true,
      () => false,
    );
    if (answers) return command;
  }
  const reason = `${commands.join(' or ')} cannot be run${install === undefined ? '' : `: ${install}`}`;
  if (process.env.AEGIS_TEST_REQUIRE?.split(',').includes(name)) {
    throw new Error(`AEGIS_TEST_REQUIRE names ${name}, but ${reason}`);
  }
  console.warn(`\n*** SKIPPED: the tests that need ${name} (${reason}) ***\n`);
  return undefined;
}

/** A Python with the packages of a requirements file, kept under `node_modules/.cache` for the next run. */
export async function pythonWith(python: string, requirements: string, cache: string): Promise<string> {
  const [interpreter, mark] = [join(cache, 'bin', 'python'), join(cache, 'installed.txt')];
  const wanted = await readFile(requirements, 'utf8');
  if ((await readFile(mark, 'utf8').catch(() => null)) === wanted && (await isFile(interpreter))) return interpreter;
  await mkdir(cache, { recursive: true });
  await run(python, ['-m', 'venv', '--clear', cache]);
  await run(interpreter, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  await writeFile(mark, wanted);
  return interpreter;
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
