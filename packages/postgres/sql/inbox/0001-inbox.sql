-- Events already handled, for handlers whose writes have no natural unique key.
CREATE TABLE inbox (
  event_id    text PRIMARY KEY,
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_received_at ON inbox (received_at);

DO $$ BEGIN
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON inbox TO %I', current_setting('aegis.role'));
END $$;
