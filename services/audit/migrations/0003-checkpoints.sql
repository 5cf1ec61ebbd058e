-- The keys that sign an organisation's checkpoints, the newest last; the ones before it still verify what they signed.
CREATE TABLE log_keys (
  organization_id uuid        NOT NULL,
  generation      integer     NOT NULL,
  -- C2SP signed-note verifier key: <origin>+<key id>+<public key>.
  vkey            text COLLATE "C" NOT NULL,
  -- PKCS #8 under AES-256-GCM with a key derived from AEGIS_SECRET_KEY; NULL where the key comes from the configuration.
  private_key     bytea,
  introduced_at   timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  PRIMARY KEY (organization_id, generation),
  UNIQUE (organization_id, vkey)
);

-- Every tree head that was signed.
CREATE TABLE checkpoints (
  organization_id uuid        NOT NULL,
  size            bigint      NOT NULL,
  root            bytea       NOT NULL,
  -- C2SP tlog-checkpoint, exactly as it was handed out.
  note            text COLLATE "C" NOT NULL,
  signed_at       timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  PRIMARY KEY (organization_id, size)
);

DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['log_keys', 'checkpoints'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I
                      FOR EACH ROW EXECUTE FUNCTION refuse_change()', name);
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I
                      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
    EXECUTE format('CALL isolate_by_organization(%L)', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO aegis_audit', name);
  END LOOP;
END $$;
