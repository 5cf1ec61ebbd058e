import { z } from 'zod';
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
const monthlyLimit = limit.meta({ description: 'Maximum monthly spend; null is unlimited.', example: 500_000 });

export const createAgentBody = z
  .strictObject({
    name,
    description: description.optional(),
    riskLevel: riskLevelSchema.default('medium'),
    dailyLimit: dailyLimit.optional(),
    monthlyLimit: monthlyLimit.optional(),
  })
  .meta({ id: 'CreateAgent' });

export const updateAgentBody = z
  .strictObject({
    name: name.optional(),
    description: description.optional(),
    riskLevel: riskLevelSchema.optional(),
    dailyLimit: dailyLimit.optional(),
    monthlyLimit: monthlyLimit.optional(),
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
    walletBalance: z.number(),
    currency: z.string().meta({ description: 'The base currency, which all amounts here are in.' }),
    dailyLimit: z.number().nullable(),
    monthlyLimit: z.number().nullable(),
    spentToday: z.number(),
    heldToday: z.number(),
    spentThisMonth: z.number(),
    heldThisMonth: z.number(),
    remaining: remainingSchema,
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Agent' });
export type AgentAnswer = z.infer<typeof agentSchema>;

const windowSchema = z.object({
  limit: z.number().nullable(),
  spent: z.number(),
  held: z.number().meta({ description: 'Reserved by intents that wait for an approval.' }),
  remaining: z.number().nullable(),
});

export const budgetSchema = z
  .object({
    agentId: z.guid(),
    currency: z.string(),
    daily: windowSchema,
    monthly: windowSchema,
    remaining: remainingSchema,
  })
  .meta({ id: 'Budget' });
export type Budget = z.infer<typeof budgetSchema>;

export const listAgentsQuery = withOnePosition(z.strictObject(wholeOrPageQuery));
export const agentListSchema = listOf(agentSchema);
