import { randomUUID } from 'node:crypto';
import { serviceActor } from '@aegis/contracts/actor';
import { newId } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import { exportBytes, scheduledExports } from '@aegis/runtime/domain-metrics';
import { type ExportRun, fileOf, retryAfterMs, type Schedule } from '../../domain/export/schedule.ts';
import { lockHeads } from '../../store/chain-heads.ts';
import {
  claimRun,
  completeRun,
  releaseRun,
  renewLease,
  selectExportBefore,
  setExportId,
} from '../../store/export-runs.ts';
import { selectSchedule } from '../../store/export-schedules.ts';
import { selectExport, selectPart } from '../../store/exports.ts';
import {
  exportAgain,
  type ExportDependencies,
  exportLog,
  type ExportPiece,
  type NewExport,
} from '../export/export-log.ts';
import { appendWith } from '../append-entries.ts';
import { ownEntry } from '../record-own-event.ts';
import { existing } from './change-schedules.ts';
import { type ExportPlace, type FileDigest, type PlacedFile, PlaceError } from './export-place.ts';

export interface RunDependencies extends ExportDependencies {
  readonly place: ExportPlace;
  /** A replica that does not renew its lease for so long is taken for dead. */
  readonly leaseMs: number;
}

/** A run that is ours for as long as the lease is. */
interface Job {
  readonly run: ExportRun;
  readonly schedule: Schedule;
  readonly target: PlacedFile;
  readonly lease: string;
}

const ACTOR = serviceActor('audit');

/**
 * Takes the next run whose time has come and exports its period. False when there is none.
 *
 * A period becomes one file of one export, also when a process dies at any point: the export's id is kept before it
 * begins, the same id gives the same bytes, and the file takes its name when it is whole. Whoever goes on after a crash
 * finds the file of that export, or makes it again.
 */
export async function runNext(dependencies: RunDependencies, signal: AbortSignal): Promise<boolean> {
  const { database, leaseMs, log } = dependencies;
  const lease = randomUUID();
  const run = await database.tx(ALL_ORGANIZATIONS, (tx) => claimRun(tx, lease, leaseMs));
  if (run === null) return false;
  const lost = new AbortController();
  const renewing = setInterval(() => {
    held(dependencies, (tx) => renewLease(tx, lease, leaseMs)).catch((error: unknown) => {
      if (error instanceof LeaseLostError) lost.abort(error);
      else log.warn({ err: error }, 'the lease of a scheduled export was not renewed');
    });
  }, leaseMs / 3);
  try {
    await perform(dependencies, run, lease, AbortSignal.any([signal, lost.signal]));
    scheduledExports.add(1, { result: 'completed' });
  } catch (error) {
    if (signal.aborted) await database.tx(ALL_ORGANIZATIONS, (tx) => releaseRun(tx, lease, null, 0));
    else if (!lost.signal.aborted && !(error instanceof LeaseLostError)) await fail(dependencies, run, lease, error);
  } finally {
    clearInterval(renewing);
  }
  return true;
}

async function perform(dependencies: RunDependencies, run: ExportRun, lease: string, signal: AbortSignal) {
  const { database } = dependencies;
  const { organizationId, scheduleId } = run;
  const scope = { organizationId };
  const schedule = await database.read(scope, (tx) => existing(selectSchedule(tx, organizationId, scheduleId)));
  // What was recorded within the period is committed once its append lock was ours.
  await database.tx(scope, (tx) => lockHeads(tx, [organizationId]));
  const job: Job = { run, schedule, target: fileOf(run, schedule), lease };
  const written = (await findWritten(dependencies, job)) ?? (await write(dependencies, job, signal));
  const file = [...job.target.folder, job.target.name].join('/');
  await held(dependencies, (tx) => completeRun(tx, lease, { file, ...written }));
}

