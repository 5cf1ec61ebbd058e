import { z } from 'zod';
import { actorSchema } from '../actor.ts';
import { idSchema } from '../ids.ts';
import { timeZoneSchema } from './identity.ts';
import { listOf, pageQuery } from './pagination.ts';
import { isCalendarDate, isStorableTime, queryText, timestampSchema, zonedTime } from './text.ts';

const format = z.enum(['json', 'csv']);
const standard = z.enum(['generic', 'rbi', 'eu_ai_act', 'sox']);
const DATE = /^\d{4}-\d{2}-\d{2}$/;

const BOUND = 'must be a time such as 2026-03-05T10:00:00Z or a date such as 2026-03-05';

/** A time with its offset, or a date alone, which means its midnight in the zone of the question. */
const bound = z.union([
  zonedTime({ error: BOUND }),
  z
    .string()
    .regex(DATE, { error: BOUND, abort: true })
    .refine((text) => isCalendarDate(text) && isStorableTime(text), BOUND),
]);
const flag = z.enum(['0', '1']).transform((text) => text === '1');

/** Whether the text is a date without a time. */
export function isDateAlone(text: string): boolean {
  return DATE.test(text);
}

export const exportAuditQuery = z.strictObject({
  format,
  standard,
  from: bound.optional().meta({ description: 'Start of the export range, by the time of recording.' }),
  to: bound.optional().meta({ description: 'End of the export range, exclusive.' }),
  tz: timeZoneSchema.default('UTC').meta({ description: 'The zone of dates in `from` and `to` (IANA). Default: UTC.' }),
  bundle: z.enum(['zip']).optional().meta({
    description: 'A ZIP with the records, the exact entries, proofs and a signed manifest, to be checked offline.',
  }),
  bom: flag.optional().meta({ description: '1: the CSV begins with a byte order mark, which some spreadsheets need.' }),
  prior: z.string().min(1).max(16_384).optional().meta({
    description: 'A checkpoint of this log that you kept: the bundle then proves that the log only grew since.',
  }),
  type: queryText({ min: 1, max: 64 })
    .optional()
    .meta({ description: 'Others are in the export as stubs, also below.' }),
  actor: queryText({ min: 1, max: 128 }).optional(),
  subject: queryText({ min: 1, max: 128 }).optional(),
  intentId: idSchema('int').optional(),
  differences: z.enum(['refuse', 'report']).default('refuse').meta({
    description:
      'Where the intents of the operational database and those of the log are not the same: `refuse` exports nothing, `report` names them in the manifest.',
  }),
});

export const exportParams = z.object({ id: idSchema('exp') });

export const exportSummarySchema = z
  .object({
    id: z.string(),
    format,
    standard,
    from: timestampSchema.nullable(),
    to: timestampSchema.nullable(),
    firstSeq: z.int(),
    endSeq: z.int().meta({ description: 'The place behind its last entry.' }),
    logSize: z.int().meta({ description: 'Entries of the log when its head was signed for the export.' }),
    generatedAt: timestampSchema,
    generatedBy: actorSchema,
  })
  .meta({ id: 'Export' });
export type ExportSummary = z.infer<typeof exportSummarySchema>;

const { limit, cursor } = pageQuery;
export const listExportsQuery = z.strictObject({ limit, cursor });
export const exportListSchema = listOf(exportSummarySchema);

export const manifestKeySchema = z
  .object({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string(),
    kid: z.string().meta({ description: 'Thumbprint of the key (RFC 7638); manifests name it.' }),
  })
  .meta({ id: 'ManifestKey' });
