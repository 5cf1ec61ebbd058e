-- Leaves are hashed as UTF-8 bytes; another encoding could not give back what was put in.
DO $$ BEGIN
  IF current_setting('server_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'the audit log needs a database whose encoding is UTF8, not %', current_setting('server_encoding');
  END IF;
END $$;

-- Where each organisation's chain ends. Its row lock is the one append lock of the organisation.
CREATE TABLE chain_heads (
  organization_id uuid PRIMARY KEY,
  -- Entries so far, hence the seq of the next one.
  size            bigint NOT NULL DEFAULT 0,
  head            text   NOT NULL DEFAULT repeat('0', 64),
  recorded_at     timestamptz
) WITH (fillfactor = 50);
CALL isolate_by_organization('chain_heads');

-- The log. `leaf` is the exact text that leaf_hash is the hash of; the columns before it repeat parts of it for look-ups.
CREATE TABLE entries (
  organization_id uuid        NOT NULL,
  seq             bigint      NOT NULL CHECK (seq >= 0),
  recorded_at     timestamptz NOT NULL,
  leaf_hash       bytea       NOT NULL,
  event_id        text COLLATE "C" NOT NULL,
  type            text COLLATE "C" NOT NULL,
  actor_id        text COLLATE "C" NOT NULL,
  subject_id      text COLLATE "C" NOT NULL,
  intent_id       text COLLATE "C",
  leaf            text COLLATE "C" NOT NULL,
  PRIMARY KEY (organization_id, seq),
  UNIQUE (organization_id, event_id)
) PARTITION BY HASH (organization_id);

-- What the leaves hold only as salted digests: {path: disclosure}. Taking a path out erases the value for good.
CREATE TABLE disclosures (
  organization_id uuid   NOT NULL,
  seq             bigint NOT NULL,
  disclosures     jsonb  NOT NULL,
  PRIMARY KEY (organization_id, seq)
) PARTITION BY HASH (organization_id);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

DO $$ BEGIN
  FOR i IN 0..7 LOOP
    -- Rows stay whole up to a page: compressing a leaf would cost more than the space it takes.
    EXECUTE format('CREATE TABLE entries_%s PARTITION OF entries FOR VALUES WITH (MODULUS 8, REMAINDER %s)
                      WITH (toast_tuple_target = 8160)', i, i);
    EXECUTE format('CREATE TABLE disclosures_%s PARTITION OF disclosures FOR VALUES WITH (MODULUS 8, REMAINDER %s)
                      WITH (toast_tuple_target = 8160)', i, i);
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON entries_%s
                      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', i);
  END LOOP;
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CALL isolate_by_organization('entries');
CALL isolate_by_organization('disclosures');

-- Statistics of the organisations would make the planner take one that is new, or has grown since, for one of a few rows,
-- and any index that starts with the organisation for as good as the right one. Without them it expects many rows of each.
ALTER TABLE entries ALTER organization_id SET STATISTICS 0;
ALTER TABLE disclosures ALTER organization_id SET STATISTICS 0;

CREATE INDEX entries_intent ON entries (organization_id, intent_id, seq) WHERE intent_id IS NOT NULL;
CREATE INDEX entries_type ON entries (organization_id, type, seq);
CREATE INDEX entries_actor ON entries (organization_id, actor_id, seq);
CREATE INDEX entries_subject ON entries (organization_id, subject_id, seq);

-- Positions up to which a whole check found the chain intact: a later check of a part starts and ends at one of them.
CREATE TABLE verified_positions (
  organization_id uuid        NOT NULL,
  size            bigint      NOT NULL,
  head            text        NOT NULL,
  verified_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (organization_id, size)
);
CALL isolate_by_organization('verified_positions');

-- The first seq below `size` recorded at `instant` or later, else `size`. Recorded times never go back along the chain,
-- so halving finds it in a few reads of the primary key, without an index of times.
CREATE FUNCTION first_seq_at(organization uuid, size bigint, instant timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint := 0;
  high bigint := size;
  middle bigint;
  recorded timestamptz;
BEGIN
  WHILE low < high LOOP
    middle := (low + high) / 2;
    SELECT e.recorded_at INTO recorded FROM entries e WHERE e.organization_id = organization AND e.seq = middle;
    IF recorded < instant THEN low := middle + 1; ELSE high := middle; END IF;
  END LOOP;
  RETURN low;
END
$$;

GRANT SELECT, INSERT ON entries, disclosures, verified_positions TO aegis_audit;
GRANT SELECT, INSERT, UPDATE (size, head, recorded_at) ON chain_heads TO aegis_audit;
