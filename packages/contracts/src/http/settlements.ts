import { z } from 'zod';
import { intentSchema } from './intents.ts';
import { settlementSchema } from './settlement.ts';

export const settleIntentBody = z
  .strictObject({
    amount: z.number().meta({
      description: "What was paid, in the intent's currency; greater than zero.",
      example: 49.9,
    }),
    reference: z.string().trim().min(1).max(200).meta({
      description: 'Names the payment, unique for the intent: the same again changes nothing.',
      example: 'ch_3PqK',
    }),
    final: z.boolean().default(true).meta({ description: 'Whether this was the last payment of the intent.' }),
  })
  .meta({ id: 'SettleIntent' });

export const settledIntentSchema = intentSchema
  .extend({ settlement: settlementSchema.nullable() })
  .meta({ id: 'SettledIntent' });
