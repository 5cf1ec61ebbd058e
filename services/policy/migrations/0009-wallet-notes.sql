-- What people wrote beside an entry goes when all that they wrote has to; the entry itself stays as it is.
GRANT UPDATE (note) ON wallet_entries TO aegis_policy;
CREATE INDEX wallet_entries_noted_by ON wallet_entries (organization_id, (actor ->> 'id')) WHERE note IS NOT NULL;
