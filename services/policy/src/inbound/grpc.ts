import { type PolicyMethods, policyService } from '@aegis/grpc/definitions';
import { parse } from '@aegis/grpc/requests';
import { type BoundService, bind, type Handlers } from '@aegis/grpc/server';
import type { Clock } from '@aegis/runtime/clock';
import { archivePolicy } from '../usecases/archive-policy.ts';
import { createAgent } from '../usecases/create-agent.ts';
import { createPolicy } from '../usecases/create-policy.ts';
import type { DecideDeps } from '../usecases/decide-intents.ts';
import { getAgent } from '../usecases/get-agent.ts';
import { getOrganization } from '../usecases/get-organization.ts';
import { getPolicy } from '../usecases/get-policy.ts';
import { listFxRates } from '../usecases/list-fx-rates.ts';
import { lintPolicies } from '../usecases/lint-policies.ts';
import { listAgents } from '../usecases/list-agents.ts';
import { listPolicies } from '../usecases/list-policies.ts';
import { getPolicySet, listPolicySets, listPolicyVersions } from '../usecases/list-versions.ts';
import { checkLedger } from '../usecases/check-ledger.ts';
import { createTransaction, listTransactions } from '../usecases/wallet-transactions.ts';
import { listBudgets } from '../usecases/list-budgets.ts';
import { putBudgets } from '../usecases/put-budgets.ts';
import { putFxRates } from '../usecases/put-fx-rates.ts';
import { putOrganization } from '../usecases/put-organization.ts';
import { setAgentStatus } from '../usecases/set-agent-status.ts';
import { simulateIntent } from '../usecases/simulate-intent.ts';
import { simulateWindow } from '../usecases/simulate-window.ts';
import { updateAgent } from '../usecases/update-agent.ts';
import { updatePolicy } from '../usecases/update-policy.ts';
import { verifyDecisions } from '../usecases/verify-decisions.ts';
import {
  agentMessage,
  budgetsMessage,
  walletMessage,
  fxRateMessage,
  organizationMessage,
  pageMessage,
  policyMessage,
  policySetMessage,
  verificationMessage,
} from './messages.ts';
import {
  agentRequest,
  callerRequest,
  createAgentRequest,
  createPolicyRequest,
  listFxRatesRequest,
  listPolicySetsRequest,
  listPolicyVersionsRequest,
  listRequest,
  policyRequest,
  policySetRequest,
  createWalletTransactionRequest,
  listWalletTransactionsRequest,
  lintPoliciesRequest,
  putBudgetsRequest,
  putFxRatesRequest,
  putOrganizationRequest,
  setAgentStatusRequest,
  simulateIntentRequest,
  simulateWindowRequest,
  updateAgentRequest,
  updatePolicyRequest,
  verifyDecisionsRequest,
} from './requests.ts';
import { lintMessage } from './lint-messages.ts';
import { inTurn } from './in-turn.ts';
import { intentSimulationMessage } from './intent-simulation-message.ts';
import { simulationMessage } from './simulation-messages.ts';

