import { z } from 'zod';

/** What a field holds; it settles which operators and values a condition on it may use. */
export type FieldType = 'money' | 'number' | 'text' | 'date' | 'boolean';

/**
 * Fields a condition may name, beside `metadata.<path>`. `money` fields compare in whole units of a currency
 * (`amount` in the intent's own, the rest in the organisation's base currency); `caseless` text ignores case.
 */
export const POLICY_FIELDS = {
  amount: { type: 'money' },
  amount_base: { type: 'money' },
  currency: { type: 'text' },
  confidence: { type: 'number' },
  reason: { type: 'text' },
  merchant: { type: 'text', caseless: true },
  merchant_category: { type: 'text', caseless: true },
  agent_id: { type: 'text' },
  agent_name: { type: 'text' },
  agent_risk_level: { type: 'text' },
  risk_score: { type: 'number' },
  day_of_week: { type: 'text' },
  hour_of_day: { type: 'number' },
  day_of_month: { type: 'number' },
  date: { type: 'date' },
  daily_spend: { type: 'money' },
  monthly_spend: { type: 'money' },
  daily_spend_after: { type: 'money' },
  monthly_spend_after: { type: 'money' },
  wallet_balance: { type: 'money' },
  intents_last_hour: { type: 'number' },
  intents_last_day: { type: 'number' },
  merchant_seen_before: { type: 'boolean' },
  merchant_spend_30d: { type: 'money' },
} as const satisfies Record<string, { type: FieldType; caseless?: true }>;

export type PolicyField = keyof typeof POLICY_FIELDS;

/** Operators, and the field types each applies to. */
export const OPERATORS = {
  eq: ['money', 'number', 'text', 'date', 'boolean'],
  neq: ['money', 'number', 'text', 'date', 'boolean'],
  gt: ['money', 'number', 'date'],
  gte: ['money', 'number', 'date'],
  lt: ['money', 'number', 'date'],
  lte: ['money', 'number', 'date'],
  in: ['money', 'number', 'text', 'date'],
  not_in: ['money', 'number', 'text', 'date'],
  between: ['money', 'number', 'date'],
  contains: ['text'],
  not_contains: ['text'],
  starts_with: ['text'],
  ends_with: ['text'],
  matches: ['text'],
  exists: ['money', 'number', 'text', 'date', 'boolean'],
} as const satisfies Record<string, readonly FieldType[]>;

export type Operator = keyof typeof OPERATORS;

export const MAX_RULE_DEPTH = 5;

const scalar = z.union([z.string().max(1024), z.number(), z.boolean()]);

export const conditionSchema = z.strictObject({
  field: z.string().min(1).max(256),
  operator: z.enum(Object.keys(OPERATORS) as [Operator, ...Operator[]]),
  value: z.union([scalar, z.array(scalar).max(1000)]).optional(),
});
export type Condition = z.infer<typeof conditionSchema>;

/** Conditions joined by AND (`all`) or OR (`any`); a group may hold groups, to a depth of five. */
export interface RuleGroup {
  match: 'all' | 'any';
  conditions: (Condition | RuleGroup)[];
}

export const ruleGroupSchema: z.ZodType<RuleGroup> = z
  .strictObject({
    match: z.enum(['all', 'any']),
    conditions: z.array(z.union([conditionSchema, z.lazy(() => ruleGroupSchema)])).max(100),
  })
  .meta({ id: 'RuleGroup' });

const assigneeSchema = z.union([z.strictObject({ role: z.string() }), z.strictObject({ userId: z.guid() })]);

/** Who must answer, how many of them, and by when; snapshotted when the request opens. */
export const approvalTermsSchema = z.strictObject({
  assignees: z
    .array(assigneeSchema)
    .min(1)
    .max(20)
    .default([{ role: 'finance' }]),
  quorum: z.number().int().min(1).max(10).default(1),
  expiresInMinutes: z.number().int().min(1).max(43_200).default(1440),
});
export type ApprovalTerms = z.infer<typeof approvalTermsSchema>;

export const DEFAULT_APPROVAL_TERMS: ApprovalTerms = approvalTermsSchema.parse({});

export type PolicyAction = 'allow' | 'deny' | 'require_approval';

/** A shadow policy is evaluated and recorded with each decision, and never decides. */
export const POLICY_MODES = ['enforce', 'shadow'] as const;
export type PolicyMode = (typeof POLICY_MODES)[number];
