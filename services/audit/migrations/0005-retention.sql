-- What is disclosed of the log may be deleted, by a role of its own and from there alone: leaves, tree and checkpoints stay,
-- so that every proof still passes. The role reads what tells it what is due.
GRANT SELECT ON chain_heads, entries, audit_settings TO aegis_audit_retention;
GRANT SELECT, DELETE ON disclosures TO aegis_audit_retention;
