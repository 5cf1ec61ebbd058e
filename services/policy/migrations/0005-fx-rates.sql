-- Rates to the base currency, by the time from which they hold. Rows are never changed: a correction is another row with
-- the same time and the next revision, and the last one counts. `rate` is the text as it was given, exact.
CREATE TABLE fx_rates (
  organization_id uuid NOT NULL,
  currency        text NOT NULL,
  effective_at    timestamptz NOT NULL,
  revision        integer NOT NULL,
  rate_id         text NOT NULL,
  base_currency   text NOT NULL,
  rate            text NOT NULL,
  recorded_at     timestamptz NOT NULL,
  PRIMARY KEY (organization_id, currency, effective_at, revision)
);

CALL isolate_by_organization('fx_rates');
GRANT SELECT, INSERT ON fx_rates TO aegis_policy;

-- Hours after which a rate is too old to decide by.
ALTER TABLE organizations ADD COLUMN fx_max_age_hours integer NOT NULL DEFAULT 96;
ALTER TABLE policy_set_versions ADD COLUMN fx_max_age_hours integer NOT NULL DEFAULT 96;

-- When people answered, by the clock that decided it: an approval converts at the rate of that moment.
ALTER TABLE early_resolutions ADD COLUMN resolved_at timestamptz;
UPDATE early_resolutions SET resolved_at = received_at;
ALTER TABLE early_resolutions ALTER COLUMN resolved_at SET NOT NULL;
