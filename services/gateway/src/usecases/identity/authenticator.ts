import { hash, timingSafeEqual } from 'node:crypto';
import { ProblemError } from '@aegis/contracts/problems';
import type { Authenticator } from '@aegis/http/ports';
import { OPERATOR } from '@aegis/http/principal';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { createGroupCommit } from '@aegis/postgres/group-commit';
import type { Logger } from '@aegis/runtime/log';
import { v7 } from 'uuid';
import { API_KEY_PREFIX, apiKeyDigest, isApiKeySecret } from '../../domain/identity/api-key-secret.ts';
import type { User } from '../../domain/identity/user.ts';
import type { TokenVerifier, VerifiedToken } from '../../security/token-verifier.ts';
import { findCredentials, type StoredCredential, touchApiKeys } from '../../store/identity/api-keys.ts';
import { findUsersById } from '../../store/identity/users.ts';
import { CredentialCache, type LoadedCredential } from './credential-cache.ts';
import { keyPrincipal, userPrincipal } from './principals.ts';
import { signInExternally } from './sign-in-externally.ts';

export interface AuthenticatorDeps {
  readonly db: Pick<Database, 'tx' | 'read'>;
  readonly verifyToken: TokenVerifier;
  /** Creates organisations and nothing else. Null: nobody may. */
  /** Each is good, so that one can follow another. */
  readonly operatorKeys: readonly string[];
  readonly log: Logger;
  /** How often the last use of keys is written. Default 30,000. */
  readonly touchIntervalMs?: number | undefined;
}

export interface RunningAuthenticator extends Authenticator {
  /** Writes the last uses. */
  stop(): Promise<void>;
}

const MAX_VERIFIED_TOKENS = 50_000;

/** A store or issuer that neither answers nor refuses must not hold up requests for longer. */
const LOOK_UP_TIMEOUT_MS = 5_000;

/**
 * API keys, tokens and the operator's key. Roles, status, scopes and revocations come from the database at most two
 * seconds ago, so what is taken away is gone on every replica within five. Look-ups of different credentials that
 * arrive together are one statement.
 */
export function createAuthenticator(deps: AuthenticatorDeps): RunningAuthenticator {
  const { db, operatorKeys, log, touchIntervalMs = 30_000 } = deps;
  const operatorDigests = operatorKeys.map(apiKeyDigest);
  const credentials = createGroupCommit<Buffer, StoredCredential | undefined>({
    flush: async (digests) => {
      const found = await db.read(ALL_ORGANIZATIONS, (tx) => findCredentials(tx, digests));
      return digests.map((digest) => found.find((key) => timingSafeEqual(key.secretSha256, digest)));
    },
  });
  const users = createGroupCommit<string, User | undefined>({
    flush: async (ids) => {
      const found = new Map(
        (await db.read(ALL_ORGANIZATIONS, (tx) => findUsersById(tx, ids))).map((user) => [user.id, user]),
      );
      return ids.map((id) => found.get(id));
    },
  });
  const tokens = createTokenMemory(deps);

  async function loadKey(secret: string): Promise<LoadedCredential> {
    if (!isApiKeySecret(secret)) throw refused('the API key is mistyped: its checksum does not fit');
    const key = await credentials.submit(apiKeyDigest(secret));
    if (!key) throw refused('the API key does not exist, has expired or was revoked');
    if (key.creatorStatus !== 'active') throw refused('whoever made this API key is no longer active');
    return { principal: keyPrincipal(key), expiresAt: Infinity };
  }

  async function loadUser(token: string): Promise<LoadedCredential> {
    const { userId, sessionVersion, expiresAt } = await tokens.identify(token);
    const user = await users.submit(userId);
    if (user?.status !== 'active') throw refused('this account does not exist or is disabled');
    if (sessionVersion !== null && sessionVersion !== user.sessionVersion) throw refused('this session has ended');
    return { principal: userPrincipal(user), expiresAt };
  }

  async function load(token: string): Promise<LoadedCredential> {
    if (token.startsWith(API_KEY_PREFIX)) return loadKey(token);
    const digest = apiKeyDigest(token);
    if (operatorDigests.some((known) => timingSafeEqual(digest, known))) {
      return { principal: OPERATOR, expiresAt: Infinity };
    }
    return loadUser(token);
  }

  const cache = new CredentialCache({ load: (token) => inTime(load(token)) });

  let touchedAt = 0;
  async function touch(): Promise<void> {
    const since = touchedAt;
    touchedAt = Date.now();
    const uses = cache.keysUsedSince(since);
    if (uses.length === 0) return;
    await db
      .tx(ALL_ORGANIZATIONS, (tx) => touchApiKeys(tx, uses))
      .catch((error: unknown) => {
        log.warn({ err: error, keys: uses.length }, 'the last use of keys could not be written');
      });
  }
  const timer = setInterval(() => void touch(), touchIntervalMs);
  timer.unref();

  return {
    recall: (token) => cache.recall(token),
    knows: (token) => cache.knows(token),
    verify: (token) => cache.verify(token),
    async stop() {
      clearInterval(timer);
      await touch();
    },
  };
}

interface IdentifiedToken {
  readonly userId: string;
  /** Null for an external token, whose issuer ends sessions. */
  readonly sessionVersion: number | null;
  readonly expiresAt: number;
}

/** A signature does not change: what was verified once is verified until the token expires. */
function createTokenMemory({ db, verifyToken }: AuthenticatorDeps) {
  const verified = new Map<string, IdentifiedToken>();

  async function identify(token: VerifiedToken): Promise<IdentifiedToken> {
    if (token.kind === 'local') return token;
    const { organizationId, identity, expiresAt } = token;
    const user = await signInExternally({ db }, { organizationId, identity, newId: v7() });
    return { userId: user.id, sessionVersion: null, expiresAt };
  }

  return {
    async identify(token: string): Promise<IdentifiedToken> {
      const digest = hash('sha256', token, 'base64');
      const known = verified.get(digest);
      if (known && known.expiresAt > Date.now()) return known;
      const identified = await identify(await verifyToken(token));
      verified.set(digest, identified);
      if (verified.size > MAX_VERIFIED_TOKENS) verified.delete(verified.keys().next().value ?? '');
      return identified;
    },
  };
}

async function inTime<T>(look: Promise<T>): Promise<T> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new ProblemError('unavailable', 'the credentials cannot be verified now; try again soon', [], 1));
  }, LOOK_UP_TIMEOUT_MS);
  try {
    return await Promise.race([look, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function refused(detail: string): ProblemError {
  return new ProblemError('unauthenticated', detail);
}
