import { z } from 'zod';
import { timestampSchema } from './text.ts';

export const budgetWindowSchema = z
  .object({
    limit: z.number().nullable().meta({ description: 'Null: unlimited.' }),
    spent: z.number(),
    held: z.number().meta({ description: 'Reserved by intents that wait for an approval or for their settlement.' }),
    remaining: z.number().nullable(),
    endsAt: timestampSchema.meta({ description: 'When the next day or month begins.' }),
  })
  .meta({ id: 'BudgetWindow' });

const category = z.string().trim().min(1).max(128).meta({
  description: 'A merchant category, whatever its case; null: all spending of the organization.',
  example: 'travel',
});
const limit = z.number().min(0).nullable().default(null).meta({
  description: 'In the base currency; null is unlimited, 0 allows nothing.',
});

const MAX_BUDGETS = 200;

export const putBudgetsBody = z
  .strictObject({
    budgets: z
      .array(z.strictObject({ category: category.nullable().default(null), dailyLimit: limit, monthlyLimit: limit }))
      .max(MAX_BUDGETS),
  })
  .meta({ id: 'PutBudgets' });

export const sharedBudgetSchema = z
  .object({
    category: z.string().nullable(),
    daily: budgetWindowSchema,
    monthly: budgetWindowSchema,
    since: z.iso.date().meta({ description: 'First date that it counts.' }),
  })
  .meta({ id: 'SharedBudget' });

export const sharedBudgetsSchema = z
  .object({ currency: z.string(), data: z.array(sharedBudgetSchema) })
  .meta({ id: 'SharedBudgets' });
export type SharedBudgets = z.infer<typeof sharedBudgetsSchema>;
