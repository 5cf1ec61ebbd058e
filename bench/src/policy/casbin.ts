import type { Condition } from '@aegis/contracts/policy-rules';
import { newEnforcer, newModelFromString } from 'casbin';
import { COMPARISONS, type Engine } from './engines.ts';
import type { Workload } from './workload.ts';

/** Rules as expressions in the policies themselves; under the effect `priority` the first that holds answers. */
const MODEL = `
[request_definition]
r = fact

[policy_definition]
p = rule, rank, eft

[policy_effect]
e = priority(p.eft) || deny

[matchers]
m = eval(p.rule)
`;

export async function loadCasbin({ policies, cases }: Workload): Promise<Engine<[boolean, string[]]>> {
  const enforcer = await newEnforcer(newModelFromString(MODEL));
  await enforcer.addFunction('oneOf', (value: unknown, ...list: unknown[]) => list.includes(value));
  await enforcer.addFunction('containsText', (text: string, part: string) => text.includes(part));
  await enforcer.addFunction('startsWith', (text: string, part: string) => text.startsWith(part));
  for (const [rank, { isActive, rules }] of policies.entries()) {
    if (!isActive) continue;
    const parts = rules.conditions.map((part) => translate(part as Condition));
    await enforcer.addPolicy(parts.join(rules.match === 'all' ? ' && ' : ' || '), String(rank), 'allow');
  }
  const inputs = cases.map(({ facts }) => facts);
  return {
    name: 'casbin',
    evaluate: (index) => enforcer.enforceExSync(inputs[index]),
    rankOf: ([isAllowed, policy]) => (isAllowed ? Number(policy[1]) : -1),
  };
}

function translate({ field, operator, value }: Condition): string {
  const read = `r.fact.${field}`;
  const list = [value].flat().map((entry) => JSON.stringify(entry));
  const sign = COMPARISONS[operator];
  if (sign) return `${read} ${sign} ${list.join()}`;
  switch (operator) {
    case 'in':
      return `oneOf(${read}, ${list.join(', ')})`;
    case 'not_in':
      return `!oneOf(${read}, ${list.join(', ')})`;
    case 'contains':
      return `containsText(${read}, ${list.join()})`;
    case 'starts_with':
      return `startsWith(${read}, ${list.join()})`;
    default:
      throw new Error(`${operator} is not in the workload`);
  }
}
