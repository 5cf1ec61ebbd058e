import type { Actor } from '@aegis/contracts/actor';
import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import { openCheckpoint } from '@aegis/verify/format/checkpoint';
import { FormatError } from '@aegis/verify/format/format-error';
import { parseVerifierKey } from '@aegis/verify/format/note';
import type { ExportQuery } from '@aegis/verify/format/export/manifest';
import { logOrigin } from '../../domain/log-key.ts';
import type { ExportDefinition } from '../../domain/export/definition.ts';
import type { OnDifference, Population } from '../../domain/export/population.ts';
import { latestSettings } from '../../store/audit-settings.ts';
import { readHead } from '../../store/chain-heads.ts';
import type { StoredCheckpoint } from '../../store/checkpoints.ts';
import { firstSeqAt } from '../../store/entries.ts';
import { insertExport } from '../../store/exports.ts';
import { selectLogKeys } from '../../store/log-keys.ts';

export interface ExportCommand {
  readonly organizationId: string;
  readonly actor: Actor;
  readonly query: ExportQuery;
  /** A checkpoint of this log that was kept, as a signed note; null: the bundle proves nothing of earlier ones. */
  readonly prior: string | null;
  readonly onDifference: OnDifference;
}

/** The places recorded in the time asked for, as the log stands now. */
export function rangeOf(
  database: Database,
  { organizationId, query }: ExportCommand,
): Promise<ExportDefinition['range']> {
  return database.read({ organizationId }, async (tx) => {
    const size = (await readHead(tx, organizationId))?.size ?? 0;
    const placeOf = (time: string) => firstSeqAt(tx, organizationId, size, new Date(time));
    const begin = query.from === null ? 0 : await placeOf(query.from);
    const end = query.to === null ? size : await placeOf(query.to);
    return { begin, end: Math.max(begin, end) };
  });
}

/** @throws ProblemError `invalid_request` when `prior` is no checkpoint that this log's keys signed */
export async function checkPrior(database: Database, { organizationId, prior }: ExportCommand): Promise<void> {
  if (prior === null) return;
  const keys = await database.read({ organizationId }, (tx) => selectLogKeys(tx, organizationId));
  try {
    openCheckpoint(
      prior,
      keys.map(({ vkey }) => parseVerifierKey(vkey)),
    );
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const message = `must be a checkpoint of this log as it was handed out: ${error.message}`;
    throw new ProblemError('invalid_request', 'prior is not a checkpoint of this log', [{ path: 'prior', message }]);
  }
}

export interface PlanDependencies {
  readonly database: Database;
  readonly origin: string;
  readonly codeCommit: string | null;
}

/** Fixes what the export's bytes follow from, so that it can be asked for again. */
export async function saveDefinition(
  { database, origin, codeCommit }: PlanDependencies,
  { organizationId, actor, query, prior }: ExportCommand,
  plan: {
    readonly exportId: string;
    readonly range: ExportDefinition['range'];
    readonly checkpoint: StoredCheckpoint;
    readonly population: Population;
    readonly now: Date;
  },
): Promise<ExportDefinition> {
  const { exportId, range, checkpoint, population, now } = plan;
  return database.tx({ organizationId }, async (tx) => {
    const { settings } = await latestSettings(tx, organizationId);
    const vkey = (await selectLogKeys(tx, organizationId)).at(-1)?.vkey ?? '';
    const definition: ExportDefinition = {
      exportId,
      organizationId,
      query,
      range,
      log: {
        origin: logOrigin(origin, organizationId),
        vkey,
        size: checkpoint.size,
        root: checkpoint.root.toString('base64'),
        checkpoint: checkpoint.note,
      },
      prior,
      generatedAt: now.toISOString(),
      generatedBy: actor,
      codeCommit,
      settings,
      population,
    };
    await insertExport(tx, definition);
    return definition;
  });
}
