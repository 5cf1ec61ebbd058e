import { idSchema } from '@aegis/contracts/ids';
import { timeZoneSchema } from '@aegis/contracts/http/identity';
import { zonedTime } from '@aegis/contracts/http/text';
import { auditSettingsSchema } from '@aegis/contracts/http/audit-settings';
import { callerSchema as caller } from '@aegis/grpc/requests';
import { z } from 'zod';
import { CADENCES } from '../domain/export/cadence.ts';

/** Most entries of a page. */
export const MAX_PAGE = 100;

/** A date alone would need a zone, so a time with its offset is asked for. */
const instant = zonedTime({ error: 'must be RFC 3339 with a zone, such as 2026-01-31T00:00:00+05:30' }).transform(
  (text) => new Date(text),
);

// PostgreSQL's text cannot hold the character NUL.
const filter = z
  .string()
  .min(1)
  .max(512)
  .refine((text) => !text.includes('\0'), 'must not contain NUL')
  .optional();

// 0 and the empty string are what gRPC makes of a field that was not sent.
const page = z
  .object({
    limit: z.int().min(0).max(MAX_PAGE),
    offset: z.int().min(0),
    cursor: z.string().max(512).optional(),
  })
  .refine(({ offset, cursor }) => !(offset && cursor), { path: ['cursor'], message: 'excludes offset' });

export const listEntriesRequest = z
  .object({
    caller,
    page: page.nullish(),
    type: filter,
    actorId: filter,
    subjectId: filter,
    intentId: filter,
    text: filter,
    from: instant.optional(),
    to: instant.optional(),
  })
  .refine(({ text, page: asked }) => text === undefined || !asked?.offset, {
    path: ['page.offset'],
    message: 'does not go with a text: use the cursor',
  });

export const listForIntentRequest = z.object({ caller, intentId: idSchema('int') });

export const listTimelineRequest = z
  .object({ caller, intentId: idSchema('int'), page: page.nullish() })
  .refine(({ page: asked }) => !asked?.offset, {
    path: ['page.offset'],
    message: 'a timeline is paged by cursor',
  });

export const verifyRequest = z.object({ caller });

export const exportRequest = z.object({
  caller,
  format: z.enum(['json', 'csv']),
  standard: z.enum(['generic', 'rbi', 'eu_ai_act', 'sox']),
  from: instant.optional(),
  to: instant.optional(),
  tz: timeZoneSchema.default('UTC'),
  bundle: z.boolean().default(false),
  bom: z.boolean().default(false),
  prior: z.string().min(1).max(16_384).optional(),
  type: filter,
  actorId: filter,
  subjectId: filter,
  intentId: filter,
  differences: z.enum(['refuse', 'report']).default('refuse'),
});

export const exportCallerRequest = z.object({ caller });

export const listExportsRequest = z.object({ caller, page: page.nullish() });

export const exportAgainRequest = z.object({
  caller,
  exportId: idSchema('exp'),
  part: z.enum(['records', 'bundle']),
  fromByte: z.coerce.number().pipe(z.int().min(0)),
});

export const putSettingsRequest = z.object({
  caller,
  settingsJson: z
    .string()
    .max(1_000_000)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(auditSettingsSchema),
});

const scheduleId = idSchema('exs');

export const scheduleRequest = z.object({ caller, scheduleId });

export const createScheduleRequest = z.object({
  caller,
  scheduleId,
  terms: z.object({
    name: filter.unwrap(),
    format: z.enum(['json', 'csv']),
    standard: z.enum(['generic', 'rbi', 'eu_ai_act', 'sox']),
    bundle: z.boolean(),
    differences: z.enum(['refuse', 'report']),
    cadence: z.enum(CADENCES),
    timeZone: timeZoneSchema,
  }),
});

export const listSchedulesRequest = z.object({ caller, page: page.nullish() });

export const listRunsRequest = z.object({ caller, scheduleId, page: page.nullish() });

export const logRequest = z.object({ caller });

export const proveInclusionRequest = z.object({ caller, entryId: filter.unwrap() });

// int64 arrives as text.
const size = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a number of entries')
  .transform(Number);

export const proveConsistencyRequest = z.object({ caller, from: size, to: size.optional() });

export const getTileRequest = z.object({ caller, path: z.string().max(128) });
