import { digestOf } from '@aegis/contracts/canonical-json';
import type { Settings } from './organization.ts';
import { type Policy, policyDigest } from './policy.ts';
import { compileFirstMatch } from './rules/compile.ts';
import type { Fields } from './rules/fields.ts';

/** Finds the policy that answers for an intent, or null when none matches. */
export type Match = (fields: Fields) => Policy | null;

/** A version of an organisation's settings and policies, ready to decide by. */
export interface PolicySet {
  readonly version: number;
  /** SHA-256 that a decision records (see policySetDigest). */
  readonly hash: string;
  readonly settings: Settings;
  readonly match: Match;
  /** Amounts from which on its policies treat an intent differently (see amountThresholds). */
  readonly thresholds: readonly bigint[];
}

/** Highest priority first; among equals the oldest, then the smallest id. */
export function inEvaluationOrder(policies: readonly Policy[]): Policy[] {
  return policies.toSorted(
    (a, b) => b.priority - a.priority || compareText(a.createdAt, b.createdAt) || compareText(a.id, b.id),
  );
}

/** Compiles the active policies once; the first whose rules match answers. */
export function compilePolicySet(policies: readonly Policy[]): Match {
  const active = inEvaluationOrder(policies).filter((policy) => policy.isActive && !policy.archived);
  const firstMatch = compileFirstMatch(active);
  return (fields) => active[firstMatch(fields)] ?? null;
}

/**
 * The digest of a version: canonical JSON of its number, the settings, and the digest of each policy that is not
 * archived, in the order of evaluation. Whoever holds the policy versions can recompute it.
 */
export function policySetDigest(
  organizationId: string,
  version: number,
  settings: Settings,
  policies: readonly Policy[],
): string {
  const { baseCurrency, timeZone, defaultAction } = settings;
  return digestOf({
    organizationId,
    version,
    settings: { baseCurrency, timeZone, defaultAction },
    policies: inEvaluationOrder(policies).map((policy) => ({
      id: policy.id,
      version: policy.version,
      sha256: policyDigest(policy),
    })),
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
