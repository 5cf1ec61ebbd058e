import { randomBytes } from 'node:crypto';
import type { Permission } from '@aegis/contracts/permissions';
import { ProblemError } from '@aegis/contracts/problems';
import { databaseTime } from '@aegis/postgres/database-time';
import type { Database } from '@aegis/postgres/database';
import type { ApiKey } from '../../domain/identity/api-key.ts';
import {
  API_KEY_RANDOM_BYTES,
  apiKeyDigest,
  apiKeyDisplayPrefix,
  apiKeySecret,
} from '../../domain/identity/api-key-secret.ts';
import { keyCreatedEvent } from '../../domain/identity/events.ts';
import { defaultScopes, type KeyGrant, ungrantableScope } from '../../domain/identity/grants.ts';
import type { User } from '../../domain/identity/user.ts';
import { insertApiKey } from '../../store/identity/api-keys.ts';
import type { AgentDirectory } from '../intents/agent-directory.ts';
import { causeOf, type Command, emit, holdGranter } from './command.ts';

export interface CreateApiKeyCommand extends Command {
  /** Becomes the id. */
  readonly seed: string;
  readonly name: string;
  readonly agentId: string | null;
  readonly scopes: readonly Permission[] | null;
  readonly expiresAt: Date | null;
}

/** `secret` exists here and nowhere else. */
export interface IssuedApiKey {
  readonly key: ApiKey;
  readonly secret: string;
}

export interface CreateApiKeyDeps {
  readonly db: Pick<Database, 'tx'>;
  readonly agents: Pick<AgentDirectory, 'exists'>;
}

/**
 * Throws ProblemError: `unknown_agent`, `forbidden` for a scope beyond the caller or beyond keys, `invalid_request` for
 * an expiry in the past, `secret_already_shown` when this very request was executed before.
 */
export async function createApiKey(deps: CreateApiKeyDeps, command: CreateApiKeyCommand): Promise<IssuedApiKey> {
  const { principal, name, agentId, expiresAt } = command;
  const { organizationId } = principal;
  if (agentId !== null && !(await deps.agents.exists(principal, agentId))) {
    const message = 'is no agent of this organization';
    throw new ProblemError('unknown_agent', `agentId ${message}`, [{ path: 'agentId', message }]);
  }
  const { secret, ...fields } = newSecret();
  return deps.db.tx({ organizationId }, async (tx) => {
    requireFuture(expiresAt, await databaseTime(tx));
    const creator = await holdGranter(tx, command);
    const scopes = command.scopes ?? defaultScopes(agentId, creator);
    refuseScopes({ agentId, scopes }, creator);
    const id = keyId(command.seed);
    const grant = { id, organizationId, name, agentId, scopes, creatorId: creator.id, expiresAt };
    const key = await insertApiKey(tx, { ...grant, ...fields, replacedKeyId: null });
    if (!key) throw secretAlreadyShown(id);
    await emit(tx, keyCreatedEvent(key, causeOf(command, key.createdAt)));
    return { key, secret };
  });
}

export function newSecret(): { secret: string; prefix: string; secretSha256: Buffer } {
  const secret = apiKeySecret(randomBytes(API_KEY_RANDOM_BYTES));
  return { secret, prefix: apiKeyDisplayPrefix(secret), secretSha256: apiKeyDigest(secret) };
}

export function keyId(seed: string): string {
  return `key_${seed.replaceAll('-', '')}`;
}

export function requireFuture(expiresAt: Date | null, now: Date): void {
  if (expiresAt === null || expiresAt > now) return;
  const message = 'must lie in the future';
  throw new ProblemError('invalid_request', `expiresAt ${message}`, [{ path: 'expiresAt', message }]);
}

export function refuseScopes(grant: KeyGrant, creator: User): void {
  const scope = ungrantableScope(grant, creator);
  if (scope === undefined) return;
  const kind = grant.agentId === null ? 'a key' : 'a key of one agent';
  throw new ProblemError('forbidden', `you cannot give ${scope}: either you lack it, or ${kind} never has it`);
}

export function secretAlreadyShown(id: string): ProblemError {
  return new ProblemError(
    'secret_already_shown',
    `${id} was created by this request before; revoke it and create another`,
  );
}
