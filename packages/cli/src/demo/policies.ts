/** Policies that make the demonstration allow, deny and ask. Bodies of POST /v1/policies. */
export const DEMO_POLICIES = [
  {
    name: 'No gambling',
    priority: 100,
    action: 'deny',
    rules: {
      match: 'all',
      conditions: [{ field: 'merchant_category', operator: 'in', value: ['gambling', 'lottery'] }],
    },
  },
  {
    name: 'Block weekend high-value spend',
    priority: 80,
    action: 'deny',
    rules: {
      match: 'all',
      conditions: [
        { field: 'amount', operator: 'gte', value: 50_000 },
        { field: 'day_of_week', operator: 'in', value: ['saturday', 'sunday'] },
      ],
    },
  },
  {
    name: 'Finance approves large purchases',
    priority: 60,
    action: 'require_approval',
    rules: { match: 'all', conditions: [{ field: 'amount', operator: 'gte', value: 1_000 }] },
  },
  {
    name: 'Finance looks at unsure agents',
    priority: 40,
    action: 'require_approval',
    rules: {
      match: 'all',
      conditions: [
        { field: 'confidence', operator: 'lt', value: 0.5 },
        { field: 'amount', operator: 'gt', value: 20 },
      ],
    },
  },
  {
    name: 'Everyday purchases',
    priority: 10,
    action: 'allow',
    rules: {
      match: 'any',
      conditions: [
        { field: 'merchant_category', operator: 'in', value: ['office supplies', 'catering', 'travel', 'software'] },
        { field: 'amount', operator: 'lt', value: 100 },
      ],
    },
  },
] as const;
