-- Exports that are made again and again, each of a period of the calendar.
CREATE TABLE export_schedules (
  organization_id uuid NOT NULL,
  schedule_id     text COLLATE "C" NOT NULL,
  name            text NOT NULL,
  format          text NOT NULL CHECK (format IN ('json', 'csv')),
  standard        text NOT NULL CHECK (standard IN ('generic', 'rbi', 'eu_ai_act', 'sox')),
  part            text NOT NULL CHECK (part IN ('records', 'bundle')),
  differences     text NOT NULL CHECK (differences IN ('refuse', 'report')),
  cadence         text NOT NULL CHECK (cadence IN ('daily', 'weekly', 'monthly')),
  -- Of the dates; as it was when the schedule was made, so that periods meet without a gap.
  time_zone       text NOT NULL,
  -- Runs and files outlive a schedule that is deleted.
  status          text NOT NULL CHECK (status IN ('active', 'paused', 'deleted')),
  -- The first date of the period that is planned next, and the moment at which that period is over.
  next_from       text COLLATE "C" NOT NULL,
  due_at          timestamptz NOT NULL,
  created_by      json NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  PRIMARY KEY (organization_id, schedule_id)
);
CREATE INDEX export_schedules_due ON export_schedules (due_at) WHERE status = 'active';

-- One row a period: the key is what keeps it from being exported twice. Whoever holds the lease works at it.
CREATE TABLE export_runs (
  organization_id uuid NOT NULL,
  schedule_id     text COLLATE "C" NOT NULL,
  -- Dates, half-open, and the moments at which they begin.
  period_from     text COLLATE "C" NOT NULL,
  period_to       text COLLATE "C" NOT NULL,
  from_at         timestamptz NOT NULL,
  to_at           timestamptz NOT NULL,
  status          text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'failed', 'completed')),
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  lease           uuid,
  leased_until    timestamptz,
  -- Given before the export is begun: whoever goes on after a crash finds what was begun.
  export_id       text COLLATE "C",
  error           text,
  file            text,
  bytes           bigint,
  sha256          text,
  completed_at    timestamptz,
  PRIMARY KEY (organization_id, schedule_id, period_from),
  FOREIGN KEY (organization_id, schedule_id) REFERENCES export_schedules,
  CHECK ((status = 'completed') = (completed_at IS NOT NULL))
);
CREATE INDEX export_runs_open ON export_runs (next_attempt_at) WHERE status <> 'completed';

CALL isolate_by_organization('export_schedules');
CALL isolate_by_organization('export_runs');
GRANT SELECT, INSERT, UPDATE (status, next_from, due_at) ON export_schedules TO aegis_audit;
GRANT SELECT, INSERT, UPDATE ON export_runs TO aegis_audit;
