import { randomUUID } from 'node:crypto';
import type { Actor } from '@aegis/contracts/actor';
import { serviceActor } from '@aegis/contracts/actor';
import { encodeEvent } from '@aegis/contracts/events/envelope';
import { ProblemError } from '@aegis/contracts/problems';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { appendOutbox } from '@aegis/postgres/outbox';
import type { Clock } from '@aegis/runtime/clock';
import { loggedInEvent, logInFailedEvent } from '../../domain/identity/events.ts';
import type { User } from '../../domain/identity/user.ts';
import type { PasswordHasher } from '../../security/password-hasher.ts';
import type { SigningKeys } from '../../security/signing-keys.ts';
import { ACCESS_TOKEN_TYPE, type IssuerSettings } from '../../security/token-verifier.ts';
import { findOrganization } from '../../store/identity/organizations.ts';
import { type Account, findAccounts } from '../../store/identity/users.ts';
import type { LogInThrottle } from './log-in-throttle.ts';
import { userPrincipal } from './principals.ts';

export interface LogInDeps {
  readonly db: Pick<Database, 'tx' | 'read'>;
  readonly hasher: PasswordHasher;
  readonly keys: Pick<SigningKeys, 'sign'>;
  readonly throttle: LogInThrottle;
  readonly clock: Clock;
  readonly issuer: IssuerSettings;
  readonly tokenTtlSeconds: number;
}

export interface LogInCommand {
  readonly email: string;
  readonly password: string;
  /** Null: wherever the address has an account with this password. */
  readonly organizationId: string | null;
  readonly sourceIp: string | null;
  readonly traceparent: string | null;
}

export interface AccessToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
}

/** One address may have accounts in several organisations; more than this are found by naming the organisation. */
const MAX_ACCOUNTS = 5;

/**
 * Exchanges a password for an access token. Who does not exist, has another password or is disabled gets one answer, in
 * one time. Throws ProblemError: `unauthenticated`, `rate_limited`, `invalid_request` when an organisation must be named.
 */
export async function logIn(deps: LogInDeps, command: LogInCommand): Promise<AccessToken> {
  const { email, organizationId } = command;
  const attempt = await deps.throttle.begin(email, command.sourceIp);
  const accounts = await deps.db.read(ALL_ORGANIZATIONS, (tx) => findAccounts(tx, email, organizationId, MAX_ACCOUNTS));
  const matching = await accountsWithPassword(deps.hasher, accounts, command.password);
  const active = matching.filter((user) => user.status === 'active');
  if (active.length === 0) {
    await recordFailure(deps, command, accounts);
    throw new ProblemError('unauthenticated', 'the e-mail address or the password is wrong');
  }
  await attempt.succeeded();
  const [user, ...others] = active;
  if (!user || others.length > 0) {
    const message = 'is needed: this address has accounts in several organizations';
    throw new ProblemError('invalid_request', `organizationId ${message}`, [{ path: 'organizationId', message }]);
  }
  const token = await issueToken(deps, user);
  await recordSuccess(deps, command, user);
  return token;
}

async function accountsWithPassword(
  hasher: PasswordHasher,
  accounts: readonly Account[],
  password: string,
): Promise<User[]> {
  // Nobody: the same work all the same.
  if (accounts.length === 0) await hasher.verify(password, null);
  const matches = await Promise.all(accounts.map(({ passwordHash }) => hasher.verify(password, passwordHash)));
  return accounts.filter((_, index) => matches[index]).map(({ user }) => user);
}

async function issueToken(deps: LogInDeps, user: User): Promise<AccessToken> {
  const { issuer, tokenTtlSeconds: expiresInSeconds } = deps;
  const iat = Math.floor(deps.clock.now().getTime() / 1000);
  const accessToken = await deps.keys.sign('login', ACCESS_TOKEN_TYPE, {
    iss: issuer.issuer,
    aud: issuer.audience,
    sub: user.id,
    org: user.organizationId,
    sv: user.sessionVersion,
    iat,
    exp: iat + expiresInSeconds,
    jti: randomUUID(),
  });
  return { accessToken, expiresInSeconds };
}

async function recordSuccess({ db, clock }: LogInDeps, command: LogInCommand, user: User): Promise<void> {
  const { sourceIp, traceparent } = command;
  const cause = { actor: userPrincipal(user).actor, time: clock.now(), traceparent };
  const event = loggedInEvent(user, sourceIp, cause);
  await db.tx({ organizationId: user.organizationId }, (tx) => appendOutbox(tx, [encodeEvent(event)]));
}

/** Goes into the log of every organisation whose account was tried, or of the one that was named. */
async function recordFailure(deps: LogInDeps, command: LogInCommand, accounts: readonly Account[]): Promise<void> {
  const { email, sourceIp, traceparent, organizationId } = command;
  const actor: Actor = serviceActor('gateway');
  const cause = { actor, time: deps.clock.now(), traceparent };
  await deps.db.tx(ALL_ORGANIZATIONS, async (tx) => {
    const tried: { organizationId: string; userId: string | null }[] = accounts.map(({ user }) => ({
      organizationId: user.organizationId,
      userId: user.id,
    }));
    if (tried.length === 0 && organizationId !== null && (await findOrganization(tx, organizationId))) {
      tried.push({ organizationId, userId: null });
    }
    const events = tried.map((ids) => logInFailedEvent({ ...ids, email, sourceIp }, cause));
    await appendOutbox(tx, events.map(encodeEvent));
  });
}
