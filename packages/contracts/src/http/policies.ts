import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { approvalTermsSchema, OPERATORS, POLICY_MODES, ruleGroupSchema } from '../policy-rules.ts';
import { policyDecisionSchema } from './intents.ts';
import { DEFAULT_EVERYDAY, MAX_EVERYDAY } from '../policy-templates.ts';
import { listOf, pageQuery, queryInteger, wholeOrPageQuery, withOnePosition } from './pagination.ts';
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
  mode: z.enum(POLICY_MODES).meta({
    description: 'enforce: it decides. shadow: it is evaluated and recorded with each decision, and never decides.',
  }),
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
    mode: policyFields.mode.default('enforce'),
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
    mode: policyFields.mode.optional(),
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
    mode: z.enum(POLICY_MODES),
    approval: approvalTermsSchema.nullable(),
    archived: z.boolean(),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Policy' });
export type PolicyAnswer = z.infer<typeof policySchema>;

export const policyTemplatesQuery = z.strictObject({
  everyday: queryInteger({ min: 1, max: MAX_EVERYDAY })
    .default(DEFAULT_EVERYDAY)
    .meta({
      description: `An amount of the base currency that agents may spend without anybody looking; the others are multiples of it. Default: ${DEFAULT_EVERYDAY}.`,
    }),
});
export const policyTemplateSchema = z
  .object({
    name: z.string(),
    description: z.string(),
    policies: z
      .array(createPolicyBody)
      .meta({ description: 'Bodies of POST /v1/policies, the highest priority first.' }),
  })
  .meta({ id: 'PolicyTemplate' });
export const policyTemplateListSchema = listOf(policyTemplateSchema);

export const listPoliciesQuery = withOnePosition(z.strictObject(wholeOrPageQuery));
export const policyListSchema = listOf(policySchema);

export const listVersionsQuery = withOnePosition(z.strictObject(pageQuery));

/** The settings and policies that decided from one change to the next. */
const policySetFields = {
  version: z.int().meta({ description: 'Counts the changes of policies and settings, from 1. Decisions name it.' }),
  hash: z
    .string()
    .meta({ description: 'SHA-256 over the settings and the digest of every policy. Decisions name it.' }),
  baseCurrency: z.string(),
  timeZone: z.string(),
  defaultAction: policyDecisionSchema,
  policyCount: z.int(),
  createdAt: timestampSchema,
};
export const policySetSchema = z.object(policySetFields).meta({ id: 'PolicySet' });
export const policySetListSchema = listOf(policySetSchema);
export const policySetDetailSchema = z
  .object({
    ...policySetFields,
    policies: z
      .array(policySchema)
      .meta({ description: 'In the order of evaluation, each in the version that decided.' }),
  })
  .meta({ id: 'PolicySetDetail' });
export type PolicySetAnswer = z.infer<typeof policySetSchema>;
