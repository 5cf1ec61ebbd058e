import type { ApiKeyView, MeView, OrganizationView, UserView } from '@aegis/contracts/http/identity';
import { type ApiKey, apiKeyStatus } from '../../../domain/identity/api-key.ts';
import type { User } from '../../../domain/identity/user.ts';
import type { OrganizationWithSettings } from '../../../usecases/identity/organization-settings.ts';
import type { Self } from '../../../usecases/identity/who-am-i.ts';

export function userView(user: User): UserView {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    roles: [...user.roles],
    status: user.status,
    issuer: user.issuer,
    createdAt: user.createdAt.toISOString(),
    updatedAt: user.updatedAt.toISOString(),
  };
}

export function organizationView({ organization, settings }: OrganizationWithSettings): OrganizationView {
  return {
    id: organization.id,
    name: organization.name,
    baseCurrency: settings.baseCurrency,
    timeZone: settings.timeZone,
    defaultAction: settings.defaultAction,
    fxMaxAgeHours: settings.fxMaxAgeHours,
    createdAt: organization.createdAt.toISOString(),
    updatedAt: organization.updatedAt.toISOString(),
  };
}

export function apiKeyView(key: ApiKey, now: Date): ApiKeyView {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    agentId: key.agentId,
    scopes: [...key.scopes],
    status: apiKeyStatus(key, now),
    createdBy: key.creatorId,
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  };
}

export function meView({ principal, organization, user, key }: Self): MeView {
  return {
    kind: user ? 'user' : 'key',
    user: user && { id: user.id, email: user.email, name: user.name },
    key: key && { id: key.id, name: key.name, agentId: key.agentId },
    organization: { id: organization.id, name: organization.name },
    roles: [...principal.roles],
    permissions: [...principal.permissions],
  };
}
