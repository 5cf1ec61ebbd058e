import { digestOf } from '@aegis/contracts/canonical-json';
import { DEFAULT_FX_MAX_AGE_HOURS, type Settings } from './organization.ts';
import { type Policy, policyDigest } from './policy.ts';
import { compileFirstMatch } from './rules/compile.ts';
import type { Fields } from './rules/fields.ts';

/** Finds the policy that answers for an intent, or null when none matches. */
export type Match = (fields: Fields) => Policy | null;
export type ShadowMatcher = (fields: Fields) => Policy[];

/** A version of an organisation's settings and policies, ready to decide by. */
export interface PolicySet {
  readonly version: number;
  /** SHA-256 that a decision records (see policySetDigest). */
  readonly hash: string;
  readonly settings: Settings;
  readonly match: Match;
  /** Finds the policies in shadow mode that match, in the order of evaluation. */
  readonly shadow: ShadowMatcher;
  /** Amounts from which on its policies treat an intent differently (see amountThresholds). */
  readonly thresholds: readonly bigint[];
}

/** Highest priority first; among equals the oldest, then the smallest id. */
export function inEvaluationOrder(policies: readonly Policy[]): Policy[] {
  return policies.toSorted(
    (a, b) => b.priority - a.priority || compareText(a.createdAt, b.createdAt) || compareText(a.id, b.id),
  );
}

/** Compiles the active policies once; the first whose rules match answers. Policies in shadow mode never do. */
export function compilePolicySet(policies: readonly Policy[]): Match {
  const active = inForce(policies, 'enforce');
  const firstMatch = compileFirstMatch(active);
  return (fields) => {
    const rank = firstMatch(fields);
    // To V8 an index below 0 is the name of a property, looked for along the chain of prototypes.
    return rank < 0 ? null : (active[rank] ?? null);
  };
}

/** Compiles the active policies in shadow mode, each on its own: every one that matches is told. */
export function compileShadow(policies: readonly Policy[]): ShadowMatcher {
  const compiled = inForce(policies, 'shadow').map((policy) => ({ policy, firstMatch: compileFirstMatch([policy]) }));
  return (fields) => compiled.flatMap(({ policy, firstMatch }) => (firstMatch(fields) === 0 ? [policy] : []));
}

function inForce(policies: readonly Policy[], mode: Policy['mode']): Policy[] {
  return inEvaluationOrder(policies).filter((policy) => policy.isActive && !policy.archived && policy.mode === mode);
}

/**
 * The digest of a version: canonical JSON of its number, the settings, and the digest of each policy that is not
 * archived, in the order of evaluation. Whoever holds the policy versions can recompute it. A setting that came with a
 * later release is left out while it has its default, so that the digests of earlier versions stay what they were.
 */
export function policySetDigest(
  organizationId: string,
  version: number,
  settings: Settings,
  policies: readonly Policy[],
): string {
  const { baseCurrency, timeZone, defaultAction } = settings;
  const fxMaxAgeHours = settings.fxMaxAgeHours === DEFAULT_FX_MAX_AGE_HOURS ? undefined : settings.fxMaxAgeHours;
  return digestOf({
    organizationId,
    version,
    settings: { baseCurrency, timeZone, defaultAction, fxMaxAgeHours },
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
