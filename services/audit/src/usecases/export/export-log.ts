import type { KeyObject } from 'node:crypto';
import type { Actor } from '@aegis/contracts/actor';
import { newId } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import { parseCheckpoint } from '@aegis/verify/format/checkpoint';
import { parseNote } from '@aegis/verify/format/note';
import type { NextSalt } from '../../domain/entry.ts';
import type { ExportDefinition, ExportPart } from '../../domain/export/definition.ts';
import { describeNamed, type Population } from '../../domain/export/population.ts';
import type { StoredCheckpoint } from '../../store/checkpoints.ts';
import { insertPart, selectExport, selectPart, type WrittenPart } from '../../store/exports.ts';
import { lastSeqOfTypes } from '../../store/entries.ts';
import { type OwnEvent, recordOwnEvent } from '../record-own-event.ts';
import { Digest } from './digest.ts';
import { buildProof } from './build-proof.ts';
import { checkPrior, type ExportCommand, rangeOf, saveDefinition } from './plan-export.ts';
import { checkRange } from './check-range.ts';
import { type PopulationDependencies, readPopulation } from './read-population.ts';
import { type CheckedRange, RecordsPass } from './records-pass.ts';
import { refuse } from './refusal.ts';
import { together } from './together.ts';
import { writeBundle } from './write-bundle.ts';

export interface ExportDependencies extends PopulationDependencies {
  readonly nextSalt: NextSalt;
  readonly clock: Clock;
  /** The signed head of the log as it is now. */
  readonly signCheckpoint: (organizationId: string) => Promise<StoredCheckpoint>;
  readonly manifestKeyOf: (organizationId: string) => KeyObject;
  /** The first part of every log's origin. */
  readonly origin: string;
  /** The commit that this program was built from, where the configuration tells. */
  readonly codeCommit: string | null;
}

/** What a stream of an export begins with; the size is known only where the export was written to its end before. */
export interface ExportHead {
  readonly definition: ExportDefinition;
  readonly part: ExportPart;
  readonly totalBytes: number | null;
}

/** The head comes first; the others are the file's bytes in order. */
export type ExportPiece = ExportHead | { readonly content: Buffer };

export interface NewExport extends ExportCommand {
  readonly part: ExportPart;
  /** A new one unless given. */
  readonly exportId?: string;
  /** The schedule that asks. */
  readonly scheduleId?: string;
}

/**
 * Streams the entries recorded before the request, in constant memory. The log says so first (`export.requested`), and
 * afterwards either what was sent (`export.completed`, with its digest) or that it broke off (`export.aborted`): when
 * the reader went away, the chain failed its check, or a fault came in between.
 *
 * @throws ProblemError `export_refused` when the chain or the tree fails its check, which is made before the first byte
 */
export async function* exportLog(
  dependencies: ExportDependencies,
  command: NewExport,
  signal: AbortSignal,
): AsyncGenerator<ExportPiece> {
  const { exportId = newId('exp'), scheduleId } = command;
  const { database, clock } = dependencies;
  await checkPrior(database, command);
  const range = await rangeOf(database, command);
  const { query, prior, part } = command;
  const request: Request = { ...command, exportId, format: query.format };
  yield* recorded(
    dependencies,
    request,
    signal,
    {
      standard: query.standard,
      from: query.from,
      to: query.to,
      part,
      filter: query.filter,
      priorSize: prior === null ? null : parseCheckpoint(parseNote(prior).text).size,
      ...(scheduleId !== undefined && { scheduleId }),
    },
    async function* (tally) {
      const checkpoint = await dependencies.signCheckpoint(command.organizationId);
      const [checked, population] = await together(
        signal,
        (both) => checkRange(database, command.organizationId, range, checkpoint, both),
        (both) => readAgreed(dependencies, { ...command, range }, both),
      );
      const plan = { exportId, range, checkpoint, population, now: clock.now() };
      const definition = await saveDefinition(dependencies, command, plan);
      const proof = part === 'bundle' ? await buildProof(database, definition) : null;
      yield { definition, part, totalBytes: null };
      yield* content(dependencies, { definition, checked, proof, from: 0, first: null }, tally, signal);
    },
  );
}

/** @throws ProblemError `export_refused` when the operational database tells otherwise, unless that is to be reported */
async function readAgreed(...asked: Parameters<typeof readPopulation>): Promise<Population> {
  const population = await readPopulation(...asked);
  if ('untold' in population || population.onDifference === 'report') return population;
  const named = describeNamed(population.differences);
  return named === null ? population : refuse(named);
}

/** An export that was asked for before, wholly or from a byte on. */
export interface ExportAgain {
  readonly organizationId: string;
  readonly actor: Actor;
  readonly exportId: string;
  readonly part: ExportPart;
  readonly from: number;
}

/**
 * Streams an export once more: the same bytes, as long as nothing in it was erased since. Where it was never written to
 * its end, that is done once first, so that the length is known before the first byte.
 *
 * @throws ProblemError `not_found`; `wrong_state` when personal data were erased since; `range_not_satisfiable` at
 * its end or beyond, once it has told the length
 */
