-- Policies in shadow mode that matched an intent, as its decision told; null where none did.
ALTER TABLE intents ADD COLUMN shadow_policies json;
GRANT UPDATE (shadow_policies) ON intents TO aegis_gateway;
