import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
}

export interface Result {
  readonly name: string;
  readonly rows: readonly Row[];
  /** Ours beside a peer or a floor of the same run: what may be compared between machines. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const RESULTS = join(import.meta.dirname, '../results');

/** Prints the table and writes `bench/results/<name>.json` with the machine, the commit and the load average. */
export function publish(result: Result, loadBefore: readonly number[]): void {
  const width = Math.max(...result.rows.map(({ name }) => name.length));
  for (const { name, value, unit, note } of result.rows) {
    process.stdout.write(`${name.padEnd(width)}  ${format(value).padStart(10)} ${unit}${note ? `   ${note}` : ''}\n`);
  }
  process.stdout.write('\n');
  for (const [name, value] of Object.entries(result.ratios)) process.stdout.write(`${name}: ${format(value)}\n`);
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, `${result.name}.json`);
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? '',
    memoryBytes: totalmem(),
    node: process.version,
  };
  const facts = {
    ...result,
    machine,
    commit: commit(),
    loadAverage: { before: loadBefore, after: loadavg() },
    at: new Date().toISOString(),
  };
  writeFileSync(file, `${JSON.stringify(facts, null, 2)}\n`);
  process.stdout.write(
    `\nLoad average ${loadBefore.map(format).join(' ')} before, ${loadavg().map(format).join(' ')} after.\n${file}\n`,
  );
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

function commit(): string {
  try {
    const changed =
      execFileSync('git', ['status', '--porcelain', '--', ':!bench/results'], { encoding: 'utf8' }) !== '';
    return (
      execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim() +
      (changed ? ' with changes' : '')
    );
  } catch {
    return 'unknown';
  }
}
