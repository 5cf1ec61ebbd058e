import type { Condition } from '@aegis/contracts/policy-rules';
import { type AuthorizationAnswer, preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { COMPARISONS, type Engine } from './engines.ts';
import type { Scalar, Workload } from './workload.ts';

/**
 * A `permit` a policy, parsed once. Cedar has no priorities: it names all that hold, and the first of them is the answer.
 * It has no fractions either, so the confidence is in hundredths.
 */
export function loadCedar({ policies, cases }: Workload): Engine<AuthorizationAnswer> {
  const setId = `policies-${policies.length}`;
  const staticPolicies = Object.fromEntries(
    policies.flatMap(({ isActive, rules: { match, conditions } }, rank) => {
      if (!isActive) return [];
      const rule = conditions.map((part) => translate(part as Condition)).join(match === 'all' ? ' && ' : ' || ');
      return [[`p${rank}`, `permit (principal, action, resource) when { ${rule} };`]];
    }),
  );
  const parsed = preparsePolicySet(setId, { staticPolicies });
  if (parsed.type === 'failure') throw new Error(JSON.stringify(parsed.errors));
  const calls = cases.map(({ facts }) => ({
    principal: { type: 'Agent', id: facts.agent_id },
    action: { type: 'Action', id: 'spend' },
    resource: { type: 'Merchant', id: facts.merchant },
    context: { ...facts, confidence: hundredths(facts.confidence) },
    preparsedPolicySetId: setId,
    entities: [],
  }));
  return {
    name: '@cedar-policy/cedar-wasm',
    evaluate: (index) => statefulIsAuthorized(calls[index] as (typeof calls)[number]),
    rankOf(answer) {
      if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
      const ranks = answer.response.diagnostics.reason.map((id) => Number(id.slice(1)));
      return ranks.length === 0 ? -1 : Math.min(...ranks);
    },
  };
}

function translate({ field, operator, value }: Condition): string {
  const scaled = (scalar: Scalar) => (field === 'confidence' ? hundredths(Number(scalar)) : scalar);
  const literal = Array.isArray(value) ? '' : JSON.stringify(scaled(value as Scalar));
  const read = `context.${field}`;
  const sign = COMPARISONS[operator];
  if (sign) return `${read} ${sign} ${literal}`;
  switch (operator) {
    case 'in':
      return `${JSON.stringify(value)}.contains(${read})`;
    case 'not_in':
      return `!(${JSON.stringify(value)}.contains(${read}))`;
    case 'contains':
      return `${read} like "*${String(value)}*"`;
    case 'starts_with':
      return `${read} like "${String(value)}*"`;
    default:
      throw new Error(`${operator} is not in the workload`);
  }
}

function hundredths(ratio: number): number {
  return Math.round(ratio * 100);
}
