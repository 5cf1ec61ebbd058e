import type { Actor } from '@aegis/contracts/actor';
import { digestOf } from '@aegis/contracts/canonical-json';
import { changesBetween } from '@aegis/contracts/events/changes';
import { createEvent, type Event } from '@aegis/contracts/events/envelope';
import type { ApiKey } from './api-key.ts';
import type { User } from './user.ts';

/** Who did it, when, and as part of which trace. */
export interface Cause {
  readonly actor: Actor;
  readonly time: Date;
  readonly traceparent: string | null;
}

export interface OrganizationState {
  readonly organizationId: string;
  readonly name: string;
  readonly baseCurrency: string;
  readonly timeZone: string;
}

export function organizationEvent(
  type: 'organization.created' | 'organization.updated',
  state: OrganizationState,
  cause: Cause,
): Event<typeof type> {
  const { organizationId, name, baseCurrency, timeZone } = state;
  const data = { organizationId, name, baseCurrency, timeZone };
  return createEvent({ source: 'gateway', type, subject: organizationId, organizationId, ...cause, data });
}

export function userCreatedEvent(user: User, cause: Cause): Event<'user.created'> {
  const { id, organizationId } = user;
  const data = userState(null, user);
  return createEvent({ source: 'gateway', type: 'user.created', subject: id, organizationId, ...cause, data });
}

export function userUpdatedEvent(before: User, user: User, cause: Cause): Event<'user.updated'> {
  const { id, organizationId } = user;
  const data = userState(before, user);
  return createEvent({ source: 'gateway', type: 'user.updated', subject: id, organizationId, ...cause, data });
}

function userState(before: User | null, user: User) {
  const rights = rightsOf(user);
  const changes = changesBetween(before && rightsOf(before), rights);
  return { userId: user.id, email: user.email, name: user.name, ...rights, changes };
}

/** What a change is told of in clear; name and address are the person's own, and can be erased. */
function rightsOf({ roles, status }: User) {
  return { roles: [...roles], status };
}

export function keyCreatedEvent(key: ApiKey, cause: Cause): Event<'key.created'> {
  const { id, organizationId } = key;
  const data = { ...keyState(key), ...keyChange(null, key) };
  return createEvent({ source: 'gateway', type: 'key.created', subject: id, organizationId, ...cause, data });
}

export function keyRevokedEvent(key: ApiKey, cause: Cause): Event<'key.revoked'> {
  const { id, organizationId } = key;
  const data = { ...keyState(key), ...keyChange({ ...key, revokedAt: null }, key) };
  return createEvent({ source: 'gateway', type: 'key.revoked', subject: id, organizationId, ...cause, data });
}

export function keyRotatedEvent(key: ApiKey, replaced: ApiKey, overlapUntil: Date, cause: Cause): Event<'key.rotated'> {
  const { id, organizationId } = key;
  const told = { replacedKeyId: replaced.id, overlapUntil: overlapUntil.toISOString() };
  const data = { ...keyState(key), ...told, ...keyChange(replaced, key) };
  return createEvent({ source: 'gateway', type: 'key.rotated', subject: id, organizationId, ...cause, data });
}

function keyState({ id, name, agentId, scopes, expiresAt }: ApiKey) {
  return { keyId: id, name, agentId, scopes: [...scopes], expiresAt: expiresAt?.toISOString() ?? null };
}

function keyChange(before: ApiKey | null, after: ApiKey) {
  const [old, now] = [before && keyOnRecord(before), keyOnRecord(after)];
  return { beforeSha256: old && digestOf(old), afterSha256: digestOf(now), changes: changesBetween(old, now) };
}

function keyOnRecord(key: ApiKey) {
  return { ...keyState(key), revokedAt: key.revokedAt?.toISOString() ?? null };
}

export function loggedInEvent(user: User, sourceIp: string | null, cause: Cause): Event<'auth.logged_in'> {
  const { id, organizationId } = user;
  const data = { userId: id, sourceIp };
  return createEvent({ source: 'gateway', type: 'auth.logged_in', subject: id, organizationId, ...cause, data });
}

/** A log-in that failed in an organisation; `userId` is null when it has no such user. */
export function logInFailedEvent(
  attempt: { organizationId: string; userId: string | null; email: string; sourceIp: string | null },
  cause: Cause,
): Event<'auth.login_failed'> {
  const { organizationId, ...data } = attempt;
  const subject = data.userId ?? organizationId;
  return createEvent({ source: 'gateway', type: 'auth.login_failed', subject, organizationId, ...cause, data });
}

export function forbiddenEvent(
  attempt: { organizationId: string; permission: string; method: string; path: string },
  cause: Cause,
): Event<'auth.forbidden'> {
  const { organizationId, ...data } = attempt;
  const subject = cause.actor.id;
  return createEvent({ source: 'gateway', type: 'auth.forbidden', subject, organizationId, ...cause, data });
}
