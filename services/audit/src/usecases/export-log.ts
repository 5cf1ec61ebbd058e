import { createHash } from 'node:crypto';
import type { Actor } from '@aegis/contracts/actor';
import { newId } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import type { Logger } from '@aegis/runtime/log';
import { ChainCheck, describeFault, type Fault } from '../domain/chain-check.ts';
import type { NextSalt } from '../domain/entry.ts';
import type { Standard } from '@aegis/verify/format/export/profile';
import { type ExportFormat, RecordsFile } from '@aegis/verify/format/export/records-file';
import { NO_ROW_SETTINGS } from '@aegis/verify/format/export/row-settings';
import { readHead } from '../store/chain-heads.ts';
import { firstSeqAt, type SeqRange } from '../store/entries.ts';
import { readRange } from './read-range.ts';
import { type OwnEvent, recordOwnEvent } from './record-own-event.ts';
import { type RangeVerdict, verifyRange } from './verify-range.ts';

export interface ExportDependencies {
  readonly database: Database;
  readonly nextSalt: NextSalt;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface ExportLog {
  readonly organizationId: string;
  readonly actor: Actor;
  readonly format: ExportFormat;
  readonly standard: Standard;
  /** Half-open over the recorded times; null is without bound. */
  readonly from: Date | null;
  readonly to: Date | null;
}

/** The first piece names the file and is empty; the others are its bytes in order. */
export type ExportPiece = { readonly exportId: string } | { readonly content: Buffer };

/** What was sent so far. */
interface Tally {
  rows: number;
  bytes: number;
  readonly sha256: ReturnType<typeof createHash>;
}

const CHUNK_CHARS = 64 * 1024;

/**
 * Streams the entries recorded before the request, in constant memory. The log says so first (`export.requested`), and
 * afterwards either what was sent (`export.completed`, with its digest) or that it broke off (`export.aborted`): when
 * the reader went away, the chain failed its check, or a fault came in between.
 *
 * @throws ProblemError `export_refused` when the chain fails its check, which is made before the first byte
 */
export async function* exportLog(
  dependencies: ExportDependencies,
  command: ExportLog,
  signal: AbortSignal,
): AsyncGenerator<ExportPiece> {
  const exportId = newId('exp');
  const record = ownRecorder(dependencies, command, exportId);
  const source = await openSource(dependencies.database, command);
  const { format, standard, from, to } = command;
  const causationId = await record('export.requested', null, {
    exportId,
    format,
    standard,
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
  });
  const tally: Tally = { rows: 0, bytes: 0, sha256: createHash('sha256') };
  let outcome = 'the reader went away';
  try {
    const verdict = source && (await verifyRange(dependencies.database, source.chain, source.range, signal));
    if (verdict?.ok === false) throw refusal(verdict.fault);
    yield { exportId };
    for await (const content of render(dependencies.database, command, verdict, tally, signal)) yield { content };
    const { rows, bytes } = tally;
    await record('export.completed', causationId, { exportId, rows, bytes, sha256: tally.sha256.digest('hex') });
    outcome = 'completed';
  } catch (error) {
    if (!signal.aborted) outcome = error instanceof ProblemError ? error.message : 'an unexpected fault';
    throw error;
  } finally {
    if (outcome !== 'completed') {
      await record('export.aborted', causationId, { exportId, rows: tally.rows, cause: outcome }).catch(
        (error: unknown) => dependencies.log.error({ err: error, exportId }, 'the end of an export was not recorded'),
      );
    }
  }
}

function ownRecorder({ database, nextSalt, clock }: ExportDependencies, command: ExportLog, exportId: string) {
  const { organizationId, actor } = command;
  return <T extends 'export.requested' | 'export.completed' | 'export.aborted'>(
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
}

/** Null for an organisation without entries. */
function openSource(database: Database, { organizationId, from, to }: ExportLog) {
  return database.read({ organizationId }, async (tx) => {
    const chain = await readHead(tx, organizationId);
    if (chain === null) return null;
    const begin = from === null ? 0 : await firstSeqAt(tx, organizationId, chain.size, from);
    const end = to === null ? chain.size : await firstSeqAt(tx, organizationId, chain.size, to);
    const range: SeqRange = { from: begin, to: Math.max(begin, end) };
    return { chain, range };
  });
}

/** Checks every entry once more as it goes out: what is sent is what was checked before. */
async function* render(
  database: Database,
  { organizationId, format, standard, from }: ExportLog,
  verdict: Extract<RangeVerdict, { ok: true }> | null,
  tally: Tally,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const options = { format, standard, bom: false, settings: NO_ROW_SETTINGS, from: from?.toISOString() ?? null };
  const file = new RecordsFile(options);
  const flush = (text: string): Buffer => {
    const content = Buffer.from(text);
    tally.bytes += content.length;
    tally.sha256.update(content);
    return content;
  };
  let text = file.head();
  if (verdict) {
    const range = { from: verdict.begin.size, to: verdict.end.size };
    const check = new ChainCheck(organizationId, verdict.begin);
    for await (const page of readRange(database, organizationId, range, signal)) {
      for (const stored of page) {
        const checked = check.next(stored);
        if (!checked.ok) throw refusal(checked.fault);
        text += file.entry(checked.entry);
        tally.rows += 1;
        if (text.length >= CHUNK_CHARS) {
          yield flush(text);
          text = '';
        }
      }
    }
    const fault = check.end(verdict.end);
    if (fault) throw refusal(fault);
  }
  yield flush(text + file.tail());
}

function refusal(fault: Fault): ProblemError {
  return new ProblemError('export_refused', describeFault(fault));
}
