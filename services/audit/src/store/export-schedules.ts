import type { Tx } from '@aegis/postgres/transaction';
import type { Schedule } from '../domain/export/schedule.ts';

type ScheduleRow = Schedule & Record<string, unknown>;

const COLUMNS = `organization_id AS "organizationId", schedule_id AS "scheduleId", name, format, standard, part,
       differences, cadence, time_zone AS "timeZone", status, next_from AS "nextFrom", due_at AS "dueAt",
       created_by AS "createdBy", created_at AS "createdAt"`;

/** False, and nothing is done, where the id is taken: the request came before. */
export async function insertSchedule(tx: Tx, schedule: Omit<Schedule, 'createdAt' | 'status'>): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO export_schedules (organization_id, schedule_id, name, format, standard, part, differences, cadence,
       time_zone, status, next_from, due_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'active', $10, $11, $12) ON CONFLICT DO NOTHING`,
    [
      schedule.organizationId,
      schedule.scheduleId,
      schedule.name,
      schedule.format,
      schedule.standard,
      schedule.part,
      schedule.differences,
      schedule.cadence,
      schedule.timeZone,
      schedule.nextFrom,
      schedule.dueAt,
      JSON.stringify(schedule.createdBy),
    ],
  );
  return rowCount === 1;
}

export async function countSchedules(tx: Tx, organizationId: string): Promise<number> {
  const { rows } = await tx.query<{ count: bigint }>(
    `SELECT count(*) FROM export_schedules WHERE organization_id = $1 AND status <> 'deleted'`,
    [organizationId],
  );
  return Number(rows[0]?.count);
}

/** Null also for one that was deleted. */
export async function selectSchedule(tx: Tx, organizationId: string, scheduleId: string): Promise<Schedule | null> {
  const { rows } = await tx.query<ScheduleRow>(
    `SELECT ${COLUMNS} FROM export_schedules
     WHERE organization_id = $1 AND schedule_id = $2 AND status <> 'deleted'`,
    [organizationId, scheduleId],
  );
  return rows[0] ?? null;
}

/** Newest first; ids grow with time. */
export async function selectSchedules(
  tx: Tx,
  organizationId: string,
  before: string | null,
  limit: number,
): Promise<Schedule[]> {
  const { rows } = await tx.query<ScheduleRow>(
    `SELECT ${COLUMNS} FROM export_schedules
     WHERE organization_id = $1 AND status <> 'deleted' AND ($2::text IS NULL OR schedule_id < $2)
     ORDER BY schedule_id DESC LIMIT $3`,
    [organizationId, before, limit],
  );
  return rows;
}

/** False where it has that status already, or is not there. */
export async function updateScheduleStatus(
  tx: Tx,
  organizationId: string,
  scheduleId: string,
  status: 'active' | 'paused' | 'deleted',
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE export_schedules SET status = $3
     WHERE organization_id = $1 AND schedule_id = $2 AND status NOT IN ($3, 'deleted')`,
    [organizationId, scheduleId, status],
  );
  return rowCount === 1;
}

/** Active schedules whose next period is over, held until the transaction ends; those that another replica holds are left out. */
export async function holdDueSchedules(tx: Tx, limit: number): Promise<Schedule[]> {
  const { rows } = await tx.query<ScheduleRow>(
    `SELECT ${COLUMNS} FROM export_schedules WHERE status = 'active' AND due_at <= clock_timestamp()
     ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [limit],
  );
  return rows;
}

export async function moveSchedule(tx: Tx, schedule: Schedule, nextFrom: string, dueAt: Date): Promise<void> {
  await tx.query(
    'UPDATE export_schedules SET next_from = $3, due_at = $4 WHERE organization_id = $1 AND schedule_id = $2',
    [schedule.organizationId, schedule.scheduleId, nextFrom, dueAt],
  );
}
