import type { Permission, Role } from '@aegis/contracts/permissions';
import type { UserStatus } from './user.ts';

export interface ApiKey {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly prefix: string;
  /** The one agent it acts for; null: any, by scope. */
  readonly agentId: string | null;
  readonly scopes: readonly Permission[];
  readonly creatorId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** A key as a request needs it, with what its maker is now. */
export interface KeyCredential {
  readonly id: string;
  readonly organizationId: string;
  readonly agentId: string | null;
  readonly scopes: readonly Permission[];
  readonly creatorId: string;
  readonly creatorRoles: readonly Role[];
  readonly creatorStatus: UserStatus;
}

export type ApiKeyStatus = 'active' | 'expired' | 'revoked';

export function apiKeyStatus({ revokedAt, expiresAt }: ApiKey, now: Date): ApiKeyStatus {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}

/** When a key ends that replaces another: as long after now as the old one was given when it was made. */
export function successorExpiry({ createdAt, expiresAt }: ApiKey, now: Date): Date | null {
  return expiresAt === null ? null : new Date(now.getTime() + expiresAt.getTime() - createdAt.getTime());
}

/** The old key works until the overlap is over, and never longer than it would have. */
export function overlapEnd({ expiresAt }: ApiKey, overlapMinutes: number, now: Date): Date {
  const end = new Date(now.getTime() + overlapMinutes * 60_000);
  return expiresAt !== null && expiresAt < end ? expiresAt : end;
}
