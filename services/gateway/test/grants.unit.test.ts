import {
  AGENT_KEY_PERMISSIONS,
  HUMAN_ONLY,
  type Permission,
  PERMISSIONS,
  ROLE_PERMISSIONS,
  permissionsOf,
  type Role,
  ROLES,
} from '@aegis/contracts/permissions';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { externalIdentity } from '../src/domain/identity/external-claims.ts';
import {
  defaultScopes,
  keyPermissions,
  mayGrantRole,
  ungrantableRole,
  ungrantableScope,
  userPermissions,
} from '../src/domain/identity/grants.ts';
import { refuseUserChange } from '../src/domain/identity/user-rules.ts';
import { applyChange, type User, type UserChange } from '../src/domain/identity/user.ts';
import { keyPrincipal, userPrincipal } from '../src/usecases/identity/principals.ts';

const roles: fc.Arbitrary<Role[]> = fc.uniqueArray(fc.constantFrom(...ROLES));
const scopes: fc.Arbitrary<Permission[]> = fc.uniqueArray(fc.constantFrom(...PERMISSIONS), { minLength: 1 });
const status = fc.constantFrom('active' as const, 'disabled' as const);
const agentId = fc.option(fc.uuid());

const user: fc.Arbitrary<User> = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  organizationId: fc.constant('o'),
  email: fc.constantFrom('x@example.com', 'y@example.com'),
  name: fc.constantFrom('X', 'Y'),
  roles,
  status,
  issuer: fc.option(fc.constant('https://issuer.example')),
  sessionVersion: fc.nat(),
  createdAt: fc.constant(new Date(0)),
  updatedAt: fc.constant(new Date(0)),
});
const change: fc.Arbitrary<UserChange> = fc.record(
  { email: fc.constant('z@example.com'), name: fc.constant('Z'), roles, status, passwordHash: fc.constant('hash') },
  { requiredKeys: [] },
);

const isSubset = (a: Iterable<Permission>, b: ReadonlySet<Permission>) =>
  [...a].every((permission) => b.has(permission));

test('whatever roles a person gives, nobody ends with more than the giver', () => {
  fc.assert(
    fc.property(roles, status, roles, (own, standing, given) => {
      const granter = { roles: own, status: standing };
      if (ungrantableRole(granter, given) !== undefined) return;
      expect(isSubset(permissionsOf(given), userPermissions(granter))).toBe(true);
      if (given.includes('owner')) expect(own).toContain('owner');
    }),
  );
});

test('whatever key a person makes, and whatever becomes of them, it does no more than they, its scopes, and a key may', () => {
  fc.assert(
    fc.property(roles, status, scopes, agentId, roles, status, (own, standing, wanted, agent, later, laterStanding) => {
      const creator = { roles: own, status: standing };
      const grant = { agentId: agent, scopes: wanted };
      if (ungrantableScope(grant, creator) === undefined) {
        expect(isSubset(wanted, userPermissions(creator))).toBe(true);
        expect(wanted.some((scope) => HUMAN_ONLY.has(scope))).toBe(false);
      }
      const now = keyPermissions(grant, { roles: later, status: laterStanding });
      expect(isSubset(now, userPermissions({ roles: later, status: laterStanding }))).toBe(true);
      expect(isSubset(now, new Set(wanted))).toBe(true);
      expect([...now].some((permission) => HUMAN_ONLY.has(permission))).toBe(false);
      if (agent !== null) expect(isSubset(now, new Set(AGENT_KEY_PERMISSIONS))).toBe(true);
    }),
  );
});

test('the scopes a key gets unasked are ones its maker may give', () => {
  fc.assert(
    fc.property(roles, agentId, (own, agent) => {
      const creator = { roles: own, status: 'active' as const };
      expect(ungrantableScope({ agentId: agent, scopes: defaultScopes(agent, creator) }, creator)).toBeUndefined();
    }),
  );
  expect(defaultScopes(null, { roles: ['owner'], status: 'active' })).toContain('intents:write:any');
  expect(defaultScopes('agent', { roles: ['owner'], status: 'active' })).toEqual(AGENT_KEY_PERMISSIONS);
});

test('owner and admin may do the same, and still only an owner makes an owner', () => {
  expect(mayGrantRole({ roles: ['admin'], status: 'active' }, 'owner')).toBe(false);
  expect(mayGrantRole({ roles: ['owner'], status: 'active' }, 'owner')).toBe(true);
  expect(mayGrantRole({ roles: ['owner'], status: 'disabled' }, 'viewer')).toBe(false);
});