export async function* exportAgain(
  dependencies: ExportDependencies,
  command: ExportAgain,
  signal: AbortSignal,
): AsyncGenerator<ExportPiece> {
  const { database } = dependencies;
  const { organizationId, exportId, part, from } = command;
  const definition = await openDefinition(database, organizationId, exportId);
  const { format, standard, from: start, to, filter } = definition.query;
  const question = { standard, from: start, to, part, filter, again: true, fromByte: from };
  yield* recorded(dependencies, { ...command, format }, signal, question, async function* (tally) {
    const { range, log } = definition;
    const checked = await checkRange(
      database,
      organizationId,
      range,
      { size: log.size, root: Buffer.from(log.root, 'base64') },
      signal,
    );
    const proof = part === 'bundle' ? await buildProof(database, definition) : null;
    const known = await database.read({ organizationId }, (tx) => selectPart(tx, organizationId, exportId, part));
    const first =
      known ?? (await writeOnce(dependencies, { definition, checked, proof, from: 0, first: null }, signal));
    const totalBytes = first.bytes;
    yield { definition, part, totalBytes };
    if (from >= totalBytes) {
      throw new ProblemError(
        'range_not_satisfiable',
        `the export has ${totalBytes} bytes: none is left from ${from} on`,
      );
    }
    yield* content(dependencies, { definition, checked, proof, from, first }, tally, signal);
  });
}

/** What takes disclosures out of the log: when it is asked for, when it is complete, and by age. */
const ERASING = ['privacy.erase_requested', 'privacy.erased', 'retention.applied'];

async function openDefinition(database: Database, organizationId: string, exportId: string): Promise<ExportDefinition> {
  return database.read({ organizationId }, async (tx) => {
    const definition = await selectExport(tx, organizationId, exportId);
    if (definition === null) throw new ProblemError('not_found', 'no such export');
    const erased = await lastSeqOfTypes(tx, organizationId, ERASING);
    if (erased !== null && erased >= definition.log.size) {
      throw new ProblemError('wrong_state', 'personal data were erased since this export: ask for a new one');
    }
    return definition;
  });
}

interface Content {
  readonly definition: ExportDefinition;
  readonly checked: CheckedRange;
  /** `proof.json` of the bundle; null: the records alone. */
  readonly proof: string | null;
  /** Bytes before this one are written but not sent. */
  readonly from: number;
  /** What it has to be again; null: it is written for the first time. */
  readonly first: WrittenPart | null;
}

/**
 * Writes the file from its first byte, and sends it from `from` on. Where it was written before and comes out otherwise, as
 * another version of the program may write it, the last of it is never sent: nobody may take it for the rest of the first.
 */
async function* content(
  { database, manifestKeyOf }: ExportDependencies,
  { definition, checked, proof, from, first }: Content,
  tally: Tally,
  signal: AbortSignal,
): AsyncGenerator<ExportPiece> {
  const { organizationId, exportId } = definition;
  const pass = new RecordsPass(definition, proof !== null);
  const bundle =
    proof === null
      ? { bytes: pass.run(database, checked, signal), manifestSha256: () => null }
      : writeBundle(database, definition, pass, { checked, proof }, manifestKeyOf(organizationId), signal);
  const part = proof === null ? 'records' : 'bundle';
  const digest = new Digest();
  let held: Buffer | null = null;
  for await (const chunk of bundle.bytes) {
    const skip = Math.min(Math.max(from - digest.bytes, 0), chunk.length);
    digest.update(chunk);
    tally.rows = pass.file.totals.rows;
    if (first && digest.bytes > first.bytes) refuseOther();
    if (skip === chunk.length) continue;
    if (held) yield { content: held };
    held = chunk.subarray(skip);
  }
  const written = digest.end();
  if (first && written.sha256 !== first.sha256) refuseOther();
  if (held) yield { content: held };
  await database.tx({ organizationId }, (tx) => insertPart(tx, organizationId, exportId, part, written));
  tally.completed = { ...written, manifestSha256: bundle.manifestSha256() };
}

function refuseOther(): never {
  throw new ProblemError(
    'wrong_state',
    'this version of the service writes the export otherwise than it was written first: ask for a new one',
  );
}

async function writeOnce(dependencies: ExportDependencies, what: Content, signal: AbortSignal): Promise<WrittenPart> {
  const tally: Tally = { rows: 0, completed: null };
  for await (const _ of content(dependencies, what, tally, signal));
  if (!tally.completed) throw new Error('an export ended before it was complete');
  return tally.completed;
}

/** What was written so far. */
interface Tally {
  rows: number;
  completed: { readonly bytes: number; readonly sha256: string; readonly manifestSha256: string | null } | null;
}

interface Request {
  readonly organizationId: string;
  readonly actor: Actor;
  readonly exportId: string;
  readonly format: 'json' | 'csv';
}

/** Puts an entry before, and one after, what `run` streams. */
async function* recorded(
  { database, nextSalt, clock, log }: ExportDependencies,
  { organizationId, actor, exportId, format }: Request,
  signal: AbortSignal,
  question: Omit<OwnEvent<'export.requested'>['data'], 'exportId' | 'format'>,
  run: (tally: Tally) => AsyncGenerator<ExportPiece>,
): AsyncGenerator<ExportPiece> {
  const record = <T extends 'export.requested' | 'export.completed' | 'export.aborted'>(
    type: T,
    causationId: string | null,
    data: OwnEvent<T>['data'],
  ) =>
    recordOwnEvent(database, nextSalt, {
      type,
      organizationId,
      subject: exportId,
      actor,
      time: clock.now(),
      causationId,
      data,
    });
  const causationId = await record('export.requested', null, { exportId, format, ...question });
  const tally: Tally = { rows: 0, completed: null };
  let cause: string | null = 'the reader went away';
  try {
    yield* run(tally);
    if (tally.completed)
      await record('export.completed', causationId, { exportId, rows: tally.rows, ...tally.completed });
    cause = null;
  } catch (error) {
    if (!signal.aborted) cause = error instanceof ProblemError ? error.message : 'an unexpected fault';
    throw error;
  } finally {
    if (cause !== null) {
      await record('export.aborted', causationId, { exportId, rows: tally.rows, cause }).catch((error: unknown) =>
        log.error({ err: error, exportId }, 'the end of an export was not recorded'),
      );
    }
  }
}
