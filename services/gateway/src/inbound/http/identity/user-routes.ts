import {
  createUserBody,
  listUsersQuery,
  roleListSchema,
  updateUserBody,
  userListSchema,
  userSchema,
} from '@aegis/contracts/http/identity';
import { uuidSchema } from '@aegis/contracts/ids';
import { ROLE_PERMISSIONS, ROLES } from '@aegis/contracts/permissions';
import { type Route, route } from '@aegis/http/route';
import { z } from 'zod';
import { mayGrantRole } from '../../../domain/identity/grants.ts';
import type { User } from '../../../domain/identity/user.ts';
import type { ListRequest } from '../../../domain/identity/listing.ts';
import type { CreateUserCommand } from '../../../usecases/identity/create-user.ts';
import type { UpdateUserCommand } from '../../../usecases/identity/update-user.ts';
import { listPage, listRequest } from './list-page.ts';
import { userView } from './views.ts';

export interface UserRoutesDeps {
  createUser(command: CreateUserCommand): Promise<User>;
  updateUser(command: UpdateUserCommand): Promise<User>;
  getUser(organizationId: string, id: string): Promise<User>;
  searchUsers(request: ListRequest): Promise<{ rows: User[]; total: number }>;
}

const tag = 'Users';
const params = z.object({ id: uuidSchema });
const answer = { description: 'The user.', schema: userSchema };
const taken = { description: 'The e-mail address is taken.' };

export function userRoutes(deps: UserRoutesDeps): Route[] {
  return [listRoute(deps), createRoute(deps), getRoute(deps), updateRoute(deps), rolesRoute()];
}

function listRoute({ searchUsers }: UserRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/users',
    operationId: 'listUsers',
    tag,
    summary: 'List users',
    description: 'In the order of their creation.',
    access: 'users:manage',
    query: listUsersQuery,
    responses: { 200: { description: 'Users.', schema: userListSchema } },
    async handle({ principal, query }) {
      const request = listRequest(principal.organizationId, query, uuidSchema);
      return { status: 200, body: listPage(request, await searchUsers(request), userView) };
    },
  });
}

function createRoute({ createUser }: UserRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/users',
    operationId: 'createUser',
    tag,
    summary: 'Create a user',
    access: 'users:manage',
    body: createUserBody,
    responses: { 201: { ...answer, headers: { Location: 'Where the user is.' } }, 409: taken },
    async handle({ principal, body, idempotency, traceparent }) {
      const user = await createUser({ principal, traceparent, seed: idempotency.seed, ...body });
      return { status: 201, headers: { location: `/v1/users/${user.id}` }, body: userView(user) };
    },
  });
}

function getRoute({ getUser }: UserRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/users/:id',
    operationId: 'getUser',
    tag,
    summary: 'Read a user',
    access: 'users:manage',
    params,
    responses: { 200: answer },
    async handle({ principal, params: { id } }) {
      return { status: 200, body: userView(await getUser(principal.organizationId, id)) };
    },
  });
}

function updateRoute({ updateUser }: UserRoutesDeps): Route {
  return route({
    method: 'patch',
    path: '/v1/users/:id',
    operationId: 'updateUser',
    tag,
    summary: 'Change a user',
    description:
      'Absent fields keep their value. Roles and status take effect within seconds. Nobody changes their own, nor those of somebody who may do more than they; an organization keeps an active owner.',
    access: 'users:manage',
    params,
    body: updateUserBody,
    responses: { 200: answer, 409: { description: 'The e-mail address is taken, or this is the last active owner.' } },
    async handle({ principal, params: { id }, body, traceparent }) {
      return { status: 200, body: userView(await updateUser({ principal, traceparent, userId: id, change: body })) };
    },
  });
}

function rolesRoute(): Route {
  return route({
    method: 'get',
    path: '/v1/roles',
    operationId: 'listRoles',
    tag,
    summary: 'List roles and what they may do',
    access: 'users:manage',
    responses: { 200: { description: 'Roles.', schema: roleListSchema } },
    async handle({ principal }) {
      const granter = { roles: principal.roles, status: 'active' } as const;
      const data = ROLES.map((name) => ({
        name,
        permissions: ROLE_PERMISSIONS[name],
        grantable: mayGrantRole(granter, name),
      }));
      return { status: 200, body: { data } };
    },
  });
}
