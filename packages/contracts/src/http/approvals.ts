import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { approvalStatusSchema, assigneeSchema, intentSchema, riskFactorSchema } from './intents.ts';
import { listOf, wholeOrPageQuery, withOnePosition } from './pagination.ts';
import { timestampSchema } from './text.ts';

const windowSchema = z.object({
  limit: z.number().nullable().meta({ description: 'Null: unlimited.' }),
  used: z.number().meta({ description: 'Spent and held, this intent included.' }),
  remaining: z.number().nullable(),
});

const approvalResponseSchema = z.object({
  respondedBy: z.string(),
  decision: z.enum(['approve', 'reject']),
  note: z.string().nullable(),
  respondedAt: timestampSchema,
});

export const approvalSchema = z
  .object({
    id: idSchema('apr'),
    intentId: idSchema('int'),
    agentId: z.guid(),
    status: approvalStatusSchema,
    assignedTo: z.array(assigneeSchema),
    quorum: z.int().meta({ description: 'How many people must approve.' }),
    responses: z.array(approvalResponseSchema),
    requestedAt: timestampSchema,
    expiresAt: timestampSchema,
    resolvedAt: timestampSchema.nullable(),
    intent: intentSchema,
    matchedPolicy: z
      .object({ id: z.string().nullable(), version: z.int().nullable(), name: z.string() })
      .meta({ description: 'What asked for the approval.' }),
    riskFactors: z.array(riskFactorSchema),
    budgetAfter: z.object({ currency: z.string(), daily: windowSchema, monthly: windowSchema }).nullable().meta({
      description:
        "The agent's budget if this is approved, in the base currency, as seen when the approval was asked for; null while no exchange rate is known.",
    }),
  })
  .meta({ id: 'Approval' });
export type Approval = z.infer<typeof approvalSchema>;

export const listApprovalsQuery = withOnePosition(
  z.strictObject({
    ...wholeOrPageQuery,
    status: approvalStatusSchema.optional().meta({ description: 'Default: open.' }),
  }),
);

export const approvalListSchema = listOf(approvalSchema);

export const respondBody = z
  .strictObject({
    decision: z.enum(['approve', 'reject']),
    note: z
      .string()
      .min(1)
      .max(2000)
      .optional()
      .meta({ description: 'Reason for the decision (recorded in the audit log).' }),
  })
  .meta({ id: 'RespondToApproval' });
