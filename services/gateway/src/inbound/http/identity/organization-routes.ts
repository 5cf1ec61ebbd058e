import {
  createdOrganizationSchema,
  createOrganizationBody,
  organizationSchema,
  updateOrganizationBody,
} from '@aegis/contracts/http/identity';
import type { Principal } from '@aegis/http/principal';
import { type Route, route } from '@aegis/http/route';
import type { CreatedOrganization, CreateOrganizationCommand } from '../../../usecases/identity/create-organization.ts';
import type {
  OrganizationWithSettings,
  UpdateOrganizationCommand,
} from '../../../usecases/identity/organization-settings.ts';
import { organizationView, userView } from './views.ts';

export interface OrganizationRoutesDeps {
  createOrganization(command: CreateOrganizationCommand): Promise<CreatedOrganization>;
  getOrganization(principal: Principal): Promise<OrganizationWithSettings>;
  updateOrganization(command: UpdateOrganizationCommand): Promise<OrganizationWithSettings>;
}

const tag = 'Organization';
const answer = { description: 'The organization.', schema: organizationSchema };

export function organizationRoutes(deps: OrganizationRoutesDeps): Route[] {
  return [createRoute(deps), getRoute(deps), updateRoute(deps)];
}

function createRoute({ createOrganization }: OrganizationRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/organizations',
    operationId: 'createOrganization',
    tag,
    summary: 'Create an organization and its first owner',
    description: "Takes the operator's key, which can do nothing else.",
    access: 'operator',
    body: createOrganizationBody,
    responses: {
      201: {
        description: 'Created.',
        schema: createdOrganizationSchema,
        headers: { Location: 'Where its people find it.' },
      },
    },
    async handle({ principal, body, idempotency, traceparent }) {
      const { name, owner, ...settings } = body;
      const command = { principal, traceparent, seed: idempotency.seed, name, owner, settings };
      const created = await createOrganization(command);
      const view = { ...organizationView(created), owner: userView(created.owner) };
      return { status: 201, headers: { location: '/v1/organization' }, body: view };
    },
  });
}

function getRoute({ getOrganization }: OrganizationRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/organization',
    operationId: 'getOrganization',
    tag,
    summary: "Read your organization's settings",
    access: 'authenticated',
    responses: { 200: answer },
    async handle({ principal }) {
      return { status: 200, body: organizationView(await getOrganization(principal)) };
    },
  });
}

function updateRoute({ updateOrganization }: OrganizationRoutesDeps): Route {
  return route({
    method: 'patch',
    path: '/v1/organization',
    operationId: 'updateOrganization',
    tag,
    summary: "Change your organization's settings",
    description: 'Absent fields keep their value.',
    access: 'org:manage',
    body: updateOrganizationBody,
    responses: { 200: answer, 409: { description: 'The base currency cannot change any more.' } },
    async handle({ principal, body, traceparent }) {
      const { name, ...settings } = body;
      const updated = await updateOrganization({ principal, traceparent, name, settings });
      return { status: 200, body: organizationView(updated) };
    },
  });
}
