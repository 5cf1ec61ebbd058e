-- A policy in shadow mode is evaluated and recorded, and never decides.
ALTER TABLE policy_versions
  ADD COLUMN mode text NOT NULL DEFAULT 'enforce' CHECK (mode IN ('enforce', 'shadow'));
