import {
  createPolicyBody,
  listPoliciesQuery,
  policyTemplateListSchema,
  policyTemplatesQuery,
  policyListSchema,
  policySchema,
  updatePolicyBody,
} from '@aegis/contracts/http/policies';
import { policyTemplates } from '@aegis/contracts/policy-templates';
import { idSchema } from '@aegis/contracts/ids';
import { type Route, route } from '@aegis/http/route';
import { z } from 'zod';
import type { PolicyClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { optionalPageRequest, paginationOf } from './pages.ts';
import { policyView } from './views/policy-view.ts';

export interface PolicyRoutesDeps {
  readonly policy: Pick<PolicyClient, 'listPolicies' | 'createPolicy' | 'getPolicy' | 'updatePolicy' | 'archivePolicy'>;
}

const tag = 'Policies';
const params = z.object({ id: idSchema('pol') });
const refused = {
  description: 'A field, operator or value of the rules cannot be evaluated; `errors` names the path.',
};

export function policyRoutes(deps: PolicyRoutesDeps): Route[] {
  return [templatesRoute(), listRoute(deps), createRoute(deps), getRoute(deps), updateRoute(deps), archiveRoute(deps)];
}

function templatesRoute(): Route {
  return route({
    method: 'get',
    path: '/v1/policies/templates',
    operationId: 'listPolicyTemplates',
    tag,
    summary: 'List templates to begin with',
    description: 'Sets of policies that a finance team would start from. Nothing of them applies until it is created.',
    access: 'policies:read',
    query: policyTemplatesQuery,
    responses: { 200: { description: 'Templates.', schema: policyTemplateListSchema } },
    async handle({ query: { everyday } }) {
      const data = policyTemplates(everyday);
      return { status: 200, body: { data, pagination: paginationOf({}, data.length, null) } };
    },
  });
}

function listRoute({ policy }: PolicyRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/policies',
    operationId: 'listPolicies',
    tag,
    summary: 'List policies',
    description: 'Active and inactive ones, by priority descending.',
    access: 'policies:read',
    query: listPoliciesQuery,
    responses: { 200: { description: 'Policies.', schema: policyListSchema } },
    async handle({ principal, query }) {
      const request = { caller: callerOf(principal), ...optionalPageRequest(query) };
      const { policies, page } = await policy.listPolicies(request);
      const data = policies.map(policyView);
      return { status: 200, body: { data, pagination: paginationOf(query, data.length, page) } };
    },
  });
}

function createRoute({ policy }: PolicyRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/policies',
    operationId: 'createPolicy',
    tag,
    summary: 'Create a policy',
    description: 'Policies are evaluated in priority order, highest first; the first whose rules match decides.',
    access: 'policies:write',
    body: createPolicyBody,
    responses: {
      201: { description: 'The policy.', schema: policySchema, headers: { Location: 'Where the policy is.' } },
      422: refused,
    },
    async handle({ principal, body, idempotency }) {
      const { rules, approval, description, ...fields } = body;
      const created = await policy.createPolicy({
        caller: callerOf(principal),
        id: `pol_${idempotency.seed.replaceAll('-', '')}`,
        ...fields,
        rulesJson: JSON.stringify(rules),
        ...(approval ? { approvalJson: JSON.stringify(approval) } : {}),
        ...(description ? { description } : {}),
      });
      const view = policyView(created);
      return { status: 201, headers: { location: `/v1/policies/${view.id}` }, body: view };
    },
  });
}

function getRoute({ policy }: PolicyRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/policies/:id',
    operationId: 'getPolicy',
    tag,
    summary: 'Read a policy',
    access: 'policies:read',
    params,
    responses: { 200: { description: 'The policy.', schema: policySchema } },
    async handle({ principal, params: { id } }) {
      return { status: 200, body: policyView(await policy.getPolicy({ caller: callerOf(principal), id })) };
    },
  });
}

function updateRoute({ policy }: PolicyRoutesDeps): Route {
  return route({
    method: 'patch',
    path: '/v1/policies/:id',
    operationId: 'updatePolicy',
    tag,
    summary: 'Change a policy',
    description:
      'Absent fields keep their value; null takes away a description or approval terms. Makes a new version.',
    access: 'policies:write',
    params,
    body: updatePolicyBody,
    responses: {
      200: { description: 'The policy as it is now.', schema: policySchema },
      409: { description: 'The policy is archived.' },
      422: refused,
    },
    async handle({ principal, params: { id }, body }) {
      const { rules, approval, description, ...fields } = body;
      const updated = await policy.updatePolicy({
        caller: callerOf(principal),
        id,
        ...fields,
        ...(rules === undefined ? {} : { rulesJson: JSON.stringify(rules) }),
        // An empty text takes the value away.
        ...(approval === undefined ? {} : { approvalJson: approval === null ? '' : JSON.stringify(approval) }),
        ...(description === undefined ? {} : { description: description ?? '' }),
      });
      return { status: 200, body: policyView(updated) };
    },
  });
}

function archiveRoute({ policy }: PolicyRoutesDeps): Route {
  return route({
    method: 'delete',
    path: '/v1/policies/:id',
    operationId: 'archivePolicy',
    tag,
    summary: 'Archive a policy',
    description: 'It decides nothing from now on; what it decided stays on record with it.',
    access: 'policies:write',
    params,
    responses: { 204: { description: 'Archived.' } },
    async handle({ principal, params: { id } }) {
      await policy.archivePolicy({ caller: callerOf(principal), id });
      return { status: 204 };
    },
  });
}
