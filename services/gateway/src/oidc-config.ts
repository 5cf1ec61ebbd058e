import { ROLES } from '@aegis/contracts/permissions';
import { url } from '@aegis/runtime/config';
import { z } from 'zod';
import type { MappableRole } from './domain/identity/external-claims.ts';
import type { OidcSettings } from './security/token-verifier.ts';

const MAPPABLE = ROLES.filter((role): role is MappableRole => role !== 'owner');

/** `admins=admin,treasury=finance`: the issuer's word, then our role. Nobody becomes owner by a claim. */
const roleMapText = z
  .string()
  .transform((text) => text.split(',').map((pair) => pair.split('=').map((part) => part.trim())))
  .refine(
    (pairs) =>
      pairs.every(([word, role, ...rest]) => word && MAPPABLE.some((known) => known === role) && rest.length === 0),
    `must be such as admins=admin,treasury=finance; the roles are ${MAPPABLE.join(', ')}`,
  )
  .transform((pairs) => Object.fromEntries(pairs) as Record<string, MappableRole>);

const variables = z.object({
  OIDC_ISSUER: url(['https', 'http']).optional(),
  OIDC_AUDIENCE: z.string().optional(),
  OIDC_ORGANIZATION_ID: z.guid('must be the UUID of an organisation').optional(),
  OIDC_JWKS_URL: url(['https', 'http']).optional(),
  OIDC_ROLES_CLAIM: z.string().default('roles'),
  OIDC_ROLE_MAP: roleMapText.default({}),
});

/** Variables of an external OpenID provider, bound to one organisation. */
export const oidcVariables = variables.shape;

const REQUIRED = ['OIDC_ISSUER', 'OIDC_AUDIENCE', 'OIDC_ORGANIZATION_ID'] as const;

/** Null when none is configured; half a configuration is a fault. */
export function oidcSettings(values: z.output<typeof variables>, context: z.RefinementCtx): OidcSettings | null {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_ORGANIZATION_ID: organizationId } = values;
  if (issuer && audience && organizationId) {
    const { OIDC_JWKS_URL: jwksUrl = null, OIDC_ROLES_CLAIM: rolesClaim, OIDC_ROLE_MAP: roleMap } = values;
    return { issuer, audience, organizationId: organizationId.toLowerCase(), jwksUrl, rolesClaim, roleMap };
  }
  if (REQUIRED.some((name) => values[name])) {
    for (const name of REQUIRED.filter((required) => !values[required])) {
      context.addIssue({ code: 'custom', path: [name], message: `must be set, as ${REQUIRED.join(', ')} go together` });
    }
  }
  return null;
}
