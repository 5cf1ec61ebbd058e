import type { PolicyDraft } from './company.ts';

const when = (field: string, operator: string, value: unknown) => ({
  match: 'all' as const,
  conditions: [{ field, operator, value }],
});

export const FIVE_POLICIES: readonly PolicyDraft[] = [
  { name: 'No cash', priority: 90, action: 'deny', rules: when('merchant_category', 'contains', 'cash') },
  { name: 'Risky', priority: 70, action: 'require_approval', rules: when('risk_score', 'gte', 0.7) },
  { name: 'Large', priority: 50, action: 'require_approval', rules: when('amount_base', 'gt', 2_500) },
  { name: 'Busy', priority: 40, action: 'require_approval', rules: when('intents_last_hour', 'gt', 40) },
  { name: 'Everyday', priority: 10, action: 'allow', rules: when('amount_base', 'lte', 500) },
];

export const STRICTER: readonly PolicyDraft[] = [
  { name: 'No cash', priority: 90, action: 'deny', rules: when('merchant_category', 'contains', 'cash') },
  { name: 'Risky', priority: 70, action: 'deny', rules: when('risk_score', 'gte', 0.6) },
  { name: 'Large', priority: 50, action: 'require_approval', rules: when('amount_base', 'gt', 1_000) },
  { name: 'One merchant', priority: 45, action: 'require_approval', rules: when('merchant_spend_30d', 'gt', 3_000) },
  { name: 'Busy', priority: 40, action: 'deny', rules: when('intents_last_hour', 'gt', 20) },
  { name: 'Soft limit', priority: 30, action: 'require_approval', rules: when('daily_spend_after', 'gt', 1_500) },
];

/** Amounts at which either set changes its answer. */
export const THRESHOLDS = [500, 1_000, 2_500];
