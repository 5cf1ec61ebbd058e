import { z } from 'zod';
import { budgetWindowSchema } from './budgets.ts';
import { listOf, wholeOrPageQuery, withOnePosition } from './pagination.ts';
import { timestampSchema } from './text.ts';

const riskLevelSchema = z.enum(['low', 'medium', 'high']);

const limit = z.number().min(0).nullable();
const name = z.string().min(1).max(120).meta({
  description: 'Human-readable agent name.',
  example: 'Procurement',
});
const description = z.string().max(2000).nullable().meta({ description: "Description of the agent's role." });
const dailyLimit = limit.meta({
  description: 'Maximum daily spend in the base currency; null is unlimited, 0 allows nothing.',
  example: 50_000,
});
const settlement = z.enum(['immediate', 'required']).meta({
  description:
    'Immediate: an approved amount is spent at once. Required: it stays held until it is settled or cancelled.',
});
const settlementTolerancePercent = z.int().min(0).max(100).meta({
  description: 'By how much a settlement may pass the amount; held as well. Needs `settlement` to be required.',
});
const walletMode = z.enum(['tracked', 'enforced']).meta({
  description: 'Enforced: nothing is approved that the wallet does not cover. Tracked: it only counts.',
});
const monthlyLimit = limit.meta({ description: 'Maximum monthly spend; null is unlimited.', example: 500_000 });

export const createAgentBody = z
  .strictObject({
    name,
    description: description.optional(),
    riskLevel: riskLevelSchema.default('medium'),
    dailyLimit: dailyLimit.optional(),
    monthlyLimit: monthlyLimit.optional(),
    settlement: settlement.default('immediate'),
    settlementTolerancePercent: settlementTolerancePercent.optional(),
    walletMode: walletMode.default('tracked'),
  })
  .meta({ id: 'CreateAgent' });

export const updateAgentBody = z
  .strictObject({
    name: name.optional(),
    description: description.optional(),
    riskLevel: riskLevelSchema.optional(),
    dailyLimit: dailyLimit.optional(),
    monthlyLimit: monthlyLimit.optional(),
    settlement: settlement.optional(),
    settlementTolerancePercent: settlementTolerancePercent.optional(),
    walletMode: walletMode.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'must change at least one field')
  .meta({ id: 'UpdateAgent' });

const remainingSchema = z
  .number()
  .nullable()
  .meta({ description: 'What both limits leave for today; null: unlimited.' });

export const agentSchema = z
  .object({
    id: z.guid(),
    name: z.string(),
    description: z.string().nullable(),
    riskLevel: riskLevelSchema,
    status: z.enum(['active', 'suspended']),
    walletBalance: z.number().meta({ description: 'What was put in less what was spent.' }),
    walletHeld: z.number().meta({ description: 'The part of the balance that is reserved.' }),
    walletMode,
    currency: z.string().meta({ description: 'The base currency, which all amounts here are in.' }),
    dailyLimit: z.number().nullable(),
    monthlyLimit: z.number().nullable(),
    spentToday: z.number(),
    heldToday: z.number(),
    spentThisMonth: z.number(),
    heldThisMonth: z.number(),
    remaining: remainingSchema,
    settlement,
    settlementTolerancePercent,
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Agent' });
export type AgentAnswer = z.infer<typeof agentSchema>;

export const budgetSchema = z
  .object({
    agentId: z.guid(),
    currency: z.string(),
    daily: budgetWindowSchema,
    monthly: budgetWindowSchema,
    remaining: remainingSchema,
  })
  .meta({ id: 'Budget' });
export type Budget = z.infer<typeof budgetSchema>;

export const listAgentsQuery = withOnePosition(z.strictObject(wholeOrPageQuery));
export const agentListSchema = listOf(agentSchema);
