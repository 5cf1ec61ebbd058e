import type { Tx } from '@aegis/postgres/transaction';
import { amountThresholds } from '../domain/features/thresholds.ts';
import { compilePolicySet, compileShadow, type PolicySet } from '../domain/policy-set.ts';
import { loadPolicySet, type StoredPolicySet } from '../store/policy-sets.ts';

const MAX_ORGANIZATIONS = 1_000;

/**
 * Compiled policy sets by organisation. A version never changes, so what is cached is right for ever; which version to
 * use is read in the transaction that decides.
 */
export class PolicySetCache {
  readonly #sets = new Map<string, PolicySet>();

  async get(tx: Tx, organizationId: string, version: number): Promise<PolicySet> {
    const cached = this.#sets.get(organizationId);
    if (cached?.version === version) return cached;
    const stored = await loadPolicySet(tx, organizationId, version);
    if (!stored) throw new Error(`policy set ${version} of organisation ${organizationId} is missing`);
    const set = compilePolicies(stored);
    this.#sets.delete(organizationId);
    this.#sets.set(organizationId, set);
    const [oldest] = this.#sets.keys();
    if (this.#sets.size > MAX_ORGANIZATIONS && oldest !== undefined) this.#sets.delete(oldest);
    return set;
  }
}

/** Rules that an earlier release accepted and this one cannot evaluate must deny, not hold up everybody's intents. */
export function compilePolicies({ policies, ...set }: StoredPolicySet): PolicySet {
  const thresholds = amountThresholds(policies, set.settings.baseExponent);
  try {
    return { ...set, thresholds, match: compilePolicySet(policies), shadow: compileShadow(policies) };
  } catch (error) {
    const match = () => {
      throw new Error('a policy cannot be evaluated', { cause: error });
    };
    return { ...set, thresholds, match, shadow: () => [] };
  }
}
