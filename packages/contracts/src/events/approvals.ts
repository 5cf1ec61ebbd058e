import { z } from 'zod';
import { idSchema, uuidSchema } from '../ids.ts';
import { approvalTermsSchema } from '../policy-rules.ts';
import { personal } from './personal.ts';

const timestamp = z.iso.datetime();
/** Those who may not approve, as frozen with the request; the submitter stands first. */
const partyIds = z.array(z.string()).optional();
const ids = { approvalId: idSchema('apr'), intentId: idSchema('int'), agentId: uuidSchema };

export const approvalRequested = z.object({
  ...ids,
  terms: approvalTermsSchema,
  requestedAt: timestamp,
  expiresAt: timestamp,
});

export const approvalResponded = z.object({
  ...ids,
  decision: z.enum(['approve', 'reject']),
  note: personal(z.string().nullable()),
  responderId: z.string(),
  respondedAt: timestamp,
  partyIds,
});

/** An answer that was refused because the person is a party to the request. */
export const approvalSelfApprovalRefused = z.object({
  ...ids,
  responderId: z.string(),
  attemptedAt: timestamp,
  partyIds,
});

/** The only approval event that policy acts on; `requestedAt` and `resolvedAt` give the time people took. */
export const approvalResolved = z.object({
  ...ids,
  outcome: z.enum(['approved', 'rejected', 'expired']),
  responderIds: z.array(z.string()),
  requestedAt: timestamp,
  resolvedAt: timestamp,
  partyIds,
});
