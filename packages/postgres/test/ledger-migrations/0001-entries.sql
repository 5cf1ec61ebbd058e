CREATE TABLE entries (
  id              bigint PRIMARY KEY,
  organization_id uuid NOT NULL,
  amount_minor    bigint NOT NULL CHECK (amount_minor >= 0),
  note            jsonb,
  UNIQUE (organization_id, id)
);
CALL isolate_by_organization('entries');
GRANT SELECT, INSERT, UPDATE ON entries TO aegis_ledger;
