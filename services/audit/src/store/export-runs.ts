import type { Tx } from '@aegis/postgres/transaction';
import type { ExportRun } from '../domain/export/schedule.ts';

type RunRow = Omit<ExportRun, 'bytes'> & { bytes: bigint | null } & Record<string, unknown>;

const COLUMNS = `organization_id AS "organizationId", schedule_id AS "scheduleId", period_from AS "periodFrom",
       period_to AS "periodTo", from_at AS "fromAt", to_at AS "toAt", status, attempts,
       next_attempt_at AS "nextAttemptAt", export_id AS "exportId", error, file, bytes, sha256,
       completed_at AS "completedAt"`;

const toRun = (row: RunRow): ExportRun => ({ ...row, bytes: row.bytes === null ? null : Number(row.bytes) });

export type NewRun = Pick<ExportRun, 'organizationId' | 'scheduleId' | 'periodFrom' | 'periodTo' | 'fromAt' | 'toAt'>;

/** Does nothing where the period has one. */
export async function insertRun(tx: Tx, run: NewRun): Promise<void> {
  await tx.query(
    `INSERT INTO export_runs (organization_id, schedule_id, period_from, period_to, from_at, to_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [run.organizationId, run.scheduleId, run.periodFrom, run.periodTo, run.fromAt, run.toAt],
  );
}

/** The latest period first, those before the one named. */
export async function selectRuns(
  tx: Tx,
  organizationId: string,
  scheduleId: string,
  before: string | null,
  limit: number,
): Promise<ExportRun[]> {
  const { rows } = await tx.query<RunRow>(
    `SELECT ${COLUMNS} FROM export_runs
     WHERE organization_id = $1 AND schedule_id = $2 AND ($3::text IS NULL OR period_from < $3)
     ORDER BY period_from DESC LIMIT $4`,
    [organizationId, scheduleId, before, limit],
  );
  return rows.map(toRun);
}

/** The export of the last period before this one that was completed. */
export async function selectExportBefore(tx: Tx, run: ExportRun): Promise<string | null> {
  const { rows } = await tx.query<{ id: string | null }>(
    `SELECT export_id AS id FROM export_runs
     WHERE organization_id = $1 AND schedule_id = $2 AND period_from < $3 AND status = 'completed'
     ORDER BY period_from DESC LIMIT 1`,
    [run.organizationId, run.scheduleId, run.periodFrom],
  );
  return rows[0]?.id ?? null;
}

/**
 * Takes the run that has waited longest, of a schedule that is active, and whose lease nobody holds. Replicas take
 * different ones.
 */
export async function claimRun(tx: Tx, lease: string, leaseMs: number): Promise<ExportRun | null> {
  const { rows } = await tx.query<RunRow>(
    `UPDATE export_runs SET status = 'running', attempts = attempts + 1, lease = $1,
            leased_until = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
     WHERE (organization_id, schedule_id, period_from) = (
       SELECT r.organization_id, r.schedule_id, r.period_from
       FROM export_runs r JOIN export_schedules s USING (organization_id, schedule_id)
       WHERE s.status = 'active' AND r.status <> 'completed' AND r.next_attempt_at <= clock_timestamp()
         AND (r.leased_until IS NULL OR r.leased_until < clock_timestamp())
       ORDER BY r.next_attempt_at, r.period_from LIMIT 1 FOR UPDATE OF r SKIP LOCKED)
     RETURNING ${COLUMNS}`,
    [lease, leaseMs],
  );
  return rows[0] ? toRun(rows[0]) : null;
}

/** False when the lease is somebody else's by now. */
export async function renewLease(tx: Tx, lease: string, leaseMs: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE export_runs SET leased_until = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
     WHERE lease = $1 AND status = 'running'`,
    [lease, leaseMs],
  );
  return rowCount === 1;
}

/** False when the lease is somebody else's by now. */
export async function setExportId(tx: Tx, lease: string, exportId: string): Promise<boolean> {
  const { rowCount } = await tx.query(`UPDATE export_runs SET export_id = $2 WHERE lease = $1 AND status = 'running'`, [
    lease,
    exportId,
  ]);
  return rowCount === 1;
}

export interface WrittenFile {
  /** Below the directory of all. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** False when the lease is somebody else's by now. */
export async function completeRun(tx: Tx, lease: string, { file, bytes, sha256 }: WrittenFile): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE export_runs SET status = 'completed', error = NULL, file = $2, bytes = $3, sha256 = $4, lease = NULL,
            leased_until = NULL, completed_at = date_trunc('milliseconds', clock_timestamp())
     WHERE lease = $1 AND status = 'running'`,
    [lease, file, bytes, sha256],
  );
  return rowCount === 1;
}

/** Gives the run back, to be tried again after a while; without an error it was only interrupted. */
export async function releaseRun(tx: Tx, lease: string, error: string | null, retryMs: number): Promise<void> {
  await tx.query(
    `UPDATE export_runs SET status = CASE WHEN $2::text IS NULL THEN 'waiting' ELSE 'failed' END,
            error = coalesce($2, error), lease = NULL, leased_until = NULL,
            next_attempt_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000)
     WHERE lease = $1 AND status = 'running'`,
    [lease, error, retryMs],
  );
}

/** How long the oldest period that is over waits to be exported, over all active schedules; 0 when none does. */
export async function overdueSeconds(tx: Tx): Promise<number> {
  const { rows } = await tx.query<{ seconds: number | null }>(
    `SELECT extract(epoch FROM clock_timestamp() - min(r.to_at))::float8 AS seconds
     FROM export_runs r JOIN export_schedules s USING (organization_id, schedule_id)
     WHERE r.status <> 'completed' AND s.status = 'active'`,
  );
  return Math.max(rows[0]?.seconds ?? 0, 0);
}