/** The gRPC face: settings, agents and policies. Each handler reads the request, runs one use case and shapes the answer. */
export function policyGrpc(deps: DecideDeps & { readonly clock: Clock }): BoundService {
  // It takes the processor for seconds, which decisions need as well.
  const oneLintAtATime = inTurn();
  const handlers: Handlers<PolicyMethods> = {
    async putOrganization(request, { traceparent }) {
      const { caller, ...change } = parse(putOrganizationRequest, request);
      const settings = await putOrganization(deps, { ...caller, traceparent }, change);
      return organizationMessage(caller.organizationId, settings);
    },
    async getOrganization(request, { traceparent }) {
      const { caller } = parse(callerRequest, request);
      return organizationMessage(caller.organizationId, await getOrganization(deps, { ...caller, traceparent }));
    },

    async putFxRates(request, { traceparent }) {
      const { caller, rates } = parse(putFxRatesRequest, request);
      return { rates: (await putFxRates(deps, { ...caller, traceparent }, rates)).map(fxRateMessage) };
    },
    async listFxRates(request, { traceparent }) {
      const { caller, currency = null, page: wanted } = parse(listFxRatesRequest, request);
      const page = await listFxRates(deps, { ...caller, traceparent }, currency, wanted ?? null);
      return { rates: page.items.map(fxRateMessage), page: pageMessage(page) };
    },

    async putBudgets(request, { traceparent }) {
      const { caller, budgets } = parse(putBudgetsRequest, request);
      return budgetsMessage(await putBudgets(deps, { ...caller, traceparent }, budgets));
    },
    async listBudgets(request, { traceparent }) {
      const { caller } = parse(callerRequest, request);
      return budgetsMessage(await listBudgets(deps, { ...caller, traceparent }));
    },

    async createAgent(request, { traceparent }) {
      const { caller, ownerId = null, ...agent } = parse(createAgentRequest, request);
      const view = await createAgent(deps, { ...caller, traceparent }, { ...agent, ownerId });
      return agentMessage(view, view.settings);
    },
    async getAgent(request, { traceparent }) {
      const { caller, id } = parse(agentRequest, request);
      const view = await getAgent(deps, { ...caller, traceparent }, id);
      return agentMessage(view, view.settings);
    },
    async listAgents(request, { traceparent }) {
      const { caller, page: wanted } = parse(listRequest, request);
      const { page, settings } = await listAgents(deps, { ...caller, traceparent }, wanted ?? null);
      return { agents: page.items.map((agent) => agentMessage(agent, settings)), page: pageMessage(page) };
    },
    async updateAgent(request, { traceparent }) {
      const { caller, id, ...change } = parse(updateAgentRequest, request);
      const view = await updateAgent(deps, { ...caller, traceparent }, id, change);
      return agentMessage(view, view.settings);
    },
    async setAgentStatus(request, { traceparent }) {
      const { caller, id, status } = parse(setAgentStatusRequest, request);
      const view = await setAgentStatus(deps, { ...caller, traceparent }, id, status);
      return agentMessage(view, view.settings);
    },

    async createWalletTransaction(request, { traceparent }) {
      const { caller, reference = null, note = null, ...rest } = parse(createWalletTransactionRequest, request);
      return walletMessage(await createTransaction(deps, { ...caller, traceparent }, { ...rest, reference, note }));
    },
    async listWalletTransactions(request, { traceparent }) {
      const { caller, agentId, page: wanted } = parse(listWalletTransactionsRequest, request);
      const { page, settings } = await listTransactions(deps, { ...caller, traceparent }, agentId, wanted ?? null);
      return { transactions: page.items.map((entry) => walletMessage({ entry, settings })), page: pageMessage(page) };
    },
    async checkLedger(request, { traceparent }) {
      const { caller } = parse(callerRequest, request);
      const { compared, differences } = await checkLedger(deps, { ...caller, traceparent });
      return { compared, differences: [...differences] };
    },

    async createPolicy(request, { traceparent }) {
      const { caller, id, rulesJson: rules, approvalJson, description, ...rest } = parse(createPolicyRequest, request);
      const draft = { ...rest, rules, approval: approvalJson ?? null, description: description || null };
      return policyMessage(await createPolicy(deps, { ...caller, traceparent }, id, draft));
    },
    async getPolicy(request, { traceparent }) {
      const { caller, id } = parse(policyRequest, request);
      return policyMessage(await getPolicy(deps, { ...caller, traceparent }, id));
    },
    async listPolicies(request, { traceparent }) {
      const { caller, page: wanted } = parse(listRequest, request);
      const page = await listPolicies(deps, { ...caller, traceparent }, wanted ?? null);
      return { policies: page.items.map(policyMessage), page: pageMessage(page) };
    },
    async updatePolicy(request, { traceparent }) {
      const { caller, id, rulesJson: rules, approvalJson: approval, ...rest } = parse(updatePolicyRequest, request);
      const description = rest.description === '' ? null : rest.description;
      return policyMessage(
        await updatePolicy(deps, { ...caller, traceparent }, id, { ...rest, rules, approval, description }),
      );
    },
    async archivePolicy(request, { traceparent }) {
      const { caller, id } = parse(policyRequest, request);
      return policyMessage(await archivePolicy(deps, { ...caller, traceparent }, id));
    },
    async listPolicyVersions(request, { traceparent }) {
      const { caller, id, page: wanted } = parse(listPolicyVersionsRequest, request);
      const page = await listPolicyVersions(deps, { ...caller, traceparent }, id, wanted);
      return { policies: page.items.map(policyMessage), page: pageMessage(page) };
    },
    async listPolicySets(request, { traceparent }) {
      const { caller, page: wanted } = parse(listPolicySetsRequest, request);
      const page = await listPolicySets(deps, { ...caller, traceparent }, wanted);
      return { policySets: page.items.map((set) => policySetMessage(set)), page: pageMessage(page) };
    },
    async getPolicySet(request, { traceparent }) {
      const { caller, version } = parse(policySetRequest, request);
      const set = await getPolicySet(deps, { ...caller, traceparent }, version);
      return policySetMessage(set, set.policies);
    },

    async *simulateWindow(request, { traceparent, signal }) {
      const { caller, intents, policiesJson, ...given } = parse(simulateWindowRequest, request);
      const { from = null, to = null, defaultAction = null, assumption } = given;
      const window = { from, to, defaultAction, assumption, policies: policiesJson ?? null };
      for await (const progress of simulateWindow(deps, { ...caller, traceparent }, window, signal)) {
        yield simulationMessage(progress, intents);
      }
    },

    async simulateIntent(request, { traceparent }) {
      const { caller, policiesJson, defaultAction = null, ...given } = parse(simulateIntentRequest, request);
      const { agentId, amount: money, reason, confidence, merchant, merchantCategory, metadataJson, at } = given;
      const intent = {
        agentId,
        money,
        reason,
        confidence,
        merchant: merchant ?? null,
        merchantCategory: merchantCategory ?? null,
        metadata: metadataJson ?? null,
        createdAt: at ?? deps.clock.now().toISOString(),
      };
      const proposal = { intent, policies: policiesJson ?? null, defaultAction };
      return intentSimulationMessage(await simulateIntent(deps, { ...caller, traceparent }, proposal));
    },

    async lintPolicies(request, { traceparent, signal }) {
      const { caller, policiesJson, defaultAction = null } = parse(lintPoliciesRequest, request);
      const proposal = { policies: policiesJson ?? null, defaultAction: defaultAction ?? null };
      const lintNow = () => lintPolicies(deps, { ...caller, traceparent }, proposal, deps.clock.now(), signal);
      return lintMessage(await oneLintAtATime(caller.organizationId, lintNow));
    },

    async *verifyDecisions(request, { traceparent, signal }) {
      const { caller, from = null, to = null, agentId = null } = parse(verifyDecisionsRequest, request);
      for await (const progress of verifyDecisions(deps, { ...caller, traceparent }, { from, to, agentId }, signal)) {
        yield verificationMessage(progress);
      }
    },
  };
  return bind(policyService, handlers);
}
