import { z } from 'zod';
import { idSchema, uuidSchema } from '../ids.ts';
import { metadataSchema } from './metadata.ts';
import { listOf, pageQuery, queryInteger, withOnePosition } from './pagination.ts';
import { settlementSchema } from './settlement.ts';
import { instantQuery, queryText, timestampSchema } from './text.ts';

export const INTENT_STATUSES = ['pending', 'approved', 'denied', 'pending_approval'] as const;
export const intentStatusSchema = z.enum(INTENT_STATUSES).meta({ id: 'IntentStatus' });
export type IntentStatus = z.infer<typeof intentStatusSchema>;

export const policyDecisionSchema = z.enum(['allow', 'deny', 'require_approval']).meta({ id: 'PolicyDecision' });
export type PolicyDecision = z.infer<typeof policyDecisionSchema>;

export const submitIntentBody = z
  .strictObject({
    agentId: uuidSchema.meta({ description: 'The registered agent submitting this intent.' }),
    amount: z.number().meta({
      description:
        'Spend amount in the specified currency: greater than zero, at most 15 significant digits, no more decimals than the currency has.',
      example: 5000,
    }),
    currency: z.string().meta({ description: 'ISO 4217 currency code.', example: 'INR' }),
    reason: z.string().min(1).max(2000).meta({
      description: 'Human-readable description of the intended spend.',
      example: 'Cloud compute for the nightly model evaluation',
    }),
    confidence: z.number().min(0).max(1).default(1).meta({
      description: 'AI confidence score for this decision; kept to six decimals, rounded down.',
    }),
    merchant: z.string().min(1).max(256).optional().meta({ description: 'Merchant name or domain.' }),
    merchantCategory: z.string().min(1).max(128).optional().meta({ description: 'Merchant category code or label.' }),
    metadata: metadataSchema.optional(),
  })
  .meta({ id: 'SubmitIntent' });
export type SubmitIntentBody = z.infer<typeof submitIntentBody>;

/** The answer to a submission, before anything is decided. */
export const submittedIntentSchema = z
  .object({
    id: idSchema('int'),
    status: z.literal('pending'),
    amount: z.number(),
    currency: z.string(),
    policyDecision: z.null(),
    createdAt: timestampSchema,
  })
  .meta({ id: 'SubmittedIntent' });
export type SubmittedIntent = z.infer<typeof submittedIntentSchema>;

export const riskFactorSchema = z
  .object({
    name: z.string(),
    contribution: z.number().meta({ description: 'Its share of the risk score, 0 to 1.' }),
    detail: z.string(),
  })
  .meta({ id: 'RiskFactor' });
export type RiskFactor = z.infer<typeof riskFactorSchema>;

export const intentSchema = z
  .object({
    id: idSchema('int'),
    agentId: z.guid(),
    status: intentStatusSchema,
    amount: z.number(),
    currency: z.string(),
    reason: z.string(),
    confidence: z.number(),
    merchant: z.string().nullable(),
    merchantCategory: z.string().nullable(),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    policyDecision: policyDecisionSchema.nullable(),
    matchedPolicy: z.string().nullable().meta({
      description: 'Name of the policy that decided, of the guard that did, or "Default Allow".',
      example: 'Default Allow',
    }),
    matchedPolicyId: z.string().nullable().meta({ description: 'Null for a guard and for the default.' }),
    riskScore: z.number().nullable().meta({ description: '0 (none) to 1.', example: 0.12 }),
    riskFactors: z.array(riskFactorSchema),
    shadowPolicies: z
      .array(z.object({ id: z.string(), version: z.int(), name: z.string(), action: policyDecisionSchema }))
      .meta({ description: 'Policies in shadow mode that matched, and what they would have answered.' }),
    reasons: z.array(z.string()).meta({ description: 'Why it was decided so, in words.' }),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Intent' });
export type Intent = z.infer<typeof intentSchema>;

export const assigneeSchema = z
  .union([z.object({ role: z.string() }), z.object({ userId: z.string() })])
  .meta({ id: 'Assignee' });
export type Assignee = z.infer<typeof assigneeSchema>;

export const approvalStatusSchema = z
  .enum(['open', 'approved', 'rejected', 'expired', 'withdrawn'])
  .meta({ id: 'ApprovalStatus', description: 'Withdrawn: the intent was decided otherwise while people were asked.' });

const approvalReferenceSchema = z
  .object({
    id: idSchema('apr'),
    status: z.enum(['open', 'approved', 'rejected', 'expired', 'withdrawn']),
    assignedTo: z.array(assigneeSchema),
    respondedBy: z.string().nullable().meta({ description: 'Who answered last.' }),
    decision: z.enum(['approve', 'reject']).nullable(),
    note: z.string().nullable(),
    expiresAt: timestampSchema,
    respondedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'ApprovalReference' });

const auditReferenceSchema = z
  .object({ seq: z.int(), id: z.string(), type: z.string(), checksum: z.string() })
  .meta({ id: 'AuditReference' });

export const intentDetailSchema = intentSchema
  .extend({
    approvals: z.array(approvalReferenceSchema),
    settlement: settlementSchema.nullable().meta({ description: 'Null while nothing was said of the payment.' }),
    audit: z
      .array(auditReferenceSchema)
      .nullable()
      .meta({ description: 'Entries of the audit log about this intent.' }),
    auditUnavailable: z
      .literal(true)
      .optional()
      .meta({ description: 'Set when the audit service did not answer; `audit` is null then.' }),
  })
  .meta({ id: 'IntentDetail' });
export type IntentDetail = z.infer<typeof intentDetailSchema>;

const amountQuery = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,4})?$/, 'must be a decimal number such as 99.50')
  .meta({ override: { type: 'number', pattern: undefined } });

export const listIntentsQuery = withOnePosition(
  z.strictObject({
    ...pageQuery,
    status: intentStatusSchema.optional(),
    agentId: uuidSchema.optional(),
    from: instantQuery.optional().meta({ description: 'Created at this time or later.' }),
    to: instantQuery.optional().meta({ description: 'Created before this time.' }),
    merchant: queryText({ min: 1, max: 256 })
      .optional()
      .meta({ description: 'The whole merchant, whatever the case.' }),
    minAmount: amountQuery.optional().meta({ description: "At least this, each intent in its own currency's unit." }),
    maxAmount: amountQuery.optional().meta({ description: "At most this, each intent in its own currency's unit." }),
    q: queryText({ min: 1, max: 256 }).optional().meta({ description: 'Part of the reason or merchant, or an id.' }),
  }),
);
export type ListIntentsQuery = z.infer<typeof listIntentsQuery>;

export const MAX_WAIT_SECONDS = 30;

export const getIntentQuery = z.strictObject({
  wait: queryInteger({ min: 0, max: MAX_WAIT_SECONDS })
    .optional()
    .meta({ description: 'Seconds to wait, while the intent is pending, for its decision.' }),
});

export const intentListSchema = listOf(intentSchema);
