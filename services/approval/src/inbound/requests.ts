import { idSchema, uuidSchema } from '@aegis/contracts/ids';
import { callerSchema as caller } from '@aegis/grpc/requests';
import { z } from 'zod';
import { APPROVAL_STATUSES } from '../domain/approval-request.ts';
import { MAX_PAGE } from '../usecases/list-approvals.ts';

const roles = z.array(z.string().min(1)).max(100);

// 0 and the empty string are what gRPC makes of a field that was not sent.
const page = z
  .object({
    limit: z.int().min(0).max(MAX_PAGE),
    offset: z.int().min(0),
    cursor: z.string().max(512).optional(),
  })
  .refine(({ offset, cursor }) => !(offset && cursor), { path: ['cursor'], message: 'excludes offset' });

export const listApprovalsRequest = z.object({
  caller,
  // Empty for an API key, which is no person: it sees what is assigned to its roles.
  userId: z.union([z.literal(''), uuidSchema]),
  roles,
  status: z.union([z.literal('').transform(() => 'open' as const), z.enum(APPROVAL_STATUSES)]),
  page: page.nullish(),
});

export const listForIntentRequest = z.object({ caller, intentId: idSchema('int') });

export const respondRequest = z.object({
  caller,
  approvalId: idSchema('apr'),
  userId: uuidSchema,
  roles,
  decision: z.enum(['approve', 'reject']),
  // PostgreSQL's text cannot hold the character NUL.
  note: z
    .string()
    .max(4_000)
    .refine((note) => !note.includes('\0'), 'must not contain NUL')
    .optional(),
});