/** The file, where an earlier attempt got so far as to put it into its place. */
async function findWritten(
  { database, place }: RunDependencies,
  { run: { organizationId, exportId }, schedule: { part }, target }: Job,
): Promise<FileDigest | null> {
  if (exportId === null) return null;
  const whole = await database.read({ organizationId }, (tx) => selectPart(tx, organizationId, exportId, part));
  const there = whole && (await place.digest(target));
  return there?.sha256 === whole?.sha256 ? there : null;
}

/** Makes the file: of the export that was begun, where it can still be had, or else of a new one. */
async function write(dependencies: RunDependencies, job: Job, signal: AbortSignal): Promise<FileDigest> {
  const { organizationId, exportId } = job.run;
  const { part } = job.schedule;
  const begun =
    exportId &&
    (await dependencies.database.read({ organizationId }, (tx) => selectExport(tx, organizationId, exportId)));
  if (begun) {
    const again = { organizationId, actor: ACTOR, exportId: begun.exportId, part, from: 0 };
    try {
      return await put(dependencies, job, exportAgain(dependencies, again, signal));
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'wrong_state')) throw error;
      // Personal data were erased since: its bytes cannot be had any more, and nobody was given them.
    }
  }
  const command = await newExport(dependencies, job);
  await held(dependencies, (tx) => setExportId(tx, job.lease, command.exportId));
  return put(dependencies, job, exportLog(dependencies, command, signal));
}

async function put(
  dependencies: RunDependencies,
  { schedule: { format, standard }, target, lease }: Job,
  pieces: AsyncIterable<ExportPiece>,
): Promise<FileDigest> {
  async function* content() {
    for await (const piece of pieces) {
      if (!('content' in piece)) continue;
      exportBytes.add(piece.content.length, { format, standard });
      yield piece.content;
    }
  }
  const isOurs = () => held(dependencies, (tx) => renewLease(tx, lease, dependencies.leaseMs));
  return dependencies.place.write(target, content(), isOurs);
}

/** Each bundle proves that the log only grew since the one before it. */
async function newExport(
  { database }: RunDependencies,
  { run, schedule }: Job,
): Promise<NewExport & { exportId: string }> {
  const { organizationId, scheduleId, fromAt, toAt } = run;
  const { format, standard, part, differences, timeZone } = schedule;
  const before = await database.read({ organizationId }, async (tx) => {
    const exportId = await selectExportBefore(tx, run);
    return exportId && selectExport(tx, organizationId, exportId);
  });
  return {
    exportId: newId('exp'),
    scheduleId,
    organizationId,
    actor: ACTOR,
    part,
    prior: before ? before.log.checkpoint : null,
    onDifference: differences,
    query: {
      format,
      standard,
      from: fromAt.toISOString(),
      to: toAt.toISOString(),
      tz: timeZone,
      bom: false,
      filter: null,
    },
  };
}

async function fail(dependencies: RunDependencies, run: ExportRun, lease: string, error: unknown): Promise<void> {
  const { database, nextSalt, clock, log } = dependencies;
  const { organizationId, scheduleId, periodFrom, periodTo, attempts } = run;
  const isTold = error instanceof ProblemError || error instanceof PlaceError;
  const cause = isTold ? error.message : 'an unexpected fault';
  log.error({ err: error, organizationId, scheduleId, periodFrom, attempts }, 'a scheduled export failed');
  scheduledExports.add(1, { result: 'failed' });
  await appendWith(database, { organizationId }, async (tx) => {
    await releaseRun(tx, lease, cause, retryAfterMs(attempts));
    const entry = ownEntry(nextSalt, {
      type: 'export_schedule.run_failed',
      organizationId,
      subject: scheduleId,
      actor: ACTOR,
      time: clock.now(),
      causationId: null,
      data: { scheduleId, from: periodFrom, to: periodTo, attempts, cause },
    });
    return { value: null, entries: [entry] };
  });
}

/** Another replica took the run over. */
class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Changes the run while it is ours. @throws LeaseLostError */
async function held({ database }: RunDependencies, change: (tx: Tx) => Promise<boolean>): Promise<void> {
  if (!(await database.tx(ALL_ORGANIZATIONS, change)))
    throw new LeaseLostError('the lease of a scheduled export was lost');
}
