import type { Role } from '@aegis/contracts/permissions';

export type UserStatus = 'active' | 'disabled';

/** A person of one organisation: local (with a password) or of the external issuer named. */
export interface User {
  readonly id: string;
  readonly organizationId: string;
  /** Lower case. */
  readonly email: string | null;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly status: UserStatus;
  readonly issuer: string | null;
  /** Sessions of another version have ended. */
  readonly sessionVersion: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface UserChange {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly roles?: readonly Role[] | undefined;
  readonly status?: UserStatus | undefined;
  /** A hash, in PHC string format. */
  readonly passwordHash?: string | undefined;
}

/** The user after the change; null when it changes nothing. A new password and a suspension end all sessions. */
export function applyChange(user: User, change: UserChange): User | null {
  const { email = user.email, name = user.name, roles = user.roles, status = user.status, passwordHash } = change;
  const endsSessions = passwordHash !== undefined || (status === 'disabled' && user.status === 'active');
  const same = email === user.email && name === user.name && sameRoles(roles, user.roles) && status === user.status;
  if (same && !endsSessions) return null;
  return { ...user, email, name, roles, status, sessionVersion: user.sessionVersion + (endsSessions ? 1 : 0) };
}

function sameRoles(a: readonly Role[], b: readonly Role[]): boolean {
  return a.length === b.length && a.every((role) => b.includes(role));
}

export function isActiveOwner({ roles, status }: Pick<User, 'roles' | 'status'>): boolean {
  return status === 'active' && roles.includes('owner');
}
