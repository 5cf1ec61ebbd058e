import { z } from 'zod';
import { timestampSchema } from './text.ts';

const text = (max = 500) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), 'must not hold NUL or half a surrogate pair');
const reference = text().meta({ description: 'Where it is kept: a document number, an address.' });
const date = z.iso.date();

const controlSchema = z.strictObject({
  controlId: text(100),
  owner: text(200),
  type: z.enum(['auto', 'manual']),
  domain: z.enum(['change', 'access', 'operations']),
  eventTypes: z
    .array(z.string().regex(/^[a-z_]+\.(?:[a-z_]+|\*)$/, 'must be an event type such as intent.decided, or policy.*'))
    .min(1)
    .max(50),
});

const euAiActSchema = z.strictObject({
  role: z.enum(['provider', 'deployer', 'both']).optional(),
  highRiskBasis: text().optional().meta({ description: 'Article 6 or Annex III, as you assessed it.' }),
  systemId: text(200).optional(),
  systemVersion: text(100).optional(),
  intendedPurpose: text(2000).optional(),
  logInterpretationRef: reference.optional(),
  oversightMeasuresRef: reference.optional(),
  pmmPlanRef: reference.optional(),
  incidents: z
    .array(z.strictObject({ ref: text(200), subjectId: text(200) }))
    .max(1000)
    .optional()
    .meta({ description: 'Serious incidents, each with the intent, event or subject it is about.' }),
});

const rbiSchema = z.strictObject({
  regulatedEntity: text(200).optional(),
  ourRole: text(200).optional(),
  auditAccessRef: reference.optional(),
  storageLocations: z.array(text(200)).min(1).max(50).optional(),
  paymentDataIndiaOnly: z.boolean().optional(),
  clockSource: text(200).optional(),
  logs180dIndia: z.boolean().optional(),
});

const soxSchema = z.strictObject({
  issuer: text(200).optional(),
  fiscalPeriod: z.strictObject({ label: text(50), from: date, to: date }).optional(),
  environment: text(100).optional(),
  reviewer: text(200).optional(),
  accessSnapshotRef: reference.optional(),
  soc1Ref: reference.optional(),
  sodExceptions: z.array(text()).max(200).optional(),
});

/** Seven years. */
export const DEFAULT_RETENTION_DAYS = 2_557;
/** Six months: the least that Regulation (EU) 2024/1689 lets a log be kept. */
const MIN_RETENTION_DAYS = 184;

const retentionSchema = z.strictObject({
  days: z
    .int()
    .min(MIN_RETENTION_DAYS)
    .max(36_525)
    .optional()
    .meta({ description: 'How long personal and free text of the log is kept; seven years unless told otherwise.' }),
  legalHold: z
    .boolean()
    .optional()
    .meta({ description: 'While set, nothing is deleted from the log, not by age and not by an erasure.' }),
});

/** What the platform cannot know of an organisation's duties; manifests of exports tell it, and list what is absent. */
export const auditSettingsSchema = z
  .strictObject({
    controlMatrix: z
      .array(controlSchema)
      .max(500)
      .refine(
        (controls) => new Set(controls.map((one) => one.controlId)).size === controls.length,
        'has a control twice',
      )
      .optional()
      .meta({ description: 'Your controls; an entry is evidence for the first that names its type.' }),
    euAiAct: euAiActSchema.optional(),
    rbi: rbiSchema.optional(),
    sox: soxSchema.optional(),
    retention: retentionSchema.optional(),
  })
  .meta({ id: 'AuditSettings' });
export type AuditSettings = z.infer<typeof auditSettingsSchema>;

export const auditSettingsViewSchema = z
  .object({
    version: z.int().meta({ description: '0 before anything was set.' }),
    updatedAt: timestampSchema.nullable(),
    settings: auditSettingsSchema,
  })
  .meta({ id: 'AuditSettingsVersion' });
export type AuditSettingsView = z.infer<typeof auditSettingsViewSchema>;
