/** Every permission the API knows. A route names exactly one; a 403 names the one that lacked. */
export const PERMISSIONS = [
  'intents:read',
  'intents:write',
  'intents:write:any',
  'intents:settle',
  'approvals:read',
  'approvals:respond',
  'policies:read',
  'policies:write',
  'agents:read',
  'agents:write',
  'wallets:write',
  'audit:read',
  'audit:export',
  'analytics:read',
  'keys:manage',
  'users:manage',
  'org:manage',
  'privacy:erase',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['owner', 'admin', 'finance', 'auditor', 'developer', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

const reads = [
  'intents:read',
  'approvals:read',
  'policies:read',
  'agents:read',
  'analytics:read',
] as const satisfies readonly Permission[];

/** What each role may do. Nobody grants a permission that they lack. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  owner: PERMISSIONS,
  admin: PERMISSIONS,
  finance: [
    ...reads,
    'approvals:respond',
    'policies:write',
    'intents:settle',
    'wallets:write',
    'audit:read',
    'audit:export',
  ],
  auditor: [...reads, 'audit:read', 'audit:export'],
  developer: [...reads, 'intents:write', 'intents:write:any', 'agents:write', 'keys:manage'],
  viewer: reads,
};

/** Permissions that no API key may hold: answering approvals and granting access stay with people. */
export const HUMAN_ONLY: ReadonlySet<Permission> = new Set([
  'approvals:respond',
  'users:manage',
  'keys:manage',
  'org:manage',
  'privacy:erase',
]);

/** The most a key bound to one agent can hold. */
export const AGENT_KEY_PERMISSIONS: readonly Permission[] = ['intents:write', 'intents:read', 'agents:read'];

/** The union of what several roles may do. */
export function permissionsOf(roles: readonly Role[]): Set<Permission> {
  return new Set(roles.flatMap((role) => ROLE_PERMISSIONS[role]));
}
