import { z } from 'zod';
import { idSchema, uuidSchema } from '../ids.ts';
import { instantQuery } from './text.ts';

export const verifyDecisionsQuery = z.strictObject({
  from: instantQuery.optional().meta({ description: 'Of intents created at this time or later.' }),
  to: instantQuery.optional().meta({ description: 'Of intents created before this time.' }),
  agentId: uuidSchema.optional(),
});

const findingSchema = z
  .object({
    intentId: idSchema('int'),
    decisionId: idSchema('dec'),
    final: z.boolean(),
    policySetVersion: z.int(),
    result: z.enum(['different', 'unverifiable']),
    cause: z.string().nullable().meta({
      description:
        'Why it is unverifiable: `erased` (a policy looks at text that was erased), `undecidable` (no rule had answered), `other risk model`, `no such policy set`.',
    }),
    differences: z.array(z.object({ field: z.string(), recorded: z.unknown(), again: z.unknown() })),
  })
  .meta({ id: 'DecisionFinding' });
export type DecisionFinding = z.infer<typeof findingSchema>;

/** One line of the answer of a verification; `done` marks the last. */
export const decisionsVerificationSchema = z
  .object({
    checked: z.int().meta({ description: 'Decisions decided again so far.' }),
    total: z.int().meta({ description: 'Decisions of the range.' }),
    same: z.int(),
    different: z.int(),
    unverifiable: z.int(),
    findings: z.array(findingSchema).meta({ description: 'Those found since the line before.' }),
    done: z.boolean(),
  })
  .meta({ id: 'DecisionsVerification' });
export type DecisionsVerification = z.infer<typeof decisionsVerificationSchema>;
