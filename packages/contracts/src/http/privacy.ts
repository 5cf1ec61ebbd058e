import { z } from 'zod';
import { idSchema, uuidSchema } from '../ids.ts';

const MAX_INTENTS = 100;

export const erasureBody = z
  .strictObject({
    intentIds: z
      .array(idSchema('int'))
      .min(1)
      .max(MAX_INTENTS)
      .optional()
      .meta({ description: 'Decided intents whose reason, merchant, metadata and notes are to go.' }),
    userId: uuidSchema
      .optional()
      .meta({ description: 'A disabled user whose name, e-mail, addresses and notes are to go.' }),
  })
  .refine(({ intentIds, userId }) => (intentIds === undefined) !== (userId === undefined), {
    path: ['intentIds'],
    message: 'give either intentIds or userId',
  });

export const erasureSchema = z
  .object({
    id: idSchema('era'),
    status: z.literal('requested').meta({
      description: 'Each store answers in the log; `privacy.erased`, about this id, says that all have.',
    }),
  })
  .meta({ id: 'Erasure' });
