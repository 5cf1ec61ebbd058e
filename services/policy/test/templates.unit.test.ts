import { policyTemplates } from '@aegis/contracts/policy-templates';
import { expect, test } from 'vitest';
import { lint } from '../src/domain/lint/lint.ts';
import { readDraft } from '../src/domain/policy.ts';
import { ORGANIZATION_ID, policy, policySet, RUPEES } from './samples.ts';

const sizes = [1, 100, 25_000, 1_000_000_000];

test.each(
  sizes.flatMap((everyday) =>
    policyTemplates(everyday).map((template) => [template.name, everyday, template] as const),
  ),
)('%s for %d can be saved as it stands, and none of its policies is in vain', (_, __, { policies }) => {
  const saved = policies.map((body) => {
    const draft = { description: null, isActive: true, mode: 'enforce', approval: null, ...body };
    return policy(readDraft(draft));
  });
  expect(saved.map(({ priority }) => priority)).toEqual(
    saved.map(({ priority }) => priority).toSorted((a, b) => b - a),
  );
  const live = { compiled: policySet(saved, RUPEES), policies: saved };
  const steps = lint({ live, proposed: null, options: { organizationId: ORGANIZATION_ID, today: '2026-03-05' } });
  let step = steps.next();
  while (!step.done) step = steps.next();
  expect(step.value).toEqual({ findings: [], undecided: [] });
});
