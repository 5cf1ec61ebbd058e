import { ungrantableRole } from './grants.ts';
import type { User, UserChange } from './user.ts';

/** Why a person may not change a user; `role` is the one that is beyond them. */
export type UserChangeRefusal =
  | { readonly kind: 'themselves' }
  | { readonly kind: 'beyond'; readonly role: string }
  | { readonly kind: 'external' };

/**
 * Nobody changes what they themselves may do, nor somebody who may do more than they: a new password for an owner would
 * make its giver one.
 */
export function refuseUserChange(granter: User, target: User, change: UserChange): UserChangeRefusal | null {
  const { email, roles, status, passwordHash } = change;
  const isCredential = email !== undefined || passwordHash !== undefined;
  if (granter.id === target.id && (isCredential || roles !== undefined || status !== undefined)) {
    return { kind: 'themselves' };
  }
  const role = ungrantableRole(granter, [...target.roles, ...(roles ?? [])]);
  if (role !== undefined) return { kind: 'beyond', role };
  return isCredential && target.issuer !== null ? { kind: 'external' } : null;
}
