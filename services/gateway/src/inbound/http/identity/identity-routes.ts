import type { Route } from '@aegis/http/route';
import { type ApiKeyRoutesDeps, apiKeyRoutes } from './api-key-routes.ts';
import { type OrganizationRoutesDeps, organizationRoutes } from './organization-routes.ts';
import { type SessionRoutesDeps, sessionRoutes } from './session-routes.ts';
import { type UserRoutesDeps, userRoutes } from './user-routes.ts';

export interface IdentityRoutesDeps
  extends SessionRoutesDeps, OrganizationRoutesDeps, UserRoutesDeps, ApiKeyRoutesDeps {}

export function identityRoutes(deps: IdentityRoutesDeps): Route[] {
  return [...sessionRoutes(deps), ...organizationRoutes(deps), ...userRoutes(deps), ...apiKeyRoutes(deps)];
}
