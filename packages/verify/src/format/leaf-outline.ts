import type { Leaf } from './leaf.ts';

/**
 * The members of the data that every export's records and totals are made of: null for one that counts where it is a scalar,
 * and for an object the names of its own that do.
 */
export const OUTLINED = {
  afterSha256: null,
  agentId: null,
  beforeSha256: null,
  confidence: null,
  createdAt: null,
  decision: null,
  final: null,
  hash: null,
  intentCreatedAt: null,
  intentId: null,
  matchedPolicy: ['id', 'sha256', 'version'],
  money: ['amountMinor', 'currency', 'exponent'],
  outcome: null,
  policyId: null,
  risk: ['model', 'score'],
  version: null,
} as const;

export type OutlinedData = { readonly [Name in keyof typeof OUTLINED]?: unknown };

/**
 * A leaf with as much of its data as most readers want. A whole leaf is one; one that was read by its shape has nothing else,
 * and takes a fraction of the time.
 */
export interface LeafOutline extends Omit<Leaf, 'data'> {
  readonly data: OutlinedData;
}
