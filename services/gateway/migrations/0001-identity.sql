-- Organisations, the people in them, and the credentials that act for them. Times of lists are milliseconds, as cursors are.
CREATE TABLE organizations (
  id         uuid PRIMARY KEY,
  name       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  updated_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp())
);
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY organization ON organizations USING (id = (SELECT current_organization()) OR (SELECT all_organizations()));
GRANT SELECT, INSERT, UPDATE (name, updated_at) ON organizations TO aegis_gateway;

-- A person is either local (e-mail and password) or of an external issuer (issuer and subject, never the e-mail).
CREATE TABLE users (
  id              uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  -- Lower case. Identifies local users only.
  email           text COLLATE "C",
  name            text NOT NULL,
  roles           text[] NOT NULL,
  status          text NOT NULL CHECK (status IN ('active', 'disabled')),
  -- scrypt in PHC string format.
  password_hash   text,
  -- Counts what ends all sessions: a new password, a suspension. Tokens carry the number they were issued under.
  session_version integer NOT NULL DEFAULT 1,
  issuer          text COLLATE "C",
  subject         text COLLATE "C",
  created_at      timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  updated_at      timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  CHECK ((issuer IS NULL) = (subject IS NULL)),
  CHECK ((issuer IS NULL) = (password_hash IS NOT NULL)),
  CHECK (issuer IS NOT NULL OR email = lower(email))
);
CREATE UNIQUE INDEX users_email ON users (organization_id, email) WHERE issuer IS NULL;
CREATE UNIQUE INDEX users_identity ON users (organization_id, issuer, subject) WHERE issuer IS NOT NULL;
CREATE INDEX users_by_email ON users (email) WHERE issuer IS NULL;
CREATE INDEX users_by_time ON users (organization_id, created_at, id);
CALL isolate_by_organization('users');
GRANT SELECT, INSERT, UPDATE (email, name, roles, status, password_hash, session_version, updated_at) ON users TO aegis_gateway;

-- The secret itself is shown once and stored nowhere.
CREATE TABLE api_keys (
  id              text COLLATE "C" PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations,
  name            text NOT NULL,
  -- The beginning of the secret, by which people tell keys apart.
  prefix          text NOT NULL,
  secret_sha256   bytea NOT NULL CHECK (length(secret_sha256) = 32),
  -- The one agent the key acts for; null: any agent of the organisation, by scope.
  agent_id        uuid,
  scopes          text[] NOT NULL,
  -- Whose present permissions bound the key's.
  creator_id      uuid NOT NULL REFERENCES users,
  replaced_key_id text COLLATE "C" REFERENCES api_keys,
  created_at      timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  expires_at      timestamptz,
  revoked_at      timestamptz,
  last_used_at    timestamptz
);
CREATE UNIQUE INDEX api_keys_secret ON api_keys (secret_sha256);
CREATE INDEX api_keys_by_time ON api_keys (organization_id, created_at, id);
CALL isolate_by_organization('api_keys');
GRANT SELECT, INSERT, UPDATE (expires_at, revoked_at, last_used_at) ON api_keys TO aegis_gateway;

-- Ed25519 keys of the installation, one current a purpose. Belongs to no organisation.
CREATE TABLE signing_keys (
  id          text COLLATE "C" PRIMARY KEY,
  purpose     text NOT NULL CHECK (purpose IN ('login', 'authorization')),
  public_jwk  jsonb NOT NULL,
  -- PKCS #8 under AES-256-GCM with a key derived from AEGIS_SECRET_KEY.
  private_key bytea NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  -- Signs no more; verifies what it signed before.
  retired_at  timestamptz
);
CREATE UNIQUE INDEX signing_keys_current ON signing_keys (purpose) WHERE retired_at IS NULL;
GRANT SELECT, INSERT, UPDATE (retired_at) ON signing_keys TO aegis_gateway;

-- Requests that came with an Idempotency-Key, from the claim to the stored answer.
CREATE TABLE idempotency_keys (
  organization_id uuid NOT NULL,
  principal       text COLLATE "C" NOT NULL,
  method          text COLLATE "C" NOT NULL,
  path            text COLLATE "C" NOT NULL,
  key             text COLLATE "C" NOT NULL,
  body_sha256     text NOT NULL,
  -- Reserved for what the request creates; survives a crash between execution and answer.
  seed            uuid NOT NULL,
  -- Whoever holds the lease executes; null: nobody does.
  lease           uuid,
  leased_until    timestamptz,
  completed_at    timestamptz,
  -- Null in a completed row: the answer showed a secret.
  answer          jsonb,
  expires_at      timestamptz NOT NULL,
  PRIMARY KEY (organization_id, principal, method, path, key)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);
CALL isolate_by_organization('idempotency_keys');
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO aegis_gateway;

-- Requests and log-in attempts a window, shared by the replicas. Losing them in a crash costs one window's precision.
CREATE UNLOGGED TABLE rate_windows (
  bucket     text COLLATE "C" NOT NULL,
  started_at timestamptz NOT NULL,
  count      bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (bucket, started_at)
) WITH (fillfactor = 50);
CREATE INDEX rate_windows_expiry ON rate_windows (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_windows TO aegis_gateway;
