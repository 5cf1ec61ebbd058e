import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { POLICY_MODES } from '../policy-rules.ts';
import { intentStatusSchema, policyDecisionSchema, riskFactorSchema, submitIntentBody } from './intents.ts';
import { createPolicyBody } from './policies.ts';
import { timestampSchema, zonedTime } from './text.ts';

const instant = zonedTime();

const proposedPolicy = z
  .strictObject({
    ...createPolicyBody.shape,
    id: idSchema('pol')
      .optional()
      .meta({ description: 'Of the policy that this one would replace; absent: a new one.' }),
  })
  .meta({ id: 'ProposedPolicy' });

/** What is tried in the place of the policies as they are now. */
export const proposalFields = {
  policies: z.array(proposedPolicy).max(2_000).optional().meta({
    description: 'The whole proposed set. Absent: the policies as they are now.',
  }),
  defaultAction: policyDecisionSchema.optional().meta({ description: 'The answer when none matches.' }),
};

export const ASSUMPTIONS = ['approved', 'rejected', 'unanswered'] as const;

/** History against a proposed set of policies. */
export const simulateWindowBody = z
  .strictObject({
    window: z
      .union([
        z.strictObject({ from: instant.optional(), to: instant.optional() }),
        z.strictObject({ days: z.int().min(1).max(3_660) }),
      ])
      .meta({ description: 'Intents created from one time to before another, or in the last days.' }),
    ...proposalFields,
    newRequests: z.enum(ASSUMPTIONS).default('approved').meta({
      description:
        'What is assumed of requests for approval that were never made. Those that were made are answered as they were.',
    }),
    intents: z.boolean().default(false).meta({ description: 'Whether the lines tell of every intent.' }),
  })
  .meta({ id: 'SimulateWindow' });

/** One intent that nobody submitted. */
export const simulateIntentBody = z
  .strictObject({
    intent: submitIntentBody,
    at: instant.optional().meta({ description: 'When it is taken to be created. Absent: now.' }),
    ...proposalFields,
  })
  .meta({ id: 'SimulateIntent' });

export const simulateBody = z.union([simulateIntentBody, simulateWindowBody]);

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const explainedConditionSchema = z
  .object({
    path: z.string().meta({ example: 'rules.conditions[1].conditions[0]' }),
    field: z.string(),
    operator: z.string(),
    value: z.union([scalar, z.array(scalar)]).nullable(),
    actual: scalar.nullable().meta({ description: 'What the intent has there; null when it is missing.' }),
    holds: z.boolean(),
  })
  .meta({ id: 'ExplainedCondition' });

const explainedPolicySchema = z
  .object({
    id: z.string().nullable().meta({ description: 'Null for a policy that does not exist yet.' }),
    name: z.string(),
    priority: z.number(),
    action: policyDecisionSchema,
    mode: z.enum(POLICY_MODES),
    isActive: z.boolean(),
    holds: z.boolean(),
    answers: z.boolean().meta({
      description: 'The policies\u2019 answer is this one\u2019s: the first in force that holds.',
    }),
    conditions: z.array(explainedConditionSchema),
  })
  .meta({ id: 'ExplainedPolicy' });

const simulatedVerdictSchema = z.object({
  decision: policyDecisionSchema,
  matchedPolicy: z.string(),
  matchedPolicyId: z.string().nullable().meta({ description: 'Null for a guard, the default, and a new policy.' }),
});

const checkedLimitSchema = z
  .object({
    name: z.string().meta({ description: 'The guard that objects when the intent does not fit.' }),
    whose: z.string().meta({ example: 'the category "travel"' }),
    limit: z.number().meta({ description: 'In the base currency; of a wallet, what is in it.' }),
    spent: z.number(),
    held: z.number(),
    fits: z.boolean().nullable().meta({ description: 'Null without an exchange rate.' }),
  })
  .meta({ id: 'CheckedLimit' });

export const intentSimulationSchema = z
  .object({
    ...simulatedVerdictSchema.shape,
    reasons: z.array(z.string()),
    guards: z.array(z.object({ name: z.string(), verdict: policyDecisionSchema, reason: z.string() })),
    limits: z.array(checkedLimitSchema).meta({
      description:
        'Every limit there is for the intent, of its agent, the organisation and its category, and the wallet if that is enforced.',
    }),
    riskScore: z.number(),
    riskFactors: z.array(riskFactorSchema),
    policies: z.array(explainedPolicySchema).meta({
      description: 'In the order of evaluation, those that are switched off or in shadow mode as well.',
    }),
    policiesLeftOut: z.int().meta({ description: 'Policies of a long set that are not explained.' }),
    live: simulatedVerdictSchema.nullable().meta({
      description: 'The answer of the policies as they are now; null when nothing else was proposed.',
    }),
    changed: z.boolean().meta({ description: 'Whether the proposed policies decide otherwise than those of now.' }),
    policySetVersion: z.int().meta({ description: 'Of the policies as they are now.' }),
  })
  .meta({ id: 'IntentSimulation' });
export type IntentSimulation = z.infer<typeof intentSimulationSchema>;

const answerSchema = z.object({
  outcome: intentStatusSchema,
  matchedPolicy: z.string(),
  matchedPolicyId: z.string().nullable().meta({ description: 'Null for a guard, the default, and a new policy.' }),
  riskScore: z.number(),
  reasons: z.array(z.string()),
});

const simulatedIntentSchema = z
  .object({
    intentId: idSchema('int'),
    agentId: z.guid(),
    createdAt: timestampSchema,
    amount: z.number(),
    currency: z.string(),
    before: answerSchema.meta({ description: 'How it was answered, before any person was.' }),
    after: answerSchema.meta({ description: 'How the proposed policies answer.' }),
  })
  .meta({ id: 'SimulatedIntent' });

const tallySchema = z.object({
  count: z.int(),
  amount: z.number().meta({ description: 'In the base currency; intents without an exchange rate add nothing.' }),
});

export const simulationReportSchema = z
  .object({
    intents: z.int().meta({ description: 'Intents of the window.' }),
    changed: z.int().meta({ description: 'Intents with another outcome.' }),
    kept: z.object({ erased: z.int(), undecidable: z.int() }).meta({
      description: 'Intents whose answer was kept: erased text that a proposed policy looks at, or nothing to decide.',
    }),
    newRequests: z.int().meta({ description: 'Requests for approval that were never made.' }),
    assumption: z.enum(ASSUMPTIONS),
    currency: z.string(),
    outcomes: z.array(z.object({ before: intentStatusSchema, after: intentStatusSchema, ...tallySchema.shape })),
    policies: z.array(
      z.object({
        kind: z.enum(['policy', 'guard', 'default']),
        id: z.string().nullable(),
        name: z.string(),
        before: tallySchema,
        after: tallySchema,
      }),
    ),
    examples: z.array(simulatedIntentSchema),
  })
  .meta({ id: 'SimulationReport' });
export type SimulationReport = z.infer<typeof simulationReportSchema>;

/** One line of the answer; the last one has the report. */
export const simulationLineSchema = z
  .object({
    replayed: z.int().meta({ description: 'Decisions replayed so far, those before the window included.' }),
    total: z.int(),
    intents: z.array(simulatedIntentSchema).optional(),
    report: simulationReportSchema.nullable(),
  })
  .meta({ id: 'SimulationLine' });
export type SimulationLine = z.infer<typeof simulationLineSchema>;
