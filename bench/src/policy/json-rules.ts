import type { Condition } from '@aegis/contracts/policy-rules';
import { Engine as RulesEngine, type NestedCondition, type TopLevelCondition } from 'json-rules-engine';
import type { Engine } from './engines.ts';
import type { Facts, Workload } from './workload.ts';

/** A rule a policy, in descending priority; the first that holds stops the run. Facts are given to each run. */
export function loadJsonRules({ policies, cases }: Workload): Engine<number> {
  const engine = new RulesEngine();
  engine.addOperator('containsText', (text: string, part: string) => text.includes(part));
  engine.addOperator('startsWith', (text: string, part: string) => text.startsWith(part));
  for (const [rank, { isActive, rules }] of policies.entries()) {
    if (!isActive) continue;
    const parts = rules.conditions.map((part) => translate(part as Condition));
    const conditions: TopLevelCondition = rules.match === 'all' ? { all: parts } : { any: parts };
    const priority = policies.length - rank;
    engine.addRule({ conditions, priority, event: { type: 'matched', params: { rank } } });
  }
  let first = -1;
  engine.on('success', ({ params }) => {
    first = Number(params?.['rank']);
    engine.stop();
  });
  const inputs = cases.map(({ facts }) => ({ ...facts }));
  return {
    name: 'json-rules-engine',
    async evaluate(index) {
      first = -1;
      await engine.run(inputs[index] as Facts & Record<string, unknown>);
      return first;
    },
    rankOf: (rank) => rank,
  };
}

const OPERATORS: Partial<Record<Condition['operator'], string>> = {
  eq: 'equal',
  neq: 'notEqual',
  gt: 'greaterThan',
  gte: 'greaterThanInclusive',
  lt: 'lessThan',
  lte: 'lessThanInclusive',
  in: 'in',
  not_in: 'notIn',
  contains: 'containsText',
  starts_with: 'startsWith',
};

function translate({ field, operator, value }: Condition): NestedCondition {
  const name = OPERATORS[operator];
  if (!name) throw new Error(`${operator} is not in the workload`);
  return { fact: field, operator: name, value };
}
