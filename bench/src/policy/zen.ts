import type { Condition } from '@aegis/contracts/policy-rules';
import { ZenEngine } from '@gorules/zen-engine';
import { COMPARISONS, type Engine } from './engines.ts';
import type { Workload } from './workload.ts';

interface Answer {
  readonly result: { readonly rank?: number };
}

/** A decision table whose first row that holds answers; a row's one input is the whole rule as an expression. */
export function loadZen({ policies, cases }: Workload): Engine<Answer> {
  const rules = policies.flatMap(({ isActive, rules: { match, conditions } }, rank) => {
    if (!isActive) return [];
    const rule = conditions.map((part) => translate(part as Condition)).join(match === 'all' ? ' and ' : ' or ');
    return [{ _id: `row${rank}`, rule, rank: String(rank) }];
  });
  const content = {
    hitPolicy: 'first',
    inputs: [{ id: 'rule', name: 'Rule', type: 'expression' }],
    outputs: [{ id: 'rank', name: 'Rank', field: 'rank', type: 'expression' }],
    rules,
  };
  const nodes = [
    { id: 'request', type: 'inputNode', name: 'Request', position: { x: 0, y: 0 } },
    { id: 'policies', type: 'decisionTableNode', name: 'Policies', position: { x: 0, y: 0 }, content },
    { id: 'response', type: 'outputNode', name: 'Response', position: { x: 0, y: 0 } },
  ];
  const edges = [
    { id: 'in', type: 'edge', sourceId: 'request', targetId: 'policies' },
    { id: 'out', type: 'edge', sourceId: 'policies', targetId: 'response' },
  ];
  const decision = new ZenEngine().createDecision({ nodes, edges });
  const inputs = cases.map(({ facts }) => facts);
  return {
    name: '@gorules/zen-engine',
    evaluate: (index): Promise<Answer> => decision.evaluate(inputs[index]),
    rankOf: ({ result }) => result?.rank ?? -1,
  };
}

const SIGNS: typeof COMPARISONS = { ...COMPARISONS, in: 'in', not_in: 'not in' };

function translate({ field, operator, value }: Condition): string {
  const literal = JSON.stringify(value);
  const sign = SIGNS[operator];
  if (sign) return `${field} ${sign} ${literal}`;
  switch (operator) {
    case 'contains':
      return `contains(${field}, ${literal})`;
    case 'starts_with':
      return `startsWith(${field}, ${literal})`;
    default:
      throw new Error(`${operator} is not in the workload`);
  }
}
