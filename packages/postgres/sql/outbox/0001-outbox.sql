-- Events committed with the state they tell of, waiting for the relay. A row that is here is unpublished.
CREATE TABLE outbox (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic      text NOT NULL,
  key        text NOT NULL,
  headers    text NOT NULL,
  value      text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (
  -- Rows stay whole up to a page: compressing what lives for a moment costs more than the space.
  toast_tuple_target = 8160,
  -- A queue: every row dies young. Vacuum by count, not by share, or the head of the index fills with dead entries.
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_threshold = 2000000000
);

DO $$ BEGIN
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON outbox TO %I', current_setting('aegis.role'));
  EXECUTE format('GRANT SELECT ON SEQUENCE outbox_id_seq TO %I', current_setting('aegis.role'));
END $$;
