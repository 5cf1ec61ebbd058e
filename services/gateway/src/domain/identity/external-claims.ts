import type { Role } from '@aegis/contracts/permissions';

/** Who an external token is about, as far as its claims say. */
export interface ExternalIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Roles a claim may map to: nobody becomes owner by what another system says. */
export type MappableRole = Exclude<Role, 'owner'>;

export interface ClaimMapping {
  /** Name of the claim, or else a path into objects, such as `realm_access.roles`. */
  readonly rolesClaim: string;
  /** From the issuer's word to our role. */
  readonly roleMap: Readonly<Record<string, MappableRole>>;
}

const MAX_NAME_LENGTH = 120;
const MAX_EMAIL_LENGTH = 254;

/** Reads the identity of verified claims; what is missing or of the wrong type counts as absent. */
export function externalIdentity(
  claims: Readonly<Record<string, unknown>> & { readonly iss: string; readonly sub: string },
  { rolesClaim, roleMap }: ClaimMapping,
): ExternalIdentity {
  const email = text(claims['email'], MAX_EMAIL_LENGTH);
  const words = member(claims, rolesClaim) ?? rolesClaim.split('.').reduce<unknown>(member, claims);
  const mapped = (Array.isArray(words) ? words : [words]).flatMap((word) =>
    typeof word === 'string' && Object.hasOwn(roleMap, word) ? [roleMap[word]!] : [],
  );
  return {
    issuer: claims.iss,
    subject: claims.sub,
    email: email?.toLowerCase() ?? null,
    name: text(claims['name'], MAX_NAME_LENGTH) ?? email ?? claims.sub.slice(0, MAX_NAME_LENGTH),
    roles: [...new Set(mapped)],
  };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function text(value: unknown, maxLength: number): string | null {
  if (typeof value !== 'string' || value.includes('\0')) return null;
  return value.trim().slice(0, maxLength).toWellFormed() || null;
}
