import { type Api, describeProblem } from '../api.ts';
import type { Progress } from '../progress.ts';
import type { AgentDirectory } from './agents.ts';
import { type ColumnMap, intentBody } from './columns.ts';
import type { Journal, Rejection } from './journal.ts';
import type { Source, SourceRow } from './source.ts';

export interface RunOptions {
  readonly api: Api;
  readonly source: Source;
  readonly columns: ColumnMap;
  readonly agents: AgentDirectory;
  readonly journal: Journal;
  readonly progress: Progress;
  /** Currency of rows that name none. */
  readonly currency: string;
  /** Requests in flight at once. */
  readonly concurrency: number;
  readonly keyPrefix: string;
  readonly signal: AbortSignal;
}

export interface RunResult {
  readonly accepted: number;
  readonly rejected: number;
  /** Refusals by code. */
  readonly reasons: ReadonlyMap<string, { count: number; first: Rejection }>;
  readonly interrupted: boolean;
}

const SAVE_EVERY_ROWS = 2_000;

/** Submits every row after the journal's place; row by row idempotent, at most `concurrency` at once. */
export async function submitRows(options: RunOptions): Promise<RunResult> {
  const { source, journal, progress, signal } = options;
  const tally = { ...journal.state };
  const reasons = new Map<string, { count: number; first: Rejection }>();
  const finished = new Set<number>();
  const inFlight = new Set<Promise<void>>();
  let unsaved: Rejection[] = [];
  let failure: unknown = null;

  async function save(): Promise<void> {
    const rejections = unsaved;
    unsaved = [];
    await journal.reject(rejections);
    await journal.save({ ...tally });
  }

  async function submit(row: SourceRow): Promise<void> {
    const rejection = await submitRow(row, options);
    if (rejection) {
      tally.rejected += 1;
      unsaved.push(rejection);
      const known = reasons.get(rejection.code) ?? { count: 0, first: rejection };
      const first = known.first.row < rejection.row ? known.first : rejection;
      reasons.set(rejection.code, { count: known.count + 1, first });
    } else tally.accepted += 1;
    finished.add(row.number);
    while (finished.delete(tally.rowsDone + 1)) tally.rowsDone += 1;
    progress.update(tally.accepted + tally.rejected, `${tally.rejected.toLocaleString('en')} refused`);
  }

  // Row 1 holds the headers, so a file that was never begun stands at row 1.
  tally.rowsDone = Math.max(tally.rowsDone, 1);
  const resumeAfter = tally.rowsDone;
  for await (const row of source.read()) {
    if (row.number <= resumeAfter) continue;
    if (signal.aborted || failure) break;
    const task = submit(row)
      .catch((error: unknown) => void (failure ??= error))
      .finally(() => inFlight.delete(task));
    inFlight.add(task);
    if (inFlight.size >= options.concurrency) await Promise.race(inFlight);
    if (row.number % SAVE_EVERY_ROWS === 0) await save();
  }
  await Promise.all(inFlight);
  await save();
  progress.finish();
  if (failure) throw failure;
  return { accepted: tally.accepted, rejected: tally.rejected, reasons, interrupted: signal.aborted };
}

/** @returns null when the intent was accepted */
async function submitRow(row: SourceRow, options: RunOptions): Promise<Rejection | null> {
  const { api, agents, columns, currency, keyPrefix } = options;
  const agent = (row.cells[columns.agent] ?? '').trim();
  if (agent === '') return { row: row.number, code: 'no_agent', reason: `the column ${columns.agent} is empty` };
  const json = intentBody(row.cells, columns, await agents.idOf(agent), currency);
  if (json === null) {
    return {
      row: row.number,
      code: 'not_a_number',
      reason: `${columns.amount} is not a number: ${row.cells[columns.amount]}`,
    };
  }
  const headers = { 'idempotency-key': `${keyPrefix}:${row.number}` };
  const answer = await api.send({ method: 'POST', path: '/v1/intents', json, headers });
  if (answer.status === 202 || answer.status === 200) return null;
  if (answer.status === 400 || answer.status === 422) {
    const code = (answer.body as { code?: string } | null)?.code ?? `http_${answer.status}`;
    return { row: row.number, code, reason: describeProblem(answer) };
  }
  throw new Error(`row ${row.number}: ${describeProblem(answer)}`);
}
