-- The second line of defence between organisations: a query that forgot its organisation sees nothing, and writes nothing.
-- `aegis.organization` is set for one transaction at a time: an organisation's id, or '*' for work across all of them.
-- Unset is NULL in a new session and '' in one that had it set before; both mean: none.
CREATE FUNCTION current_organization() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(nullif(current_setting('aegis.organization', true), '*'), '')::uuid;

CREATE FUNCTION all_organizations() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN current_setting('aegis.organization', true) = '*';

-- CALL isolate_by_organization('intents'): a row belongs to the organisation in its column organization_id.
-- The sub-selects are evaluated once a query, not once a row, and keep the planner's estimate near the truth: with a
-- function of the row it takes the policy for a rare condition and sorts whole organisations instead of reading an index.
CREATE PROCEDURE isolate_by_organization(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
  EXECUTE format(
    'CREATE POLICY organization ON %s
     USING (organization_id = (SELECT current_organization()) OR (SELECT all_organizations()))', target);
END
$$;
