import {
  type AgentAnswer,
  agentListSchema,
  agentSchema,
  budgetSchema,
  createAgentBody,
  listAgentsQuery,
  updateAgentBody,
} from '@aegis/contracts/http/agents';
import { uuidSchema } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import type { Agent } from '@aegis/grpc/generated/aegis/policy/v1/Agent';
import type { Principal } from '@aegis/http/principal';
import { type Route, route } from '@aegis/http/route';
import { z } from 'zod';
import type { PolicyClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { optionalPageRequest, type PageQuery, paginationOf } from './pages.ts';
import { agentView, budgetView } from './views/agent-view.ts';

export interface AgentRoutesDeps {
  readonly policy: Pick<PolicyClient, 'listAgents' | 'createAgent' | 'getAgent' | 'updateAgent' | 'setAgentStatus'>;
  /** The gateway knows the agent from now on, before its event comes. */
  remember(organizationId: string, agentId: string): Promise<void>;
}

const tag = 'Agents';
const params = z.object({ id: uuidSchema });
const answer = { description: 'The agent.', schema: agentSchema };
const refused = { description: 'A limit has more decimals or digits than the base currency holds.' };

export function agentRoutes(deps: AgentRoutesDeps): Route[] {
  return [
    listRoute(deps),
    createRoute(deps),
    getRoute(deps),
    updateRoute(deps),
    statusRoute(deps, {
      verb: 'suspend',
      status: 'suspended',
      summary: 'Suspend an agent',
      description: 'Its intents are denied until it is resumed.',
    }),
    statusRoute(deps, {
      verb: 'resume',
      status: 'active',
      summary: 'Resume an agent',
      description: 'It may spend again.',
    }),
    budgetRoute(deps),
  ];
}

function listRoute({ policy }: AgentRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/agents',
    operationId: 'listAgents',
    tag,
    summary: 'List agents',
    description: 'With risk level, status, wallet balance and budget. A key bound to an agent sees that one.',
    access: 'agents:read',
    query: listAgentsQuery,
    responses: { 200: { description: 'Agents.', schema: agentListSchema } },
    async handle({ principal, query }) {
      const { agents, page } =
        principal.agentId === null
          ? await policy.listAgents({ caller: callerOf(principal), ...optionalPageRequest(query) })
          : { agents: firstPage(query) ? [await readAgent(policy, principal, principal.agentId)] : [], page: null };
      const data = agents.map(agentView);
      return { status: 200, body: { data, pagination: paginationOf(query, data.length, page) } };
    },
  });
}

function firstPage({ offset, cursor }: PageQuery): boolean {
  return !offset && cursor === undefined;
}

function createRoute({ policy, remember }: AgentRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/agents',
    operationId: 'createAgent',
    tag,
    summary: 'Register an agent',
    access: 'agents:write',
    body: createAgentBody,
    responses: { 201: { ...answer, headers: { Location: 'Where the agent is.' } }, 422: refused },
    async handle({ principal, body, numberSources, idempotency }) {
      const { name, description, riskLevel } = body;
      const ownerId = principal.userId ?? principal.keyCreatorId;
      const created = await policy.createAgent({
        caller: callerOf(principal),
        id: idempotency.seed,
        name,
        riskLevel,
        ...(description ? { description } : {}),
        ...(ownerId === null ? {} : { ownerId }),
        ...limits(numberSources),
        ...moneyTerms(body),
      });
      await remember(principal.organizationId, created.id);
      return { status: 201, headers: { location: `/v1/agents/${created.id}` }, body: agentView(created) };
    },
  });
}

function getRoute({ policy }: AgentRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/agents/:id',
    operationId: 'getAgent',
    tag,
    summary: 'Read an agent',
    access: 'agents:read',
    params,
    responses: { 200: answer },
    async handle({ principal, params: { id } }) {
      return { status: 200, body: agentView(await readAgent(policy, principal, id)) };
    },
  });
}

function updateRoute({ policy }: AgentRoutesDeps): Route {
  return route({
    method: 'patch',
    path: '/v1/agents/:id',
    operationId: 'updateAgent',
    tag,
    summary: 'Change an agent',
    description: 'Absent fields keep their value; null takes away a description or lifts a limit.',
    access: 'agents:write',
    params,
    body: updateAgentBody,
    responses: { 200: answer, 422: refused },
    async handle({ principal, params: { id }, body, numberSources }) {
      const { name, description, riskLevel, dailyLimit, monthlyLimit } = body;
      const updated = await policy.updateAgent({
        caller: callerOf(principal),
        id,
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description: description ?? '' }),
        ...(riskLevel === undefined ? {} : { riskLevel }),
        ...limits(numberSources),
        ...moneyTerms(body),
        // An empty text lifts the limit.
        ...(dailyLimit === null ? { dailyLimit: '' } : {}),
        ...(monthlyLimit === null ? { monthlyLimit: '' } : {}),
      });
      return { status: 200, body: agentView(updated) };
    },
  });
}

function statusRoute(
  { policy }: AgentRoutesDeps,
  { verb, status, ...texts }: { verb: 'suspend' | 'resume'; status: string; summary: string; description: string },
): Route {
  return route({
    method: 'post',
    path: `/v1/agents/:id/${verb}`,
    operationId: `${verb}Agent`,
    tag,
    ...texts,
    access: 'agents:write',
    params,
    responses: { 200: answer },
    async handle({ principal, params: { id } }) {
      const changed = await policy.setAgentStatus({ caller: callerOf(principal), id, status });
      return { status: 200, body: agentView(changed) };
    },
  });
}

function budgetRoute({ policy }: AgentRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/agents/:id/budget',
    operationId: 'getAgentBudget',
    tag,
    summary: "Read an agent's budget",
    description: 'Limits, what is spent and held in the current day and month, what remains, and when they end.',
    access: 'agents:read',
    params,
    responses: { 200: { description: 'The budget.', schema: budgetSchema } },
    async handle({ principal, params: { id } }) {
      return { status: 200, body: budgetView(await readAgent(policy, principal, id)) };
    },
  });
}

/** A key bound to an agent reads that one only; another is as if it did not exist. */
async function readAgent(policy: Pick<PolicyClient, 'getAgent'>, principal: Principal, id: string): Promise<Agent> {
  if (principal.agentId !== null && principal.agentId !== id) throw new ProblemError('not_found', 'no such agent');
  return policy.getAgent({ caller: callerOf(principal), id });
}

/** How the agent's intents are settled and paid for, as far as it is given. */
function moneyTerms(body: Partial<Pick<AgentAnswer, 'settlement' | 'settlementTolerancePercent' | 'walletMode'>>) {
  const { settlement, settlementTolerancePercent, walletMode } = body;
  return {
    ...(settlement === undefined ? {} : { settlement }),
    ...(settlementTolerancePercent === undefined ? {} : { settlementTolerancePercent }),
    ...(walletMode === undefined ? {} : { walletMode }),
  };
}

/** Limits as the client wrote them: exact, whatever a float would have made of them. */
function limits(sources: Readonly<Record<string, string>>): { dailyLimit?: string; monthlyLimit?: string } {
  const { dailyLimit, monthlyLimit } = sources;
  return { ...(dailyLimit ? { dailyLimit } : {}), ...(monthlyLimit ? { monthlyLimit } : {}) };
}
