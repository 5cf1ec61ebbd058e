-- The next offset of every partition. Appending locks these rows until it commits, so a reader that sees an offset sees
-- all that came before it. They are updated all the time: room on the page keeps those updates off the index.
CREATE TABLE bus.partitions (
  topic     text    COLLATE "C" NOT NULL,
  partition integer NOT NULL,
  head      bigint  NOT NULL DEFAULT 0,
  PRIMARY KEY (topic, partition)
) WITH (fillfactor = 40);

-- Headers and value pass through as text: nothing here reads them. Messages stay in the row up to a page, uncompressed,
-- because compressing and fetching them from a side table would cost more than the space they take for a week.
CREATE TABLE bus.log (
  topic        text        COLLATE "C" NOT NULL,
  partition    integer     NOT NULL,
  "offset"     bigint      NOT NULL,
  key          text        COLLATE "C" NOT NULL,
  headers      text        COLLATE "C" NOT NULL,
  value        text        COLLATE "C" NOT NULL,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (topic, partition, "offset")
) WITH (toast_tuple_target = 8160);

-- Who is alive in a group. A member whose lease has run out owns nothing any more.
CREATE TABLE bus.members (
  "group"     text        COLLATE "C" NOT NULL,
  member      text        COLLATE "C" NOT NULL,
  instance    text        COLLATE "C" NOT NULL,
  topics      text[]      NOT NULL,
  lease_until timestamptz NOT NULL,
  PRIMARY KEY ("group", member)
) WITH (fillfactor = 40);

-- How far a group has come in a partition, and the member that alone may move it. `active_at` tells abandoned groups.
CREATE TABLE bus.group_offsets (
  "group"   text        COLLATE "C" NOT NULL,
  topic     text        COLLATE "C" NOT NULL,
  partition integer     NOT NULL,
  committed bigint      NOT NULL DEFAULT 0,
  owner     text        COLLATE "C",
  active_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY ("group", topic, partition),
  FOREIGN KEY (topic, partition) REFERENCES bus.partitions (topic, partition)
) WITH (fillfactor = 40);

-- Appends messages and returns the first offset given in each partition named, in the order named. `slots` says for each
-- message which of the named partitions it goes to (from 1), `nths` its place among those (from 0), `counts` how many.
CREATE FUNCTION bus.append(
  topics text[], partitions integer[], counts integer[],
  slots integer[], nths integer[], keys text[], headers text[], "values" text[]
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
  firsts bigint[];
BEGIN
  -- Always in the same order, or two appends could wait for each other.
  IF cardinality(append.topics) > 1 THEN
    PERFORM FROM bus.partitions p
      JOIN unnest(append.topics, append.partitions) AS named (topic, partition)
        ON p.topic = named.topic AND p.partition = named.partition
     ORDER BY p.topic, p.partition FOR NO KEY UPDATE OF p;
  END IF;

  WITH moved AS (
    UPDATE bus.partitions p SET head = p.head + named.count
      FROM unnest(append.topics, append.partitions, append.counts) WITH ORDINALITY
           AS named (topic, partition, count, slot)
     WHERE p.topic = named.topic AND p.partition = named.partition
    RETURNING named.slot, p.head - named.count AS first
  )
  SELECT array_agg(first ORDER BY slot) INTO firsts FROM moved;
  IF cardinality(firsts) IS DISTINCT FROM cardinality(append.topics) THEN
    RAISE EXCEPTION 'no such topic among %', append.topics USING ERRCODE = 'invalid_parameter_value';
  END IF;

  INSERT INTO bus.log (topic, partition, "offset", key, headers, value, published_at)
  SELECT append.topics[m.slot], append.partitions[m.slot], firsts[m.slot] + m.nth,
         m.key, m.headers, m.value, clock_timestamp()
    FROM unnest(append.slots, append.nths, append.keys, append.headers, append."values")
         AS m (slot, nth, key, headers, value);
  RETURN firsts;
END
$$;

GRANT SELECT, INSERT, UPDATE ON bus.partitions TO aegis_bus;
GRANT SELECT, INSERT, DELETE ON bus.log TO aegis_bus;
GRANT SELECT, INSERT, UPDATE, DELETE ON bus.members TO aegis_bus;
GRANT SELECT, INSERT, UPDATE, DELETE ON bus.group_offsets TO aegis_bus;
GRANT EXECUTE ON FUNCTION bus.append TO aegis_bus;
