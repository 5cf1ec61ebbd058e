import type { Authenticator, ForbiddenAttempt, IdempotencyStore, RateLimiter } from '@aegis/http/ports';
import type { Route } from '@aegis/http/route';
import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import type { Logger } from '@aegis/runtime/log';
import { startInterval } from '@aegis/service/interval';
import type { PolicyClient } from './clients.ts';
import type { IdentityConfig } from './config.ts';
import { callerOf } from './inbound/http/caller.ts';
import { identityRoutes } from './inbound/http/identity/identity-routes.ts';
import { createPasswordHasher, type PasswordHasher } from './security/password-hasher.ts';
import { createSecretBox } from '@aegis/runtime/secret-box';
import { loadSigningKeys, REFRESH_MS, type SigningKeys } from './security/signing-keys.ts';
import { createTokenVerifier } from './security/token-verifier.ts';
import type { AgentDirectory } from './usecases/intents/agent-directory.ts';
import { createAuthenticator } from './usecases/identity/authenticator.ts';
import { changePassword } from './usecases/identity/change-password.ts';
import { createApiKey } from './usecases/identity/create-api-key.ts';
import { createOrganization } from './usecases/identity/create-organization.ts';
import { createUser } from './usecases/identity/create-user.ts';
import { createIdempotencyStore } from './usecases/identity/idempotency-store.ts';
import { createLogInThrottle } from './usecases/identity/log-in-throttle.ts';
import { logIn } from './usecases/identity/log-in.ts';
import { getOrganization, updateOrganization } from './usecases/identity/organization-settings.ts';
import type { OrganizationSettings, PolicyOrganizations } from './usecases/identity/policy-organizations.ts';
import { createRateLimiter } from './usecases/identity/rate-limiter.ts';
import { getApiKey, searchApiKeys } from './usecases/identity/read-api-keys.ts';
import { getUser, searchUsers } from './usecases/identity/read-users.ts';
import { createForbiddenRecorder } from './usecases/identity/record-forbidden.ts';
import { revokeApiKey } from './usecases/identity/revoke-api-key.ts';
import { rotateApiKey } from './usecases/identity/rotate-api-key.ts';
import { updateUser } from './usecases/identity/update-user.ts';
import { whoAmI } from './usecases/identity/who-am-i.ts';

export interface IdentityDeps extends IdentityConfig {
  readonly db: Database;
  readonly agents: Pick<AgentDirectory, 'exists'>;
  readonly policy: Pick<PolicyClient, 'putOrganization' | 'getOrganization'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Default: scrypt at its production cost. */
  readonly hasher?: PasswordHasher;
  /** How often the last use of keys is written. Default 30,000. */
  readonly touchIntervalMs?: number;
}

/** Who may do what: the routes about it, and what every other route needs of it. */
export interface Identity {
  readonly routes: readonly Route[];
  readonly authenticator: Authenticator;
  readonly rateLimiter: RateLimiter;
  readonly idempotency: IdempotencyStore;
  readonly onForbidden: (attempt: ForbiddenAttempt) => void;
  /** Signs what this installation vouches for. */
  readonly signingKeys: Pick<SigningKeys, 'sign' | 'jwks'>;
  /** Writes what is counted or waiting. */
  stop(): Promise<void>;
}

export async function composeIdentity(deps: IdentityDeps): Promise<Identity> {
  const { db, agents, clock, log, hasher = createPasswordHasher() } = deps;
  const { issuer, oidc, tokenTtlSeconds, operatorKeys, perMinute } = deps;
  const policy = policyOrganizations(deps.policy);
  const keys = await loadSigningKeys({
    db,
    box: createSecretBox(deps.secretKeys),
    rotateAfterDays: deps.signingKeyDays,
  });
  const stopRefreshing = startInterval({
    run: async (first) => (first ? undefined : keys.refresh()),
    intervalMs: REFRESH_MS,
    what: 'refreshing the signing keys',
    log,
  });
  const verifyToken = createTokenVerifier({ keys, local: issuer, oidc, log });
  const authenticator = createAuthenticator({
    db,
    verifyToken,
    operatorKeys,
    log,
    touchIntervalMs: deps.touchIntervalMs,
  });
  const rateLimiter = createRateLimiter({ db, log, perMinute });
  const idempotency = createIdempotencyStore({ db, log });
  const forbidden = createForbiddenRecorder({ db, clock, log });
  const throttle = createLogInThrottle({ db, clock });
  const routes = identityRoutes({
    clock,
    jwks: keys.jwks,
    logIn: (command) => logIn({ db, hasher, keys, throttle, clock, issuer, tokenTtlSeconds }, command),
    whoAmI: (principal) => whoAmI({ db }, principal),
    changePassword: (command) => changePassword({ db, hasher, throttle }, command),
    createOrganization: (command) => createOrganization({ db, hasher, policy }, command),
    getOrganization: (principal) => getOrganization({ db, policy }, principal),
    updateOrganization: (command) => updateOrganization({ db, policy }, command),
    createUser: (command) => createUser({ db, hasher }, command),
    updateUser: (command) => updateUser({ db, hasher }, command),
    getUser: (organizationId, id) => getUser({ db }, organizationId, id),
    searchUsers: (request) => searchUsers({ db }, request),
    createApiKey: (command) => createApiKey({ db, agents }, command),
    rotateApiKey: (command) => rotateApiKey({ db }, command),
    revokeApiKey: (command) => revokeApiKey({ db }, command),
    getApiKey: (organizationId, id) => getApiKey({ db }, organizationId, id),
    searchApiKeys: (request) => searchApiKeys({ db }, request),
  });
  return {
    routes,
    authenticator,
    rateLimiter,
    idempotency,
    onForbidden: forbidden.record,
    signingKeys: keys,
    async stop() {
      await Promise.all([
        stopRefreshing(),
        authenticator.stop(),
        rateLimiter.stop(),
        idempotency.stop(),
        forbidden.stop(),
      ]);
    },
  };
}

/** The settings of an organisation, by gRPC. */
function policyOrganizations(client: IdentityDeps['policy']): PolicyOrganizations {
  const settingsOf = (answer: {
    baseCurrency: string;
    timeZone: string;
    defaultAction: string;
    fxMaxAgeHours: number;
  }): OrganizationSettings => ({
    baseCurrency: answer.baseCurrency,
    timeZone: answer.timeZone,
    defaultAction: answer.defaultAction as OrganizationSettings['defaultAction'],
    fxMaxAgeHours: answer.fxMaxAgeHours,
  });
  return {
    async put(caller, settings) {
      const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
      return settingsOf(await client.putOrganization({ caller: callerOf(caller), ...given }));
    },
    get: async (caller) => settingsOf(await client.getOrganization({ caller: callerOf(caller) })),
  };
}
