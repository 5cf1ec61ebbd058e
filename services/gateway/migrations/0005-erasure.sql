-- What was asked never changes, but its personal and free text can be erased.
GRANT UPDATE (reason, merchant, metadata) ON intents TO aegis_gateway;
