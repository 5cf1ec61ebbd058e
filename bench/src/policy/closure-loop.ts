import type { Condition } from '@aegis/contracts/policy-rules';
import type { Engine } from './engines.ts';
import type { Facts, Scalar, Workload } from './workload.ts';

type Predicate = (facts: Facts) => boolean;

/** What a careful programmer writes in an afternoon: closures, one policy after the other. The floor. */
export function loadClosureLoop({ policies, cases }: Workload): Engine<number> {
  const facts = cases.map((one) => one.facts);
  const compiled = policies.flatMap(({ isActive, rules }, rank) => {
    if (!isActive) return [];
    const parts = rules.conditions.map((part) => compile(part as Condition));
    return [{ rank, holds: rules.match === 'all' ? all(parts) : any(parts) }];
  });
  return {
    name: 'closure loop',
    evaluate(index) {
      const one = facts[index] as Facts;
      for (const { rank, holds } of compiled) if (holds(one)) return rank;
      return -1;
    },
    rankOf: (rank) => rank,
  };
}

function all(parts: readonly Predicate[]): Predicate {
  return (facts) => {
    for (const part of parts) if (!part(facts)) return false;
    return true;
  };
}

function any(parts: readonly Predicate[]): Predicate {
  return (facts) => {
    for (const part of parts) if (part(facts)) return true;
    return false;
  };
}

function compile({ field, operator, value }: Condition): Predicate {
  const name = field as keyof Facts;
  const operand = value as Scalar;
  switch (operator) {
    case 'eq':
      return (facts) => facts[name] === operand;
    case 'neq':
      return (facts) => facts[name] !== operand;
    case 'gt':
      return (facts) => facts[name] > operand;
    case 'gte':
      return (facts) => facts[name] >= operand;
    case 'lt':
      return (facts) => facts[name] < operand;
    case 'lte':
      return (facts) => facts[name] <= operand;
    case 'in': {
      const set = new Set<Scalar>(value as Scalar[]);
      return (facts) => set.has(facts[name]);
    }
    case 'not_in': {
      const set = new Set<Scalar>(value as Scalar[]);
      return (facts) => !set.has(facts[name]);
    }
    case 'contains':
      return (facts) => String(facts[name]).includes(String(operand));
    case 'starts_with':
      return (facts) => String(facts[name]).startsWith(String(operand));
    default:
      throw new Error(`${operator} is not in the workload`);
  }
}
