import type { ForbiddenAttempt } from '@aegis/http/ports';
import type { Route } from '@aegis/http/route';
import type { Clock } from '@aegis/runtime/clock';
import type { Readiness } from '@aegis/runtime/service';
import type { ServiceClients } from './clients.ts';
import { agentRoutes } from './inbound/http/agents.ts';
import { analyticsRoutes } from './inbound/http/analytics.ts';
import { approvalRoutes } from './inbound/http/approvals.ts';
import { auditRoutes } from './inbound/http/audit.ts';
import { exportScheduleRoutes } from './inbound/http/export-schedules.ts';
import { exportRoutes } from './inbound/http/exports.ts';
import { type PrivacyRoutesDeps, privacyRoutes } from './inbound/http/privacy.ts';
import { transparencyRoutes } from './inbound/http/transparency.ts';
import { decisionRoutes } from './inbound/http/decisions.ts';
import { budgetRoutes } from './inbound/http/budgets.ts';
import { documentationRoutes } from './inbound/http/documentation.ts';
import { fxRateRoutes } from './inbound/http/fx-rates.ts';
import { intentRoutes } from './inbound/http/intents.ts';
import { healthRoutes } from './inbound/http/operations.ts';
import { policyRoutes } from './inbound/http/policies.ts';
import { policyVersionRoutes } from './inbound/http/policy-versions.ts';
import { settlementRoutes } from './inbound/http/settlements.ts';
import { lintRoutes } from './inbound/http/lint.ts';
import { simulationRoutes } from './inbound/http/simulation.ts';
import { walletRoutes } from './inbound/http/wallets.ts';
import type { Intents } from './intents.ts';

export interface GatewayRoutesDeps {
  readonly clients: ServiceClients;
  readonly intents: Pick<Intents, 'operations' | 'agents'>;
  readonly identityRoutes: readonly Route[];
  readonly erase: PrivacyRoutesDeps['erase'];
  readonly onForbidden: (attempt: ForbiddenAttempt) => void;
  readonly clock: Clock;
  readonly readiness: () => Promise<Readiness>;
}

/** Everything the gateway serves, in the order in which the reference tells of it. */
export function gatewayRoutes(deps: GatewayRoutesDeps): Route[] {
  const { clients, intents, identityRoutes, erase, onForbidden, clock, readiness } = deps;
  const { policy, approval, audit, transparency, exports, schedules, analytics } = clients;
  const { operations, agents } = intents;
  const routes = [
    ...intentRoutes({ ...operations, approval, audit, onForbidden }),
    ...settlementRoutes({ ...operations, onForbidden }),
    ...approvalRoutes({ ...operations, approval }),
    ...policyRoutes({ policy }),
    ...policyVersionRoutes({ policy }),
    ...budgetRoutes({ policy }),
    ...simulationRoutes({ policy, clock }),
    ...lintRoutes({ policy }),
    ...fxRateRoutes({ policy }),
    ...agentRoutes({ policy, remember: agents.remember }),
    ...walletRoutes({ policy }),
    ...auditRoutes({ audit }),
    ...exportRoutes({ audit, exports }),
    ...exportScheduleRoutes({ schedules, policy }),
    ...transparencyRoutes({ transparency }),
    ...decisionRoutes({ policy }),
    ...analyticsRoutes({ analytics, clock }),
    ...identityRoutes,
    ...privacyRoutes({ erase }),
    ...healthRoutes(readiness),
  ];
  return [...routes, ...documentationRoutes(routes)];
}
