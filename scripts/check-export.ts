import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Outcome, outcomeOf } from '@aegis/testkit/run';
import { findTool, pythonWith } from '@aegis/testkit/tools';

const HELP = `npm run check:export: an export as the programs open it that people use

Usage: npm run check:export -- BUNDLE.zip

unzip tests the archive; pandas and a strict reader read the CSV alike, and no cell would run as a formula; LibreOffice
opens it, told to run formulas where it sees one, and finds none. What is proved of the log is for aegis-verify to say.
Needs unzip, Python 3.11 or later with PyPI at the first time, and LibreOffice (soffice).

Ends with 1 when something does not hold, with 2 when a program is missing and the rest holds.
`;

const PYTHON = join(import.meta.dirname, '../packages/verify/test/interop/python');
const CACHE = join(import.meta.dirname, '../node_modules/.cache/aegis-interop');
/** Comma, double quote, UTF-8, from the first row; numbers as such; the last of the tokens runs formulas. */
const CSV_FILTER = 'CSV:44,34,76,1,,0,false,true,false,false,false,-1,true';

const { values, positionals } = parseArgs({ options: { help: { type: 'boolean' } }, allowPositionals: true });
const [bundle] = positionals;
if (values.help || bundle === undefined) {
  process.stdout.write(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  const folder = await mkdtemp(join(tmpdir(), 'aegis-check-export-'));
  try {
    process.exitCode = await check(bundle, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function check(archive: string, folder: string): Promise<number> {
  if (await isMissing('unzip', '-v')) return missing('unzip', 'apt install unzip');
  if (!holds('unzip', await outcomeOf('unzip', ['-tq', archive]))) return 1;
  const records = join(folder, 'records.csv');
  const extracted = await outcomeOf('unzip', ['-o', '-q', archive, 'records.csv', '-d', folder]);
  if (extracted.code !== 0) {
    process.stderr.write(`${archive} holds no records.csv: ask for the export with format=csv&bundle=zip.\n`);
    return 2;
  }
  const python = await findTool('python');
  if (python === undefined) return missing('Python', 'apt install python3 python3-venv');
  await mkdir(CACHE, { recursive: true });
  const interpreter = await pythonWith(python, join(PYTHON, 'requirements.txt'), CACHE);
  if (!holds('pandas', await outcomeOf(interpreter, [join(PYTHON, 'table.py'), records]))) return 1;
  if (await isMissing('soffice', '--version')) return missing('LibreOffice', 'apt install libreoffice-calc');
  const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
  const convert = [
    '--headless',
    profile,
    `--infilter=${CSV_FILTER}`,
    '--convert-to',
    'xlsx',
    '--outdir',
    folder,
    records,
  ];
  const converted = await outcomeOf('soffice', convert);
  if (converted.code !== 0) return holds('LibreOffice', converted) ? 0 : 1;
  const compared = await outcomeOf(interpreter, [
    join(PYTHON, 'spreadsheet.py'),
    records,
    join(folder, 'records.xlsx'),
  ]);
  return holds('LibreOffice', compared) ? 0 : 1;
}

function holds(who: string, { code, stdout, stderr }: Outcome): boolean {
  const [said = ''] = (code === 0 ? stdout : stderr || stdout).trim().split('\n').slice(-1);
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${who}: ${said}\n`);
  return code === 0;
}

function missing(who: string, remedy: string): number {
  process.stderr.write(`NOT CHECKED: ${who} is not here (${remedy}), nor what comes after it.\n`);
  return 2;
}

async function isMissing(command: string, question: string): Promise<boolean> {
  return outcomeOf(command, [question]).then(
    ({ code }) => code !== 0,
    () => true,
  );
}
