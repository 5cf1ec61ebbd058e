import type { Actor } from '@aegis/contracts/actor';
import type { ExportQuery } from '@aegis/verify/format/export/manifest';
import type { Cadence } from './cadence.ts';
import type { ExportPart } from './definition.ts';
import type { OnDifference } from './population.ts';

/** What a schedule exports. */
export interface ScheduleTerms {
  readonly name: string;
  readonly format: ExportQuery['format'];
  readonly standard: ExportQuery['standard'];
  readonly part: ExportPart;
  readonly differences: OnDifference;
  readonly cadence: Cadence;
  /** IANA; of the calendar that the periods go by. */
  readonly timeZone: string;
}

export interface Schedule extends ScheduleTerms {
  readonly organizationId: string;
  readonly scheduleId: string;
  readonly status: 'active' | 'paused';
  /** First date of the period that is planned next. */
  readonly nextFrom: string;
  /** When that period is over. */
  readonly dueAt: Date;
  readonly createdBy: Actor;
  readonly createdAt: Date;
}

/** One period of a schedule. */
export interface ExportRun {
  readonly organizationId: string;
  readonly scheduleId: string;
  /** Dates, half-open. */
  readonly periodFrom: string;
  readonly periodTo: string;
  readonly fromAt: Date;
  readonly toAt: Date;
  readonly status: 'waiting' | 'running' | 'failed' | 'completed';
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  readonly exportId: string | null;
  /** Why the last attempt failed. */
  readonly error: string | null;
  readonly file: string | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly completedAt: Date | null;
}

/** Where a run's file stands below the directory of all: nothing in it comes from a text that somebody chose. */
export function fileOf(
  { organizationId, scheduleId, periodFrom, periodTo }: ExportRun,
  { part, format }: Pick<ScheduleTerms, 'part' | 'format'>,
): { readonly folder: readonly string[]; readonly name: string } {
  const extension = part === 'bundle' ? 'zip' : format;
  return { folder: [organizationId, scheduleId], name: `${periodFrom}--${periodTo}.${extension}` };
}

const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 3_600_000;

/** How long a run that failed so often waits; it is never given up. */
export function retryAfterMs(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.max(attempts - 1, 0), LAST_RETRY_MS);
}
