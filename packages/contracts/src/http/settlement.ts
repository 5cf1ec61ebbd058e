import { z } from 'zod';
import { timestampSchema } from './text.ts';

const confirmedBy = z.string().nullable().meta({
  description:
    'Whoever confirmed it by `intents:settle`; null: the agent’s own word, which frees nothing of what was approved.',
});

export const settlementSchema = z
  .object({
    captured: z.number().meta({ description: 'Sum of the captures, in the intent’s currency.' }),
    final: z.boolean().meta({ description: 'Whether the last payment was made, or the rest cancelled.' }),
    confirmed: z.boolean().meta({ description: 'Whether that end is confirmed: only then is the rest free.' }),
    captures: z.array(
      z.object({
        reference: z.string(),
        amount: z.number(),
        final: z.boolean(),
        confirmedBy,
        recordedAt: timestampSchema,
      }),
    ),
    cancellation: z.object({ confirmedBy, recordedAt: timestampSchema }).nullable(),
  })
  .meta({ id: 'Settlement' });
export type Settlement = z.infer<typeof settlementSchema>;
