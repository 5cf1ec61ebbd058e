import type { PolicyAction } from '@aegis/contracts/policy-rules';
import { fieldsOf } from '../../../services/policy/src/domain/context.ts';
import { decide, type Verdict } from '../../../services/policy/src/domain/decide.ts';
import { policySet } from '../../../services/policy/test/samples.ts';
import type { Engine } from './engines.ts';
import type { Workload } from './workload.ts';

export interface Answer {
  readonly action: PolicyAction;
  readonly policyId: string | null;
  readonly policySetVersion: number;
}

/** From the submitted intent and the budget snapshot to the answer; no field is prepared. */
export function loadOurs({ policies, cases }: Workload): Engine<Answer> {
  const set = policySet(policies);
  const ranks = new Map(policies.map(({ id }, rank) => [id, rank]));
  return {
    name: 'aegis',
    evaluate(index) {
      const { intent, context } = cases[index] as (typeof cases)[number];
      const policy = set.match(fieldsOf(intent, context, '0'));
      const { version, settings } = set;
      return policy
        ? { action: policy.action, policyId: policy.id, policySetVersion: version }
        : { action: settings.defaultAction, policyId: null, policySetVersion: version };
    },
    rankOf: ({ policyId }) => (policyId === null ? -1 : (ranks.get(policyId) ?? -2)),
  };
}

/** The same with guards, the explained risk score and the reasons that a decision records. */
export function loadWholeDecision({ policies, cases }: Workload): Engine<Verdict> {
  const set = policySet(policies);
  const ranks = new Map(policies.map(({ name }, rank) => [name, rank]));
  return {
    name: 'aegis, whole decision',
    evaluate(index) {
      const { intent, context } = cases[index] as (typeof cases)[number];
      return decide(intent, context, set);
    },
    // A guard may have decided; the policies' answer is the last reason in any case.
    rankOf: ({ reasons }) => ranks.get(/^Policy "(.*)" answers/.exec(reasons.at(-1) ?? '')?.[1] ?? '') ?? -1,
  };
}
