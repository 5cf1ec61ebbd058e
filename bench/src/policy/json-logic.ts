import type { Condition } from '@aegis/contracts/policy-rules';
import { LogicEngine } from 'json-logic-engine';
import type { Engine } from './engines.ts';
import type { Facts, Workload } from './workload.ts';

/** All policies as one `if` with a branch each, compiled by `build` into one JavaScript function. */
export function loadJsonLogic({ policies, cases }: Workload): Engine<number> {
  const engine = new LogicEngine();
  engine.addMethod('startsWith', ([text, prefix]: [string, string]) => text.startsWith(prefix), {
    deterministic: true,
  });
  const branches = policies.flatMap(({ isActive, rules }, rank) => {
    if (!isActive) return [];
    const parts = rules.conditions.map((part) => translate(part as Condition));
    return [{ [rules.match === 'all' ? 'and' : 'or']: parts }, rank];
  });
  const evaluate = engine.build({ if: [...branches, -1] }) as (facts: Facts) => number;
  const inputs = cases.map(({ facts }) => facts);
  return {
    name: 'json-logic-engine',
    evaluate: (index) => evaluate(inputs[index] as Facts),
    rankOf: (rank) => rank,
  };
}

const SIGNS: Partial<Record<Condition['operator'], string>> = {
  eq: '===',
  neq: '!==',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  starts_with: 'startsWith',
};

function translate({ field, operator, value }: Condition): object {
  const read = { var: field };
  const sign = SIGNS[operator];
  if (sign) return { [sign]: [read, value] };
  switch (operator) {
    case 'in':
      return { in: [read, value] };
    case 'not_in':
      return { '!': { in: [read, value] } };
    case 'contains':
      return { in: [value, read] };
    default:
      throw new Error(`${operator} is not in the workload`);
  }
}
