import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { listOf, pageQuery, withOnePosition } from './pagination.ts';
import { timestampSchema } from './text.ts';

export const createWalletTransactionBody = z
  .strictObject({
    type: z.enum(['top_up', 'withdrawal', 'adjustment', 'refund']).meta({
      description:
        'Top-up and withdrawal move money in and out; a refund brings back what was spent, and never raises a limit; an adjustment corrects, and may be negative.',
    }),
    amount: z.number().meta({ description: 'In the base currency.', example: 1000 }),
    reference: z.string().trim().min(1).max(200).optional().meta({ description: 'Such as the id of a bank transfer.' }),
    note: z.string().trim().min(1).max(500).optional(),
  })
  .meta({ id: 'CreateWalletTransaction' });

export const walletTransactionSchema = z
  .object({
    id: idSchema('wtx'),
    type: z.enum(['top_up', 'withdrawal', 'adjustment', 'refund', 'hold', 'capture', 'release']),
    amount: z.number().meta({ description: 'What the balance changed by; zero for a hold and its release.' }),
    held: z.number().meta({ description: 'What the held part of the balance changed by.' }),
    currency: z.string(),
    intentId: z.string().nullable(),
    reference: z.string().nullable(),
    note: z.string().nullable(),
    lines: z
      .array(
        z.object({
          account: z.enum(['available', 'held', 'spend', 'external', 'adjustment']),
          amount: z.number(),
        }),
      )
      .meta({ description: 'Double entry: they sum to zero.' }),
    createdBy: z.string().nullable().meta({ description: 'Null for a step of an intent.' }),
    createdAt: timestampSchema,
  })
  .meta({ id: 'WalletTransaction' });
export type WalletTransactionAnswer = z.infer<typeof walletTransactionSchema>;

export const listWalletTransactionsQuery = withOnePosition(z.strictObject(pageQuery));
export const walletTransactionListSchema = listOf(walletTransactionSchema);

export const ledgerCheckSchema = z
  .object({
    ok: z.boolean(),
    compared: z.int().meta({ description: 'Entries, wallets and budget windows that were added up again.' }),
    differences: z.array(
      z.object({
        what: z.string(),
        subject: z.string(),
        recorded: z.string().meta({ description: 'Minor units of the base currency.' }),
        computed: z.string(),
      }),
    ),
  })
  .meta({ id: 'LedgerCheck' });
