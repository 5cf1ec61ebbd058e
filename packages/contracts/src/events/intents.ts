import { z } from 'zod';
import { actorSchema } from '../actor.ts';
import { idSchema, uuidSchema } from '../ids.ts';
import { moneySchema } from '../money.ts';
import { approvalTermsSchema } from '../policy-rules.ts';
import { personal } from './personal.ts';

/** A ratio between 0 and 1 as a decimal string: floats do not survive every JSON implementation. */
const ratio = z.string().regex(/^[01](\.\d{1,6})?$/);
const timestamp = z.iso.datetime();

/** The people who may not approve the intent, frozen when it was submitted. */
export const partiesSchema = z.object({
  submitterId: z.string(),
  agentOwnerId: z.string().nullable(),
  keyCreatorId: z.string().nullable(),
});
export type Parties = z.infer<typeof partiesSchema>;

export const intentSubmitted = z.object({
  intentId: idSchema('int'),
  agentId: uuidSchema,
  money: moneySchema,
  confidence: ratio,
  reason: personal(z.string()),
  merchant: personal(z.string().nullable()),
  merchantCategory: z.string().nullable(),
  metadata: personal(z.record(z.string(), z.unknown()).nullable()),
  submitter: actorSchema,
  keyCreatorId: z.string().nullable(),
  createdAt: timestamp,
});

export const riskSchema = z.object({
  score: ratio,
  model: z.string(),
  factors: z.array(z.object({ name: z.string(), contribution: ratio, detail: z.string() })),
});
export type Risk = z.infer<typeof riskSchema>;

