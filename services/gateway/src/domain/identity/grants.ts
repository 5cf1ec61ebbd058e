import {
  AGENT_KEY_PERMISSIONS,
  HUMAN_ONLY,
  type Permission,
  permissionsOf,
  type Role,
  ROLE_PERMISSIONS,
} from '@aegis/contracts/permissions';
import type { User } from './user.ts';

type Grantee = Pick<User, 'roles' | 'status'>;

/** What a person may do now. */
export function userPermissions({ roles, status }: Grantee): Set<Permission> {
  return status === 'active' ? permissionsOf(roles) : new Set();
}

/**
 * Whether a person may give a role to somebody, or take it away: they hold all its permissions. Owner and admin hold
 * the same ones, so owners alone make and unmake owners.
 */
export function mayGrantRole(granter: Grantee, role: Role): boolean {
  const held = userPermissions(granter);
  if (role === 'owner' && !granter.roles.includes('owner')) return false;
  return ROLE_PERMISSIONS[role].every((permission) => held.has(permission));
}

/** The first of the roles that the person may not grant. */
export function ungrantableRole(granter: Grantee, roles: readonly Role[]): Role | undefined {
  return roles.find((role) => !mayGrantRole(granter, role));
}

export interface KeyGrant {
  readonly agentId: string | null;
  readonly scopes: readonly Permission[];
}

/** What a key may do now: its scopes, as far as its maker may do them, and never what is for people only. */
export function keyPermissions({ agentId, scopes }: KeyGrant, creator: Grantee): Set<Permission> {
  const held = userPermissions(creator);
  return new Set(scopes.filter((scope) => held.has(scope) && isKeyScope(scope, agentId)));
}

/** The first scope that such a key cannot have, or that the person lacks. */
export function ungrantableScope({ agentId, scopes }: KeyGrant, creator: Grantee): Permission | undefined {
  const allowed = keyPermissions({ agentId, scopes }, creator);
  return scopes.find((scope) => !allowed.has(scope));
}

/** What an agent needs; a back end that runs many agents also names them. As far as the maker may do it. */
export function defaultScopes(agentId: string | null, creator: Grantee): Permission[] {
  const scopes: Permission[] = [
    ...AGENT_KEY_PERMISSIONS,
    ...(agentId === null ? (['intents:write:any'] as const) : []),
  ];
  return [...keyPermissions({ agentId, scopes }, creator)];
}

function isKeyScope(scope: Permission, agentId: string | null): boolean {
  return !HUMAN_ONLY.has(scope) && (agentId === null || AGENT_KEY_PERMISSIONS.includes(scope));
}