test('no change that is allowed gives its author more, or touches somebody above them', () => {
  fc.assert(
    fc.property(user, user, change, (granter, target, wanted) => {
      const active: User = { ...granter, status: 'active' };
      if (refuseUserChange(active, target, wanted) !== null) return;
      const after = applyChange(target, wanted) ?? target;
      const held = userPermissions(active);
      expect(isSubset(permissionsOf(target.roles), held)).toBe(true);
      expect(isSubset(permissionsOf(after.roles), held)).toBe(true);
      if (active.id === target.id)
        expect([after.roles, after.status, after.email]).toEqual([target.roles, target.status, target.email]);
      if (target.issuer !== null) expect([after.email, wanted.passwordHash]).toEqual([target.email, undefined]);
    }),
    { numRuns: 2_000 },
  );
});

test('a new password and a suspension end the sessions; nothing else does, and nothing at all is no change', () => {
  fc.assert(
    fc.property(user, change, (before, wanted) => {
      const after = applyChange(before, wanted);
      const ends = wanted.passwordHash !== undefined || (wanted.status === 'disabled' && before.status === 'active');
      expect((after?.sessionVersion ?? before.sessionVersion) > before.sessionVersion).toBe(ends);
      expect(applyChange(before, {})).toBeNull();
      if (after) expect(applyChange(after, { ...wanted, passwordHash: undefined })).toBeNull();
    }),
  );
});

test('a key bound to an agent acts as the agent, another as the back end that holds it, a person as a human', () => {
  const key = {
    id: 'key_1',
    organizationId: 'o',
    scopes: [],
    creatorId: 'u',
    creatorRoles: [],
    creatorStatus: 'active' as const,
  };
  expect(keyPrincipal({ ...key, agentId: 'a' }).actor).toMatchObject({ type: 'agent', id: 'a', authMethod: 'api_key' });
  expect(keyPrincipal({ ...key, agentId: null }).actor).toMatchObject({ type: 'service', id: 'key_1' });
  const person = userPrincipal({ id: 'u', organizationId: 'o', roles: ['viewer', 'admin'], status: 'active' });
  expect(person.actor).toEqual({ type: 'human', id: 'u', role: 'admin', authMethod: 'jwt' });
});

const mapping = { rolesClaim: 'realm_access.roles', roleMap: { treasury: 'finance', admins: 'admin' } } as const;

test('claims give the roles they map to, by path or by a name with dots in it, and never owner', () => {
  const claims = {
    iss: 'https://i.example',
    sub: 's',
    email: 'Ada@Example.com',
    realm_access: { roles: ['treasury', 'admins', 'owner', 7] },
  };
  expect(externalIdentity(claims, mapping)).toEqual({
    issuer: 'https://i.example',
    subject: 's',
    email: 'ada@example.com',
    name: 'Ada@Example.com',
    roles: ['finance', 'admin'],
  });
  const named = { iss: 'i', sub: 's', 'https://example.com/roles': 'treasury' };
  expect(externalIdentity(named, { ...mapping, rolesClaim: 'https://example.com/roles' }).roles).toEqual(['finance']);
});

test('whatever an issuer claims, the identity can be stored', () => {
  const claims = fc.dictionary(fc.constantFrom('email', 'name', 'realm_access', 'roles'), fc.anything());
  fc.assert(
    fc.property(claims, (given) => {
      const { email, name, roles: mapped } = externalIdentity({ ...given, iss: 'i', sub: 's' }, mapping);
      for (const text of [email ?? '', name])
        expect(text.isWellFormed() && !text.includes('\0') && text.length <= 254).toBe(true);
      expect(mapped.every((role) => ROLES.includes(role))).toBe(true);
    }),
  );
});

test('the table of roles in the documentation is the one that is enforced', async () => {
  const text = await readFile(join(import.meta.dirname, '../../../docs/identity.md'), 'utf8');
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', ''));
  const [header = '', ...lines] = text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(0, PERMISSIONS.length + 1);
  expect(cells(header)).toEqual(['permission', ...ROLES]);
  const documented = Object.fromEntries(lines.map(cells).map(([permission, ...marks]) => [permission, marks]));
  const enforced = PERMISSIONS.map((permission) => [
    permission,
    ROLES.map((role) => (ROLE_PERMISSIONS[role].includes(permission) ? '✓' : '')),
  ]);
  expect(documented).toEqual(Object.fromEntries(enforced));
});
