import {
  listVersionsQuery,
  policyListSchema,
  policySetDetailSchema,
  policySetListSchema,
} from '@aegis/contracts/http/policies';
import { queryInteger } from '@aegis/contracts/http/pagination';
import { idSchema } from '@aegis/contracts/ids';
import { type Route, route } from '@aegis/http/route';
import { z } from 'zod';
import type { PolicyClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { pageRequest, paginationOf } from './pages.ts';
import { policySetView, policyView } from './views/policy-view.ts';

export interface PolicyVersionRoutesDeps {
  readonly policy: Pick<PolicyClient, 'listPolicyVersions' | 'listPolicySets' | 'getPolicySet'>;
}

const tag = 'Policies';

export function policyVersionRoutes(deps: PolicyVersionRoutesDeps): Route[] {
  return [listVersionsRoute(deps), listSetsRoute(deps), getSetRoute(deps)];
}

function listVersionsRoute({ policy }: PolicyVersionRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/policies/:id/versions',
    operationId: 'listPolicyVersions',
    tag,
    summary: "List a policy's versions",
    description: 'The newest first. Versions never change, and stay when the policy is archived.',
    access: 'policies:read',
    params: z.object({ id: idSchema('pol') }),
    query: listVersionsQuery,
    responses: { 200: { description: 'A page of versions.', schema: policyListSchema } },
    async handle({ principal, params: { id }, query }) {
      const request = { caller: callerOf(principal), id, page: pageRequest(query) };
      const { policies, page } = await policy.listPolicyVersions(request);
      const data = policies.map(policyView);
      return { status: 200, body: { data, pagination: paginationOf(query, data.length, page) } };
    },
  });
}

function listSetsRoute({ policy }: PolicyVersionRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/policy-sets',
    operationId: 'listPolicySets',
    tag,
    summary: 'List policy-set versions',
    description: 'Every change of a policy or setting makes one; each decision names the one it was made by.',
    access: 'policies:read',
    query: listVersionsQuery,
    responses: { 200: { description: 'A page of versions, the newest first.', schema: policySetListSchema } },
    async handle({ principal, query }) {
      const { policySets, page } = await policy.listPolicySets({
        caller: callerOf(principal),
        page: pageRequest(query),
      });
      const data = policySets.map(policySetView);
      return { status: 200, body: { data, pagination: paginationOf(query, data.length, page) } };
    },
  });
}

function getSetRoute({ policy }: PolicyVersionRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/policy-sets/:version',
    operationId: 'getPolicySet',
    tag,
    summary: 'Read a policy-set version',
    description: 'Its settings and its policies as they decided.',
    access: 'policies:read',
    params: z.object({ version: queryInteger({ min: 1, max: 2_147_483_647 }) }),
    responses: { 200: { description: 'The version.', schema: policySetDetailSchema } },
    async handle({ principal, params: { version } }) {
      const set = await policy.getPolicySet({ caller: callerOf(principal), version });
      return { status: 200, body: { ...policySetView(set), policies: set.policies.map(policyView) } };
    },
  });
}
