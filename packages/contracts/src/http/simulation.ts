import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { intentStatusSchema, policyDecisionSchema } from './intents.ts';
import { createPolicyBody } from './policies.ts';
import { timestampSchema } from './text.ts';

const instant = z.iso.datetime({ offset: true });

const proposedPolicy = z
  .strictObject({
    ...createPolicyBody.shape,
    id: idSchema('pol')
      .optional()
      .meta({ description: 'Of the policy that this one would replace; absent: a new one.' }),
  })
  .meta({ id: 'ProposedPolicy' });

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
    policies: z.array(proposedPolicy).max(2_000).optional().meta({
      description: 'The whole proposed set. Absent: the policies as they are now.',
    }),
    defaultAction: policyDecisionSchema.optional().meta({ description: 'The answer when none matches.' }),
    newRequests: z.enum(ASSUMPTIONS).default('approved').meta({
      description:
        'What is assumed of requests for approval that were never made. Those that were made are answered as they were.',
    }),
    intents: z.boolean().default(false).meta({ description: 'Whether the lines tell of every intent.' }),
  })
  .meta({ id: 'SimulateWindow' });

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
