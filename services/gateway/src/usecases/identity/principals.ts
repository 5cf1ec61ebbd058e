import { type Role, ROLES } from '@aegis/contracts/permissions';
import type { Principal } from '@aegis/http/principal';
import type { KeyCredential } from '../../domain/identity/api-key.ts';
import { keyPermissions, userPermissions } from '../../domain/identity/grants.ts';
import type { User } from '../../domain/identity/user.ts';

export function userPrincipal(user: Pick<User, 'id' | 'organizationId' | 'roles' | 'status'>): Principal {
  return {
    kind: 'user',
    organizationId: user.organizationId,
    actor: { type: 'human', id: user.id, role: foremostRole(user.roles), authMethod: 'jwt' },
    userId: user.id,
    keyId: null,
    agentId: null,
    keyCreatorId: null,
    roles: user.roles,
    permissions: userPermissions(user),
  };
}

/** A key bound to an agent acts as that agent; another one as the back end that holds it. */
export function keyPrincipal(key: KeyCredential): Principal {
  return {
    kind: 'key',
    organizationId: key.organizationId,
    actor: {
      type: key.agentId === null ? 'service' : 'agent',
      id: key.agentId ?? key.id,
      role: null,
      authMethod: 'api_key',
    },
    userId: null,
    keyId: key.id,
    agentId: key.agentId,
    keyCreatorId: key.creatorId,
    roles: [],
    permissions: keyPermissions(key, { roles: key.creatorRoles, status: key.creatorStatus }),
  };
}

/** `ROLES` names the most powerful first. */
function foremostRole(roles: readonly Role[]): Role | null {
  return ROLES.find((role) => roles.includes(role)) ?? null;
}