/** What answered: a policy of the organisation, a guard, or the default when no policy matched. */
export const matchedPolicySchema = z.object({
  kind: z.enum(['policy', 'guard', 'default']),
  id: z.string().nullable(),
  version: z.number().int().nullable(),
  name: z.string(),
  /** Of the version of a policy, the same as in the entry of its making; absent from older decisions. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
export type MatchedPolicy = z.infer<typeof matchedPolicySchema>;

/** A policy in shadow mode whose rules matched, and what it would have answered. */
const shadowMatchSchema = z.object({
  id: z.string(),
  version: z.number().int(),
  name: z.string(),
  action: z.enum(['allow', 'deny', 'require_approval']),
});
export type ShadowMatch = z.infer<typeof shadowMatchSchema>;

/**
 * What the agent's and the organisation's past said of an intent before it was counted itself. Amounts are minor units of
 * the base currency in decimal strings.
 */
const decisionFeaturesSchema = z.object({
  intentsLastHour: z.number().int(),
  intentsLastDay: z.number().int(),
  /** Of `all` the agent's intents, how many came within an hour of this hour of the day. */
  usualHour: z.object({ near: z.number().int(), all: z.number().int() }),
  /** Intents of the last hour with the same merchant and about the same amount. */
  nearDuplicates: z.number().int(),
  /** What the agent spent at the merchant; null where none is named. */
  merchant: z
    .object({
      seenBefore: z.boolean(),
      spend30dMinor: z.string(),
      todayCount: z.number().int(),
      todayMinor: z.string(),
      todayLargestMinor: z.string(),
    })
    .nullable(),
  /** The next amount that policies treat differently, and what the organisation paid the merchant just below it. */
  structuring: z.object({ thresholdMinor: z.string(), pieces: z.number().int(), piecesMinor: z.string() }).nullable(),
});
export type DecisionFeatures = z.infer<typeof decisionFeaturesSchema>;

/** A daily and a monthly budget as a decision saw them, before the intent. */
const windowsSeen = {
  dailyLimitMinor: z.string().nullable(),
  dailySpentMinor: z.string(),
  dailyHeldMinor: z.string(),
  monthlyLimitMinor: z.string().nullable(),
  monthlySpentMinor: z.string(),
  monthlyHeldMinor: z.string(),
};

/**
 * The fields as the decision saw them, beside the submission's own. Amounts are minor units of the base currency in
 * decimal strings; a null limit is unlimited, a null `amountBaseMinor` means that no exchange rate was known.
 */
export const decisionContextSchema = z.object({
  baseCurrency: z.string(),
  baseExponent: z.number().int(),
  amountBaseMinor: z.string().nullable(),
  /** What one unit of the intent's currency is worth in the base currency; null where none was needed or known. */
  fxRate: z.string().nullable(),
  /** The recorded rate that `fxRate` is; absent without one. */
  fxSource: z.object({ rateId: z.string(), effectiveAt: timestamp }).optional(),
  timeZone: z.string(),
  date: z.string(),
  dayOfWeek: z.string(),
  hourOfDay: z.number().int(),
  dayOfMonth: z.number().int(),
  agentName: z.string(),
  agentStatus: z.enum(['active', 'suspended']),
  agentRiskLevel: z.enum(['low', 'medium', 'high']),
  ...windowsSeen,
  /** The organisation's and the category's budgets that the intent counts in; absent without one. */
  sharedBudgets: z.array(z.object({ category: z.string().nullable(), ...windowsSeen })).optional(),
  /** The agent's wallet; absent while it has none. */
  wallet: z
    .object({ mode: z.enum(['enforced', 'tracked']), balanceMinor: z.string(), heldMinor: z.string() })
    .optional(),
  /** The agent's intents are held until they are settled, with this much more than was asked; absent: captured at once. */
  settlement: z.object({ tolerancePercent: z.number().int() }).optional(),
  historyCount: z.number().int(),
  historyMeanMinor: z.string().nullable(),
  /** Intents of the agent that waited for people, and how many may; absent where nothing was counted. */
  openApprovals: z.object({ count: z.number().int(), limit: z.number().int() }).optional(),
  /** Absent where nothing was counted, and in decisions of risk model 1. */
  features: decisionFeaturesSchema.optional(),
});
export type DecisionContext = z.infer<typeof decisionContextSchema>;

const settlementFields = {
  intentId: idSchema('int'),
  agentId: uuidSchema,
  /** In the intent's currency; of a cancellation zero. */
  money: moneySchema,
  /** Unique for the intent; null for a cancellation. */
  reference: z.string().nullable(),
  /** Nothing is captured after it. */
  final: z.boolean(),
  /** Whoever confirmed it by intents:settle; null when it is the agent's own word, which frees nothing of what was approved. */
  confirmedBy: z.string().nullable(),
  recordedAt: timestamp,
};

/** Something was paid for an intent that was approved. */
export const intentSettled = z.object(settlementFields);

/** Nothing more will be paid: what waits for people is withdrawn, and of an approved intent the rest is free once confirmed. */
export const intentCancelled = z.object(settlementFields);

export const intentDecided = z.object({
  intentId: idSchema('int'),
  decisionId: idSchema('dec'),
  agentId: uuidSchema,
  money: moneySchema,
  merchantCategory: z.string().nullable(),
  intentCreatedAt: timestamp,
  decidedAt: timestamp,
  /** False only while a person is being asked. */
  final: z.boolean(),
  outcome: z.enum(['approved', 'denied', 'pending_approval']),
  policyDecision: z.enum(['allow', 'deny', 'require_approval']),
  matchedPolicy: matchedPolicySchema,
  policySet: z.object({ version: z.number().int(), hash: z.string() }),
  /** Shadow policies that matched, in the order of evaluation; absent where none did. */
  shadow: z.array(shadowMatchSchema).optional(),
  guards: z.array(z.object({ name: z.string(), verdict: z.enum(['deny', 'require_approval']) })),
  reasons: z.array(z.string()),
  risk: riskSchema,
  context: decisionContextSchema,
  /** Set while a person is asked. */
  approvalTerms: approvalTermsSchema.nullable(),
  parties: partiesSchema,
  /** The approval request whose outcome made this decision final. */
  approvalId: idSchema('apr').nullable(),
  /** The rate an approval was given by, where the policies had answered without one; absent otherwise. */
  conversion: z
    .object({
      amountBaseMinor: z.string(),
      fxRate: z.string(),
      rateId: z.string(),
      effectiveAt: timestamp,
      inWallet: z.boolean(),
    })
    .optional(),
});
