import { z } from 'zod';
import { idSchema, uuidSchema } from '../ids.ts';
import { currencyExponent } from '../money.ts';
import { PERMISSIONS, ROLES } from '../permissions.ts';
import { listOf, pageQuery, withOnePosition } from './pagination.ts';
import { timestampSchema } from './text.ts';

const displayName = z.string().trim().min(1).max(120);

/** E-mail addresses compare without regard to case. */
const email = z
  .email()
  .max(254)
  .transform((address) => address.toLowerCase())
  .meta({ example: 'ada@example.com' });

/** Length is what makes a password strong; composition rules do not (NIST SP 800-63B, 5.1.1.2). */
const newPassword = z.string().min(12).max(256).meta({ description: '12 to 256 characters.' });

const roleSchema = z.enum(ROLES);
const permissionSchema = z.enum(PERMISSIONS);
const roles = z
  .array(roleSchema)
  .max(ROLES.length)
  .transform((list) => [...new Set(list)])
  .meta({ description: 'Nobody grants a role that holds permissions they lack; only an owner makes an owner.' });

export const logInBody = z
  .strictObject({
    email,
    password: z.string().min(1).max(256),
    organizationId: uuidSchema.optional().meta({ description: 'Needed when the address has accounts in several.' }),
  })
  .meta({ id: 'LogIn' });

export const accessTokenSchema = z
  .object({
    accessToken: z.string().meta({ description: 'A JWT for `Authorization: Bearer`.' }),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().meta({ description: 'Seconds.' }),
  })
  .meta({ id: 'AccessToken' });

export const userSchema = z
  .object({
    id: z.guid(),
    email: z.string().nullable(),
    name: z.string(),
    roles: z.array(roleSchema),
    status: z.enum(['active', 'disabled']),
    issuer: z.string().nullable().meta({ description: 'The OpenID provider; null for a user with a password.' }),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'User' });
export type UserView = z.infer<typeof userSchema>;

export const userListSchema = listOf(userSchema);
export const listUsersQuery = withOnePosition(z.strictObject(pageQuery));

export const createUserBody = z
  .strictObject({ email, name: displayName, password: newPassword, roles })
  .meta({ id: 'CreateUser' });

export const updateUserBody = z
  .strictObject({
    email: email.optional(),
    name: displayName.optional(),
    password: newPassword.optional().meta({ description: 'Ends the sessions of the user.' }),
    roles: roles.optional(),
    status: z.enum(['active', 'disabled']).optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'must change at least one field')
  .meta({ id: 'UpdateUser' });

export const changePasswordBody = z
  .strictObject({ currentPassword: z.string().min(1).max(256), newPassword })
  .meta({ id: 'ChangePassword' });

export const meSchema = z
  .object({
    kind: z.enum(['user', 'key']),
    user: z.object({ id: z.guid(), email: z.string().nullable(), name: z.string() }).nullable(),
    key: z.object({ id: z.string(), name: z.string(), agentId: z.guid().nullable() }).nullable(),
    organization: z.object({ id: z.guid(), name: z.string() }),
    roles: z.array(roleSchema),
    permissions: z.array(permissionSchema),
  })
  .meta({ id: 'Me' });
export type MeView = z.infer<typeof meSchema>;

export const roleListSchema = z.object({
  data: z.array(
    z
      .object({
        name: roleSchema,
        permissions: z.array(permissionSchema),
        grantable: z.boolean().meta({ description: 'Whether the caller may give it to somebody.' }),
      })
      .meta({ id: 'Role' }),
  ),
});

const baseCurrency = z
  .string()
  .refine((code) => currencyExponent(code) !== undefined, 'is not a currency of ISO 4217')
  .meta({ description: 'ISO 4217; limits, budgets and totals are in it.', example: 'INR' });
/** A zone of the IANA database. */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, 'is not a time zone such as Asia/Kolkata')
  .meta({ description: 'IANA name; days and months turn over at its midnight.', example: 'Asia/Kolkata' });
const defaultAction = z
  .enum(['allow', 'deny', 'require_approval'])
  .meta({ description: 'The answer when no policy matches.' });

const fxMaxAgeHours = z.int().min(1).max(8784).meta({
  description: 'Hours after which an exchange rate is too old: a person is asked then. Default: 96.',
  example: 96,
});

export const organizationSchema = z
  .object({
    id: z.guid(),
    name: z.string(),
    baseCurrency: z.string(),
    timeZone: z.string(),
    defaultAction,
    fxMaxAgeHours,
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Organization' });
export type OrganizationView = z.infer<typeof organizationSchema>;

export const updateOrganizationBody = z
  .strictObject({
    name: displayName.optional(),
    baseCurrency: baseCurrency.optional(),
    timeZone: timeZoneSchema.optional(),
    defaultAction: defaultAction.optional(),
    fxMaxAgeHours: fxMaxAgeHours.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'must change at least one field')
  .meta({ id: 'UpdateOrganization' });

export const createOrganizationBody = z
  .strictObject({
    name: displayName,
    baseCurrency,
    timeZone: timeZoneSchema.default('UTC'),
    defaultAction: defaultAction.default('allow'),
    owner: z.strictObject({ email, name: displayName, password: newPassword }),
  })
  .meta({ id: 'CreateOrganization' });

export const createdOrganizationSchema = organizationSchema
  .extend({ owner: userSchema })
  .meta({ id: 'CreatedOrganization' });

const scopes = z
  .array(permissionSchema)
  .min(1)
  .max(PERMISSIONS.length)
  .transform((list) => [...new Set(list)]);
const expiresAt = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const apiKeySchema = z
  .object({
    id: idSchema('key'),
    name: z.string(),
    prefix: z.string().meta({ description: 'The beginning of the secret, to tell keys apart.' }),
    agentId: z.guid().nullable(),
    scopes: z.array(permissionSchema),
    status: z.enum(['active', 'expired', 'revoked']),
    createdBy: z.guid(),
    createdAt: timestampSchema,
    expiresAt: timestampSchema.nullable(),
    revokedAt: timestampSchema.nullable(),
    lastUsedAt: timestampSchema.nullable().meta({ description: 'To within a minute.' }),
  })
  .meta({ id: 'ApiKey' });
export type ApiKeyView = z.infer<typeof apiKeySchema>;

export const apiKeyListSchema = listOf(apiKeySchema);
export const listApiKeysQuery = withOnePosition(z.strictObject(pageQuery));

/** The only answer that holds the secret. */
export const createdApiKeySchema = apiKeySchema
  .extend({ secret: z.string().meta({ description: 'Shown this once and stored nowhere.' }) })
  .meta({ id: 'CreatedApiKey' });

export const createApiKeyBody = z
  .strictObject({
    name: displayName,
    agentId: uuidSchema.optional().meta({ description: 'The key submits and reads for this agent only.' }),
    scopes: scopes.optional().meta({ description: 'Default: what an agent needs, as far as the caller may do it.' }),
    expiresAt: expiresAt.optional(),
  })
  .meta({ id: 'CreateApiKey' });

export const MAX_OVERLAP_MINUTES = 10_080;

export const rotateApiKeyBody = z
  .strictObject({
    overlapMinutes: z
      .int()
      .min(0)
      .max(MAX_OVERLAP_MINUTES)
      .default(60)
      .meta({ description: 'How long the old secret keeps working beside the new one.' }),
    expiresAt: expiresAt
      .optional()
      .meta({ description: 'Of the new key. Absent: it gets as long a life as the old one.' }),
  })
  .default({ overlapMinutes: 60 })
  .meta({ id: 'RotateApiKey' });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
