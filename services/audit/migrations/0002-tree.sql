-- The Merkle tree (RFC 6962) over the leaf hashes of each organisation, written in the transaction that appends them.
-- `tree` is all that is needed to go on with it and to tell its root: the hashes, one after another, of the fewest perfect
-- subtrees that make up the first `tree_size` entries. `tree_size` is below `size` only where the log is older than its
-- tree; the rest is then caught up with before anything is appended.
ALTER TABLE chain_heads
  ADD tree_size bigint NOT NULL DEFAULT 0,
  ADD tree      bytea  NOT NULL DEFAULT '';
GRANT UPDATE (tree_size, tree) ON chain_heads TO aegis_audit;

-- Whole tiles (c2sp.org/tlog-tiles): 256 hashes side by side, at level 0 the leaf hashes, above it the roots of the tiles
-- one level below. What is not a whole tile yet is read from the leaves, or from the roots of the tiles below.
CREATE TABLE tiles (
  organization_id uuid     NOT NULL,
  level           smallint NOT NULL,
  index           bigint   NOT NULL,
  root            bytea    NOT NULL,
  hashes          bytea    NOT NULL,
  PRIMARY KEY (organization_id, level, index)
) PARTITION BY HASH (organization_id);

DO $$ BEGIN
  FOR i IN 0..7 LOOP
    EXECUTE format('CREATE TABLE tiles_%s PARTITION OF tiles FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
    -- Hashes do not compress.
    EXECUTE format('ALTER TABLE tiles_%s ALTER hashes SET STORAGE EXTERNAL', i);
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON tiles_%s
                      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', i);
  END LOOP;
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON tiles FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON tiles FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CALL isolate_by_organization('tiles');
ALTER TABLE tiles ALTER organization_id SET STATISTICS 0;
GRANT SELECT, INSERT ON tiles TO aegis_audit;
