import { idSchema, uuidSchema } from '@aegis/contracts/ids';
import { moneySchema } from '@aegis/contracts/money';
import { callerSchema as caller } from '@aegis/grpc/requests';
import { z } from 'zod';

/** PostgreSQL's text cannot hold the character NUL. */
const text = z.string().refine((value) => !value.includes('\0'), 'must not contain NUL');

/** Entries of a page whose size was not said (0 on the wire), as in the HTTP API. */
const DEFAULT_LIMIT = 20;

const page = z.object({
  limit: z.int().transform((limit) => limit || DEFAULT_LIMIT),
  offset: z.int(),
  cursor: z.string().max(512).optional(),
});

/** Decimal text from 0 to 1. */
const ratio = z.string().regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/);

const agentId = uuidSchema;
const policyId = idSchema('pol');

/** What is not JSON is passed on as it is; the rules of policies say what is wrong with it. */
const json = text.transform((value, context): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
});

/** An empty text takes the terms away. */
const approvalJson = z.union([z.literal('').transform(() => null), json]);

export const putOrganizationRequest = z.object({
  caller,
  baseCurrency: z.string().optional(),
  timeZone: z.string().optional(),
  defaultAction: z.string().optional(),
  fxMaxAgeHours: z.int().optional(),
});

export const putFxRatesRequest = z.object({
  caller,
  rates: z.array(z.object({ currency: z.string(), rate: z.string(), effectiveAt: z.string().optional() })),
});
export const listFxRatesRequest = z.object({ caller, currency: z.string().optional(), page: page.nullish() });

export const createWalletTransactionRequest = z.object({
  caller,
  id: idSchema('wtx'),
  agentId,
  type: z.string(),
  amount: z.string(),
  reference: text.optional(),
  note: text.optional(),
});
export const listWalletTransactionsRequest = z.object({ caller, agentId, page: page.nullish() });

export const putBudgetsRequest = z.object({
  caller,
  budgets: z.array(
    z.object({
      category: text.optional(),
      dailyLimit: z.string().optional(),
      monthlyLimit: z.string().optional(),
    }),
  ),
});

export const callerRequest = z.object({ caller });
export const listRequest = z.object({ caller, page: page.nullish() });

/** How an agent's intents are settled and paid for. */
const moneyTerms = {
  settlement: z.string().optional(),
  settlementTolerancePercent: z.int().optional(),
  walletMode: z.string().optional(),
};

export const createAgentRequest = z.object({
  caller,
  id: agentId,
  name: text,
  description: text.optional(),
  // The empty string is what gRPC makes of a field that was not sent.
  riskLevel: z.string().transform((level) => level || undefined),
  dailyLimit: z.string().optional(),
  monthlyLimit: z.string().optional(),
  ...moneyTerms,
  ownerId: text.optional(),
});

export const agentRequest = z.object({ caller, id: agentId });

export const updateAgentRequest = z.object({
  caller,
  id: agentId,
  name: text.optional(),
  description: text.optional(),
  riskLevel: z.string().optional(),
  dailyLimit: z.string().optional(),
  monthlyLimit: z.string().optional(),
  ...moneyTerms,
});

export const setAgentStatusRequest = z.object({ caller, id: agentId, status: z.string() });

export const createPolicyRequest = z.object({
  caller,
  id: policyId,
  name: text,
  description: text.optional(),
  priority: z.number(),
  action: z.string(),
  rulesJson: json,
  isActive: z.boolean(),
  approvalJson: approvalJson.optional(),
  mode: z.string().default('enforce'),
});

export const policyRequest = z.object({ caller, id: policyId });

export const updatePolicyRequest = z.object({
  caller,
  id: policyId,
  name: text.optional(),
  description: text.optional(),
  priority: z.number().optional(),
  action: z.string().optional(),
  rulesJson: json.optional(),
  isActive: z.boolean().optional(),
  approvalJson: approvalJson.optional(),
  mode: z.string().optional(),
});

export const listPolicyVersionsRequest = z.object({ caller, id: policyId, page });
export const listPolicySetsRequest = z.object({ caller, page });
export const policySetRequest = z.object({ caller, version: z.int() });

const instant = z.iso.datetime().transform((value) => new Date(value));

export const verifyDecisionsRequest = z.object({
  caller,
  from: instant.nullish(),
  to: instant.nullish(),
  agentId: agentId.nullish(),
});

/** What the policy's own rules say of a field is left to them; here it only has to be of its type. */
const proposedPolicy = z.object({
  id: policyId.optional(),
  name: text,
  description: text.nullable().default(null),
  priority: z.number(),
  action: z.string(),
  rules: z.unknown(),
  isActive: z.boolean().default(true),
  mode: z.string().default('enforce'),
  approval: z
    .unknown()
    .optional()
    .transform((terms) => terms ?? null),
});

/** What is tried in the place of the policies as they are now. */
const proposal = {
  policiesJson: json.pipe(z.array(proposedPolicy).max(2_000)).nullish(),
  defaultAction: z.string().nullish(),
};

export const simulateWindowRequest = z.object({
  caller,
  from: instant.nullish(),
  to: instant.nullish(),
  ...proposal,
  assumption: z.enum(['approved', 'rejected', 'unanswered']),
  intents: z.boolean(),
});

export const simulateIntentRequest = z.object({
  caller,
  agentId,
  amount: moneySchema,
  reason: text,
  confidence: ratio,
  merchant: text.nullish(),
  merchantCategory: text.nullish(),
  metadataJson: json.pipe(z.record(z.string(), z.unknown())).nullish(),
  at: z.iso.datetime().nullish(),
  ...proposal,
});

export const lintPoliciesRequest = z.object({
  caller,
  ...proposal,
});
