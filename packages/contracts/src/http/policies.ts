import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { approvalTermsSchema, OPERATORS, ruleGroupSchema } from '../policy-rules.ts';
import { policyDecisionSchema } from './intents.ts';
import { listOf, wholeOrPageQuery, withOnePosition } from './pagination.ts';
import { timestampSchema } from './text.ts';

/**
 * Rules as the edge takes them: any JSON object. What is wrong inside them is a refusal with the path (422), not a
 * malformed request, so they are read with `ruleGroupSchema` after the body.
 */
const rulesBody = z.record(z.string(), z.unknown()).meta({
  description: 'Conditions and how they join; a condition may itself be such a group, five levels deep.',
  override: {
    type: 'object',
    required: ['match', 'conditions'],
    additionalProperties: false,
    propertyNames: undefined,
    properties: {
      match: { type: 'string', enum: ['all', 'any'], description: 'AND or OR.' },
      conditions: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            field: { type: 'string' },
            operator: { type: 'string', enum: Object.keys(OPERATORS) },
            value: {},
          },
        },
      },
    },
    example: {
      match: 'all',
      conditions: [
        { field: 'amount', operator: 'gte', value: 50_000 },
        { field: 'day_of_week', operator: 'in', value: ['saturday', 'sunday'] },
      ],
    },
  },
});

const policyFields = {
  name: z.string().min(1).max(200).meta({
    description: 'Display name for the policy.',
    example: 'Block weekend high-value spend',
  }),
  description: z.string().max(2000),
  priority: z.number().min(-1_000_000_000).max(1_000_000_000).meta({
    description: 'Evaluation order. Higher numbers evaluated first.',
    example: 80,
  }),
  action: policyDecisionSchema,
  rules: rulesBody,
  isActive: z.boolean(),
  approval: z.record(z.string(), z.unknown()).meta({
    description: 'Who is asked when the action is require_approval, how many of them, and for how long.',
    override: {
      propertyNames: undefined,
      additionalProperties: false,
      properties: {
        assignees: { type: 'array', items: { $ref: '#/components/schemas/Assignee' } },
        quorum: { type: 'integer', minimum: 1, maximum: 10, default: 1 },
        expiresInMinutes: { type: 'integer', minimum: 1, maximum: 43_200, default: 1440 },
      },
    },
  }),
};

export const createPolicyBody = z
  .strictObject({
    name: policyFields.name,
    description: policyFields.description.nullable().optional(),
    priority: policyFields.priority,
    action: policyFields.action,
    rules: policyFields.rules,
    isActive: policyFields.isActive.default(true).meta({ description: 'Whether to activate immediately.' }),
    approval: policyFields.approval.nullable().optional(),
  })
  .meta({ id: 'CreatePolicy' });

export const updatePolicyBody = z
  .strictObject({
    name: policyFields.name.optional(),
    description: policyFields.description.nullable().optional(),
    priority: policyFields.priority.optional(),
    action: policyFields.action.optional(),
    rules: policyFields.rules.optional(),
    isActive: policyFields.isActive.optional(),
    approval: policyFields.approval.nullable().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'must change at least one field')
  .meta({ id: 'UpdatePolicy' });

export const policySchema = z
  .object({
    id: idSchema('pol'),
    version: z.int().meta({ description: 'Counts the changes, from 1.' }),
    name: z.string(),
    description: z.string().nullable(),
    priority: z.number(),
    action: policyDecisionSchema,
    rules: ruleGroupSchema,
    isActive: z.boolean(),
    approval: approvalTermsSchema.nullable(),
    archived: z.boolean(),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Policy' });
export type PolicyAnswer = z.infer<typeof policySchema>;

export const listPoliciesQuery = withOnePosition(z.strictObject(wholeOrPageQuery));
export const policyListSchema = listOf(policySchema);
