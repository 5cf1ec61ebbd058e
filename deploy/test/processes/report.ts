import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checks } from '../checks.ts';
import { type Balance, type DecisionTimes, type Station, STATIONS } from './ledger.ts';
import { ROOT } from './launcher.ts';
import { type Load, outcomesOf, type Sent } from './load.ts';

/** How many requests of each kind came to which end. */
export function reportRequests(sent: readonly Sent[]): void {
  for (const [kind, title] of [
    ['submit', 'intents submitted'],
    ['respond', 'approvals answered'],
    ['read', 'reads'],
  ] as const) {
    const outcomes = outcomesOf(sent.filter((one) => one.kind === kind));
    const counts = [...outcomes].map(([outcome, count]) => `${count} ${outcome}`);
    console.log(`${title}: ${counts.join(', ') || 'none'}`);
  }
}

/** Every request was answered as it should be. */
export function holdNoFailure(sent: readonly Sent[], checks: Checks): void {
  const failed = sent.filter(({ outcome }) => outcome !== 'ok');
  for (const { at, detail, ms } of failed.slice(0, 10))
    console.log(`${new Date(at).toISOString()}, after ${ms} ms: ${detail}`);
  checks.hold(`of ${sent.length} requests ${failed.length} failed`, failed.length === 0);
}

/** Nothing that was accepted is missing anywhere, and nothing happened twice. */
export function holdBalance({ accepted, unanswered, missing, repeated }: Balance, checks: Checks): void {
  const total = accepted + unanswered;
  console.log(`${accepted} intents accepted, ${unanswered} more written whose answer did not arrive`);
  for (const [station, title] of Object.entries(STATIONS)) {
    const lost = missing[station as Station];
    checks.hold(`${title}: ${total - lost} of ${total}`, lost === 0);
  }
  checks.hold(`decided or logged twice: ${repeated}`, repeated === 0);
}

/** One line of how it went, for the documentation. */
export function summaryTable(
  load: Load,
  { accepted, unanswered, missing, repeated }: Balance,
  times: DecisionTimes,
): string {
  const of = (kind: Sent['kind']) => load.sent.filter((one) => one.kind === kind).length;
  const failed = load.sent.filter(({ outcome }) => outcome !== 'ok').length;
  const lost = Object.values(missing).reduce((sum, count) => sum + count, 0);
  const { p50, p99, max } = times;
  return [
    '| intents accepted | written, but not answered | answers of people | reads | requests failed | missing in any store | decided or logged twice | decided within, ms: p50, p99, all |',
    '|---|---|---|---|---|---|---|---|',
    `| ${accepted} | ${unanswered} | ${of('respond')} | ${of('read')} | ${failed} | ${lost} | ${repeated} | ${p50}, ${p99}, ${max} |`,
  ].join('\n');
}

const PAGE = join(ROOT, 'docs/resilience.md');

/** Prints a table and, when asked to, puts it between its marks in docs/resilience.md. */
export async function writeTable(name: string, table: string, write: boolean): Promise<void> {
  console.log(`\n${table}\n`);
  if (!write) return;
  const [begin, end] = [`<!-- measured: ${name} -->`, '<!-- /measured -->'];
  const page = await readFile(PAGE, 'utf8');
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${PAGE} has no place for the table: ${begin} … ${end}`);
  await writeFile(PAGE, `${page.slice(0, from + begin.length)}\n${table}\n${page.slice(to)}`);
}
