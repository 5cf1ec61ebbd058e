import type { Actor } from '@aegis/contracts/actor';
import type { Permission, Role } from '@aegis/contracts/permissions';

/**
 * Whoever a request acts for: a person with a token, an agent or back end with an API key, the operator of the
 * installation (who may create organisations and nothing else), or nobody yet on a public route.
 */
export interface Principal {
  readonly kind: 'user' | 'key' | 'operator' | 'anonymous';
  /** The nil UUID for the operator and for nobody. */
  readonly organizationId: string;
  readonly actor: Actor;
  /** The person; null for a key. */
  readonly userId: string | null;
  /** The key, the one agent it is bound to, and the person who made it; null for a person. */
  readonly keyId: string | null;
  readonly agentId: string | null;
  readonly keyCreatorId: string | null;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
}

/** Belongs to no organisation, so that a query made for it finds nothing. */
const NIL_UUID = '00000000-0000-0000-0000-000000000000';

const OUTSIDER = {
  organizationId: NIL_UUID,
  userId: null,
  keyId: null,
  agentId: null,
  keyCreatorId: null,
  roles: [],
  permissions: new Set<Permission>(),
} as const;

export const ANONYMOUS: Principal = {
  ...OUTSIDER,
  kind: 'anonymous',
  actor: { type: 'human', id: 'anonymous', role: null, authMethod: 'internal' },
};

export const OPERATOR: Principal = {
  ...OUTSIDER,
  kind: 'operator',
  actor: { type: 'service', id: 'operator', role: null, authMethod: 'operator_key' },
};
