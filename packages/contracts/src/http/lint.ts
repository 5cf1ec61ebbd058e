import { z } from 'zod';
import { policyDecisionSchema, submitIntentBody } from './intents.ts';
import { proposalFields } from './simulation.ts';
import { timestampSchema } from './text.ts';

export const lintPoliciesBody = z.strictObject(proposalFields).meta({
  id: 'LintPolicies',
  description: 'With a proposed set, what it changes is looked at as well.',
});

export const LINT_KINDS = ['contradiction', 'unreachable', 'looser'] as const;

const policyNameSchema = z
  .object({
    id: z
      .string()
      .nullable()
      .meta({ description: 'Null for the default, a guard, and a policy that does not exist yet.' }),
    name: z.string(),
  })
  .meta({ id: 'PolicyName' });

const witnessSchema = z
  .object({
    intent: submitIntentBody,
    at: timestampSchema.meta({ description: 'When it is created.' }),
    sees: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).nullable()).meta({
      description: 'What conditions see of it and of its agent then, by field; null is missing.',
    }),
  })
  .meta({ id: 'LintWitness' });

const findingSchema = z
  .object({
    kind: z.enum(LINT_KINDS),
    policy: policyNameSchema.meta({ description: 'The policy at fault; of `looser`, the one that answers today.' }),
    paths: z.array(z.string()).meta({
      description: 'Of `contradiction`: the conditions that never hold together.',
      example: ['rules.conditions[0]', 'rules.conditions[2]'],
    }),
    alternative: z.string().nullable().meta({
      description:
        'Of `contradiction`: the alternative of an `any` that never holds; null when the whole policy never does.',
    }),
    by: z.array(policyNameSchema).meta({
      description: 'Of `unreachable`: the policies that answer in its place. Of `looser`: what would answer.',
    }),
    before: policyDecisionSchema.nullable().meta({ description: 'Of `looser`: the decision of today.' }),
    after: policyDecisionSchema.nullable().meta({ description: 'The decision about `witness` by the set looked at.' }),
    witness: witnessSchema.nullable().meta({
      description: 'An intent that was decided to show the finding; null for a contradiction, which is proven.',
    }),
  })
  .meta({ id: 'LintFinding' });

export const lintReportSchema = z
  .object({
    findings: z.array(findingSchema),
    findingsLeftOut: z.int().meta({ description: 'Findings beyond the first 1,000.' }),
    undecided: z.array(z.object({ kind: z.enum(LINT_KINDS), policy: policyNameSchema })).meta({
      description: 'What was neither found nor excluded. Empty: what is not among the findings is not there.',
    }),
    undecidedLeftOut: z.int(),
    policySetVersion: z.int().meta({ description: 'Of the policies as they are now.' }),
  })
  .meta({ id: 'LintReport' });
export type LintReport = z.infer<typeof lintReportSchema>;
