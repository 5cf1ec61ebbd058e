-- What the bytes of an export follow from, beside the log: asked for again, it gives the same bytes.
CREATE TABLE exports (
  organization_id uuid NOT NULL,
  export_id       text COLLATE "C" NOT NULL,
  -- JSON, exactly as it was written.
  definition      text COLLATE "C" NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  PRIMARY KEY (organization_id, export_id)
);

-- The parts of an export that were written to their ends: the records alone, or the bundle.
CREATE TABLE export_parts (
  organization_id uuid NOT NULL,
  export_id       text COLLATE "C" NOT NULL,
  part            text COLLATE "C" NOT NULL CHECK (part IN ('records', 'bundle')),
  bytes           bigint NOT NULL,
  sha256          text COLLATE "C" NOT NULL,
  PRIMARY KEY (organization_id, export_id, part)
);

-- What the platform cannot know of the organisation's duties; each change is a version.
CREATE TABLE audit_settings (
  organization_id uuid NOT NULL,
  version         integer NOT NULL,
  settings        text COLLATE "C" NOT NULL,
  updated_at      timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  PRIMARY KEY (organization_id, version)
);

DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['exports', 'export_parts', 'audit_settings'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I
                      FOR EACH ROW EXECUTE FUNCTION refuse_change()', name);
    EXECUTE format('CALL isolate_by_organization(%L)', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO aegis_audit', name);
  END LOOP;
END $$;
