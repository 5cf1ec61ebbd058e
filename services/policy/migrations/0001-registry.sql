-- What an organisation settles for all its intents. Its row is the lock of its policies and of its policy-set version.
CREATE TABLE organizations (
  organization_id    uuid PRIMARY KEY,
  base_currency      text NOT NULL,
  base_exponent      smallint NOT NULL,
  time_zone          text NOT NULL,
  default_action     text NOT NULL CHECK (default_action IN ('allow', 'deny', 'require_approval')),
  policy_set_version integer NOT NULL,
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL
);

CREATE TABLE policies (
  organization_id uuid NOT NULL,
  policy_id       text NOT NULL,
  version         integer NOT NULL,
  archived        boolean NOT NULL,
  created_at      timestamptz NOT NULL,
  PRIMARY KEY (organization_id, policy_id)
);

-- Every version a policy ever had; rows are never changed. `json`, not `jsonb`: the text as it was digested.
CREATE TABLE policy_versions (
  organization_id uuid NOT NULL,
  policy_id       text NOT NULL,
  version         integer NOT NULL,
  name            text NOT NULL,
  description     text,
  priority        double precision NOT NULL,
  action          text NOT NULL CHECK (action IN ('allow', 'deny', 'require_approval')),
  rules           json NOT NULL,
  is_active       boolean NOT NULL,
  approval        json,
  archived        boolean NOT NULL,
  sha256          text NOT NULL,
  created_at      timestamptz NOT NULL,
  PRIMARY KEY (organization_id, policy_id, version)
);

-- Every set of policies and settings that ever decided; rows are never changed. `policies` lists {id, version, sha256}.
CREATE TABLE policy_set_versions (
  organization_id uuid NOT NULL,
  version         integer NOT NULL,
  sha256          text NOT NULL,
  base_currency   text NOT NULL,
  base_exponent   smallint NOT NULL,
  time_zone       text NOT NULL,
  default_action  text NOT NULL,
  policies        json NOT NULL,
  created_at      timestamptz NOT NULL,
  PRIMARY KEY (organization_id, version)
);

-- An agent's row is the lock of its budgets and decisions. Amounts are minor units of the base currency. The counters at
-- the end change with every payment, so pages keep room for the new version of a row beside the old one.
CREATE TABLE agents (
  organization_id     uuid NOT NULL,
  agent_id            uuid NOT NULL,
  name                text NOT NULL,
  description         text,
  risk_level          text NOT NULL CHECK (risk_level IN ('low', 'medium', 'high')),
  status              text NOT NULL CHECK (status IN ('active', 'suspended')),
  daily_limit_minor   numeric(40) CHECK (daily_limit_minor >= 0),
  monthly_limit_minor numeric(40) CHECK (monthly_limit_minor >= 0),
  owner_id            text,
  created_at          timestamptz NOT NULL,
  updated_at          timestamptz NOT NULL,
  history_count       bigint NOT NULL DEFAULT 0,
  history_sum_minor   numeric(60) NOT NULL DEFAULT 0,
  open_approvals      integer NOT NULL DEFAULT 0 CHECK (open_approvals >= 0),
  PRIMARY KEY (organization_id, agent_id)
) WITH (fillfactor = 70);

CALL isolate_by_organization('organizations');
CALL isolate_by_organization('policies');
CALL isolate_by_organization('policy_versions');
CALL isolate_by_organization('policy_set_versions');
CALL isolate_by_organization('agents');

GRANT SELECT, INSERT, UPDATE ON organizations, policies, agents TO aegis_policy;
GRANT SELECT, INSERT ON policy_versions, policy_set_versions TO aegis_policy;
