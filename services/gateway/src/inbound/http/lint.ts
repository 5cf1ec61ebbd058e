import { lintPoliciesBody, lintReportSchema } from '@aegis/contracts/http/lint';
import { type Route, route } from '@aegis/http/route';
import type { PolicyClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { lintView } from './views/lint-view.ts';

export interface LintRoutesDeps {
  readonly policy: Pick<PolicyClient, 'lintPolicies'>;
}

/** Thousands of policies take some seconds, and others may be asking as well. */
const LINT_TIMEOUT_MS = 60_000;

export function lintRoutes({ policy }: LintRoutesDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/policies/lint',
      operationId: 'lintPolicies',
      tag: 'Policies',
      summary: 'Look for mistakes in policies',
      description:
        'Conditions that never hold together, policies that never answer because others come first, and intents that proposed policies would answer less strictly than those of now, each with an intent that shows it. Of the policies in force, or of a whole proposed set. What is reported is so; what could not be decided is said. Nothing is changed.',
      access: 'policies:read',
      body: lintPoliciesBody,
      idempotency: 'none',
      responses: {
        200: { description: 'The report.', schema: lintReportSchema },
        422: { description: 'A proposed policy cannot be evaluated; `errors` names the path.' },
      },
      async handle({ principal, body: { policies, defaultAction }, signal }) {
        const report = await policy.lintPolicies(
          {
            caller: callerOf(principal),
            ...(policies && { policiesJson: JSON.stringify(policies) }),
            ...(defaultAction && { defaultAction }),
          },
          { timeoutMs: LINT_TIMEOUT_MS, signal },
        );
        return { status: 200, body: lintView(report) };
      },
    }),
  ];
}
