-- What every decision was made from and what it answered, in the order of deciding: enough to decide it again and to
-- replay history. `submission` is what was asked for without its personal text, which stands in `personal` and is erased by
-- setting that to null. A row of an answer of people has `resolution` instead: {outcome, resolvedAt, pending}.
CREATE TABLE decision_log (
  organization_id uuid NOT NULL,
  -- Given under the locks that order decisions: what one decision counts, a later one has seen.
  seq             bigint GENERATED ALWAYS AS IDENTITY,
  intent_id       text NOT NULL,
  agent_id        uuid NOT NULL,
  -- Of the intent.
  created_at      timestamptz NOT NULL,
  submission      json,
  personal        json,
  resolution      json,
  decided         json NOT NULL,
  PRIMARY KEY (organization_id, seq),
  CHECK ((submission IS NULL) <> (resolution IS NULL))
) WITH (toast_tuple_target = 8160);

CREATE INDEX decision_log_by_time ON decision_log (organization_id, created_at) INCLUDE (seq);

CALL isolate_by_organization('decision_log');

GRANT SELECT, INSERT ON decision_log TO aegis_policy;
GRANT UPDATE (personal) ON decision_log TO aegis_policy;
