import { z } from 'zod';
import { uuidSchema } from '../ids.ts';
import { queryInteger } from './pagination.ts';
import { timestampSchema } from './text.ts';

const days = queryInteger({ min: 1, max: 3650 })
  .default(30)
  .meta({ description: 'Lookback window: this many times 24 hours, until now. Default: 30.' });

export const spendQuery = z.strictObject({
  days,
  agentId: uuidSchema.optional().meta({ description: 'Only this agent.' }),
});

const bucketSchema = z.object({ count: z.int(), amount: z.number() });

export const spendSchema = z
  .object({
    currency: z.string().meta({ description: 'The base currency of the totals.' }),
    total: z.number().meta({ description: 'Sum of the approved intents.' }),
    intentCount: z.int(),
    breakdown: z.object({
      approved: bucketSchema,
      denied: bucketSchema,
      pending: bucketSchema,
      pendingApproval: bucketSchema,
    }),
    trend: z.object({
      previousTotal: z.number().meta({ description: 'The total of the window of the same length before this one.' }),
      changePercent: z.number().nullable().meta({ description: 'Null when the previous total is 0.' }),
    }),
    byCurrency: z
      .array(z.object({ currency: z.string(), total: z.number() }))
      .meta({ description: 'Approved amounts in the currencies they were submitted in.' }),
    from: timestampSchema,
    to: timestampSchema,
  })
  .meta({ id: 'Spend' });
export type Spend = z.infer<typeof spendSchema>;

export const approvalTimesQuery = z.strictObject({ days });

const seconds = z.number().nullable();

export const approvalTimesSchema = z
  .object({
    averageSeconds: seconds.meta({ description: 'Null when nobody responded in the period.' }),
    minimumSeconds: seconds,
    maximumSeconds: seconds,
    p50Seconds: seconds,
    p95Seconds: seconds,
    responded: z.int(),
    approved: z.int(),
    rejected: z.int(),
    expired: z.int(),
    from: timestampSchema,
    to: timestampSchema,
  })
  .meta({ id: 'ApprovalTimes' });
export type ApprovalTimesAnswer = z.infer<typeof approvalTimesSchema>;
