import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATORS, POLICY_FIELDS } from '@aegis/contracts/policy-rules';
import { describe, expect, test } from 'vitest';
import { GUARDS } from '../src/domain/guards.ts';
import { type PolicyDraft, readDraft } from '../src/domain/policy.ts';

type Example = Pick<PolicyDraft, 'name' | 'priority' | 'action' | 'rules'> & Partial<PolicyDraft>;

const page = readFileSync(join(import.meta.dirname, '../../../docs/policies.md'), 'utf8');
const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json) as Example);

describe('docs/policies.md', () => {
  test.each(examples.map((example) => [example.name, example] as const))(
    '“%s” can be saved as it stands',
    (_, example) => {
      const draft = { description: null, isActive: true, mode: 'enforce', approval: null, ...example };
      expect(readDraft(draft)).toMatchObject(example);
    },
  );

  test('names every field, every operator and every guard', () => {
    expect(examples.length).toBeGreaterThan(5);
    const tables = page.split('\n').filter((line) => line.trim().startsWith('|'));
    for (const name of [...Object.keys(POLICY_FIELDS), ...Object.keys(OPERATORS)]) {
      expect(tables.some((line) => line.includes(`\`${name}\``))).toBe(true);
    }
    for (const name of Object.values(GUARDS)) expect(tables.some((line) => line.includes(name))).toBe(true);
  });
});
