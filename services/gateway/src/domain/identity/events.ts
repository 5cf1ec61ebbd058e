import type { Actor } from '@aegis/contracts/actor';
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

export function userEvent(type: 'user.created' | 'user.updated', user: User, cause: Cause): Event<typeof type> {
  const { id, organizationId, email, name, status } = user;
  const data = { userId: id, email, name, roles: [...user.roles], status };
  return createEvent({ source: 'gateway', type, subject: id, organizationId, ...cause, data });
}

export function keyEvent(type: 'key.created' | 'key.revoked', key: ApiKey, cause: Cause): Event<typeof type> {
  const { id, organizationId } = key;
  return createEvent({ source: 'gateway', type, subject: id, organizationId, ...cause, data: keyState(key) });
}

export function keyRotatedEvent(
  key: ApiKey,
  replacedKeyId: string,
  overlapUntil: Date,
  cause: Cause,
): Event<'key.rotated'> {
  const { id, organizationId } = key;
  const data = { ...keyState(key), replacedKeyId, overlapUntil: overlapUntil.toISOString() };
  return createEvent({ source: 'gateway', type: 'key.rotated', subject: id, organizationId, ...cause, data });
}

function keyState({ id, name, agentId, scopes, expiresAt }: ApiKey) {
  return { keyId: id, name, agentId, scopes: [...scopes], expiresAt: expiresAt?.toISOString() ?? null };
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
