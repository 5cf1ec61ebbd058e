import { z } from 'zod';
import { actorSchema } from '../actor.ts';
import { idSchema } from '../ids.ts';
import { timeZoneSchema } from './identity.ts';
import { listOf, pageQuery } from './pagination.ts';
import { timestampSchema } from './text.ts';

const terms = {
  name: z
    .string()
    .min(1)
    .max(200)
    .refine((name) => name.isWellFormed() && !name.includes('\0'), 'must not hold NUL or half a surrogate pair'),
  format: z.enum(['json', 'csv']),
  standard: z.enum(['generic', 'rbi', 'eu_ai_act', 'sox']),
  cadence: z
    .enum(['daily', 'weekly', 'monthly'])
    .meta({ description: 'A file of each day, week (from Monday) or month, soon after it is over.' }),
};

const differences = z.enum(['refuse', 'report']).meta({
  description: 'What becomes of an export that the operational database contradicts, as in `GET /v1/audit/export`.',
});

export const createExportScheduleBody = z.strictObject({
  ...terms,
  bundle: z.enum(['zip', 'none']).default('zip').meta({
    description: '`zip`: the records with exact entries, proofs and signed manifest; `none`: the records alone.',
  }),
  differences: differences.default('refuse'),
  timeZone: timeZoneSchema
    .optional()
    .meta({ description: 'Whose calendar the periods go by (IANA). Default: the organisation’s.' }),
});

export const exportScheduleParams = z.object({ id: idSchema('exs') });

export const exportScheduleSchema = z
  .object({
    id: z.string(),
    ...terms,
    bundle: z.enum(['zip', 'none']),
    differences,
    timeZone: z.string(),
    status: z.enum(['active', 'paused']),
    nextFrom: z.iso.date().meta({ description: 'The first date of the period that is exported next.' }),
    dueAt: timestampSchema.meta({ description: 'When that period is over.' }),
    createdBy: actorSchema,
    createdAt: timestampSchema,
  })
  .meta({ id: 'ExportSchedule' });
export type ExportScheduleView = z.infer<typeof exportScheduleSchema>;

export const exportRunSchema = z
  .object({
    periodFrom: z.iso.date(),
    periodTo: z.iso.date().meta({ description: 'The date behind the last one of the period.' }),
    status: z.enum(['waiting', 'running', 'failed', 'completed']).meta({
      description:
        'A run that failed is tried again, after a minute at first and an hour at most, until it is completed.',
    }),
    attempts: z.int(),
    nextAttemptAt: timestampSchema.nullable(),
    exportId: z.string().nullable().meta({ description: 'Names the export in the log.' }),
    error: z.string().nullable().meta({ description: 'Why the last attempt failed.' }),
    file: z.string().nullable().meta({ description: 'Where the file is, below the directory of exports.' }),
    bytes: z.int().nullable(),
    sha256: z.string().nullable(),
    completedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'ExportRun' });
export type ExportRunView = z.infer<typeof exportRunSchema>;

const { limit, cursor } = pageQuery;
export const listExportSchedulesQuery = z.strictObject({ limit, cursor });
export const exportScheduleListSchema = listOf(exportScheduleSchema);
export const exportRunListSchema = listOf(exportRunSchema);
