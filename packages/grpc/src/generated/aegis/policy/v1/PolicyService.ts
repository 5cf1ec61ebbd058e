// Original file: aegis/policy/v1/policy.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AgentInput as _aegis_policy_v1_AgentInput, Agent as _aegis_policy_v1_Agent } from '../../../aegis/policy/v1/Agent.ts';
import type { ArchivePolicyRequestInput as _aegis_policy_v1_ArchivePolicyRequestInput, ArchivePolicyRequest as _aegis_policy_v1_ArchivePolicyRequest } from '../../../aegis/policy/v1/ArchivePolicyRequest.ts';
import type { CheckLedgerRequestInput as _aegis_policy_v1_CheckLedgerRequestInput, CheckLedgerRequest as _aegis_policy_v1_CheckLedgerRequest } from '../../../aegis/policy/v1/CheckLedgerRequest.ts';
import type { CheckLedgerResponseInput as _aegis_policy_v1_CheckLedgerResponseInput, CheckLedgerResponse as _aegis_policy_v1_CheckLedgerResponse } from '../../../aegis/policy/v1/CheckLedgerResponse.ts';
import type { CreateAgentRequestInput as _aegis_policy_v1_CreateAgentRequestInput, CreateAgentRequest as _aegis_policy_v1_CreateAgentRequest } from '../../../aegis/policy/v1/CreateAgentRequest.ts';
import type { CreatePolicyRequestInput as _aegis_policy_v1_CreatePolicyRequestInput, CreatePolicyRequest as _aegis_policy_v1_CreatePolicyRequest } from '../../../aegis/policy/v1/CreatePolicyRequest.ts';
import type { CreateWalletTransactionRequestInput as _aegis_policy_v1_CreateWalletTransactionRequestInput, CreateWalletTransactionRequest as _aegis_policy_v1_CreateWalletTransactionRequest } from '../../../aegis/policy/v1/CreateWalletTransactionRequest.ts';
import type { GetAgentRequestInput as _aegis_policy_v1_GetAgentRequestInput, GetAgentRequest as _aegis_policy_v1_GetAgentRequest } from '../../../aegis/policy/v1/GetAgentRequest.ts';
import type { GetOrganizationRequestInput as _aegis_policy_v1_GetOrganizationRequestInput, GetOrganizationRequest as _aegis_policy_v1_GetOrganizationRequest } from '../../../aegis/policy/v1/GetOrganizationRequest.ts';
import type { GetPolicyRequestInput as _aegis_policy_v1_GetPolicyRequestInput, GetPolicyRequest as _aegis_policy_v1_GetPolicyRequest } from '../../../aegis/policy/v1/GetPolicyRequest.ts';
import type { GetPolicySetRequestInput as _aegis_policy_v1_GetPolicySetRequestInput, GetPolicySetRequest as _aegis_policy_v1_GetPolicySetRequest } from '../../../aegis/policy/v1/GetPolicySetRequest.ts';
import type { LintPoliciesRequestInput as _aegis_policy_v1_LintPoliciesRequestInput, LintPoliciesRequest as _aegis_policy_v1_LintPoliciesRequest } from '../../../aegis/policy/v1/LintPoliciesRequest.ts';
import type { LintPoliciesResponseInput as _aegis_policy_v1_LintPoliciesResponseInput, LintPoliciesResponse as _aegis_policy_v1_LintPoliciesResponse } from '../../../aegis/policy/v1/LintPoliciesResponse.ts';
import type { ListAgentsRequestInput as _aegis_policy_v1_ListAgentsRequestInput, ListAgentsRequest as _aegis_policy_v1_ListAgentsRequest } from '../../../aegis/policy/v1/ListAgentsRequest.ts';
import type { ListAgentsResponseInput as _aegis_policy_v1_ListAgentsResponseInput, ListAgentsResponse as _aegis_policy_v1_ListAgentsResponse } from '../../../aegis/policy/v1/ListAgentsResponse.ts';
import type { ListBudgetsRequestInput as _aegis_policy_v1_ListBudgetsRequestInput, ListBudgetsRequest as _aegis_policy_v1_ListBudgetsRequest } from '../../../aegis/policy/v1/ListBudgetsRequest.ts';
import type { ListBudgetsResponseInput as _aegis_policy_v1_ListBudgetsResponseInput, ListBudgetsResponse as _aegis_policy_v1_ListBudgetsResponse } from '../../../aegis/policy/v1/ListBudgetsResponse.ts';
import type { ListFxRatesRequestInput as _aegis_policy_v1_ListFxRatesRequestInput, ListFxRatesRequest as _aegis_policy_v1_ListFxRatesRequest } from '../../../aegis/policy/v1/ListFxRatesRequest.ts';
import type { ListFxRatesResponseInput as _aegis_policy_v1_ListFxRatesResponseInput, ListFxRatesResponse as _aegis_policy_v1_ListFxRatesResponse } from '../../../aegis/policy/v1/ListFxRatesResponse.ts';
import type { ListPoliciesRequestInput as _aegis_policy_v1_ListPoliciesRequestInput, ListPoliciesRequest as _aegis_policy_v1_ListPoliciesRequest } from '../../../aegis/policy/v1/ListPoliciesRequest.ts';
import type { ListPoliciesResponseInput as _aegis_policy_v1_ListPoliciesResponseInput, ListPoliciesResponse as _aegis_policy_v1_ListPoliciesResponse } from '../../../aegis/policy/v1/ListPoliciesResponse.ts';
import type { ListPolicySetsRequestInput as _aegis_policy_v1_ListPolicySetsRequestInput, ListPolicySetsRequest as _aegis_policy_v1_ListPolicySetsRequest } from '../../../aegis/policy/v1/ListPolicySetsRequest.ts';
import type { ListPolicySetsResponseInput as _aegis_policy_v1_ListPolicySetsResponseInput, ListPolicySetsResponse as _aegis_policy_v1_ListPolicySetsResponse } from '../../../aegis/policy/v1/ListPolicySetsResponse.ts';
import type { ListPolicyVersionsRequestInput as _aegis_policy_v1_ListPolicyVersionsRequestInput, ListPolicyVersionsRequest as _aegis_policy_v1_ListPolicyVersionsRequest } from '../../../aegis/policy/v1/ListPolicyVersionsRequest.ts';
import type { ListWalletTransactionsRequestInput as _aegis_policy_v1_ListWalletTransactionsRequestInput, ListWalletTransactionsRequest as _aegis_policy_v1_ListWalletTransactionsRequest } from '../../../aegis/policy/v1/ListWalletTransactionsRequest.ts';
import type { ListWalletTransactionsResponseInput as _aegis_policy_v1_ListWalletTransactionsResponseInput, ListWalletTransactionsResponse as _aegis_policy_v1_ListWalletTransactionsResponse } from '../../../aegis/policy/v1/ListWalletTransactionsResponse.ts';
import type { OrganizationInput as _aegis_policy_v1_OrganizationInput, Organization as _aegis_policy_v1_Organization } from '../../../aegis/policy/v1/Organization.ts';
import type { PolicyInput as _aegis_policy_v1_PolicyInput, Policy as _aegis_policy_v1_Policy } from '../../../aegis/policy/v1/Policy.ts';
import type { PolicySetInput as _aegis_policy_v1_PolicySetInput, PolicySet as _aegis_policy_v1_PolicySet } from '../../../aegis/policy/v1/PolicySet.ts';
import type { PutBudgetsRequestInput as _aegis_policy_v1_PutBudgetsRequestInput, PutBudgetsRequest as _aegis_policy_v1_PutBudgetsRequest } from '../../../aegis/policy/v1/PutBudgetsRequest.ts';
import type { PutFxRatesRequestInput as _aegis_policy_v1_PutFxRatesRequestInput, PutFxRatesRequest as _aegis_policy_v1_PutFxRatesRequest } from '../../../aegis/policy/v1/PutFxRatesRequest.ts';
import type { PutFxRatesResponseInput as _aegis_policy_v1_PutFxRatesResponseInput, PutFxRatesResponse as _aegis_policy_v1_PutFxRatesResponse } from '../../../aegis/policy/v1/PutFxRatesResponse.ts';
import type { PutOrganizationRequestInput as _aegis_policy_v1_PutOrganizationRequestInput, PutOrganizationRequest as _aegis_policy_v1_PutOrganizationRequest } from '../../../aegis/policy/v1/PutOrganizationRequest.ts';
import type { SetAgentStatusRequestInput as _aegis_policy_v1_SetAgentStatusRequestInput, SetAgentStatusRequest as _aegis_policy_v1_SetAgentStatusRequest } from '../../../aegis/policy/v1/SetAgentStatusRequest.ts';
import type { SimulateIntentRequestInput as _aegis_policy_v1_SimulateIntentRequestInput, SimulateIntentRequest as _aegis_policy_v1_SimulateIntentRequest } from '../../../aegis/policy/v1/SimulateIntentRequest.ts';
import type { SimulateIntentResponseInput as _aegis_policy_v1_SimulateIntentResponseInput, SimulateIntentResponse as _aegis_policy_v1_SimulateIntentResponse } from '../../../aegis/policy/v1/SimulateIntentResponse.ts';
import type { SimulateWindowProgressInput as _aegis_policy_v1_SimulateWindowProgressInput, SimulateWindowProgress as _aegis_policy_v1_SimulateWindowProgress } from '../../../aegis/policy/v1/SimulateWindowProgress.ts';
import type { SimulateWindowRequestInput as _aegis_policy_v1_SimulateWindowRequestInput, SimulateWindowRequest as _aegis_policy_v1_SimulateWindowRequest } from '../../../aegis/policy/v1/SimulateWindowRequest.ts';
import type { UpdateAgentRequestInput as _aegis_policy_v1_UpdateAgentRequestInput, UpdateAgentRequest as _aegis_policy_v1_UpdateAgentRequest } from '../../../aegis/policy/v1/UpdateAgentRequest.ts';
import type { UpdatePolicyRequestInput as _aegis_policy_v1_UpdatePolicyRequestInput, UpdatePolicyRequest as _aegis_policy_v1_UpdatePolicyRequest } from '../../../aegis/policy/v1/UpdatePolicyRequest.ts';
import type { VerifyDecisionsProgressInput as _aegis_policy_v1_VerifyDecisionsProgressInput, VerifyDecisionsProgress as _aegis_policy_v1_VerifyDecisionsProgress } from '../../../aegis/policy/v1/VerifyDecisionsProgress.ts';
import type { VerifyDecisionsRequestInput as _aegis_policy_v1_VerifyDecisionsRequestInput, VerifyDecisionsRequest as _aegis_policy_v1_VerifyDecisionsRequest } from '../../../aegis/policy/v1/VerifyDecisionsRequest.ts';
import type { WalletTransactionInput as _aegis_policy_v1_WalletTransactionInput, WalletTransaction as _aegis_policy_v1_WalletTransaction } from '../../../aegis/policy/v1/WalletTransaction.ts';

/**
 * Agents, policies and the settings of an organisation that decide what may be spent.
 */
export interface PolicyServiceClient extends grpc.Client {
  ArchivePolicy(argument: _aegis_policy_v1_ArchivePolicyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  ArchivePolicy(argument: _aegis_policy_v1_ArchivePolicyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  ArchivePolicy(argument: _aegis_policy_v1_ArchivePolicyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  ArchivePolicy(argument: _aegis_policy_v1_ArchivePolicyRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  archivePolicy(argument: _aegis_policy_v1_ArchivePolicyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  archivePolicy(argument: _aegis_policy_v1_ArchivePolicyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  archivePolicy(argument: _aegis_policy_v1_ArchivePolicyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  archivePolicy(argument: _aegis_policy_v1_ArchivePolicyRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  
  /**
   * Adds everything up again: entries to zero, wallets from their lines, budgets from what each intent counts for.
   */
  CheckLedger(argument: _aegis_policy_v1_CheckLedgerRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_CheckLedgerResponse>): grpc.ClientUnaryCall;
  CheckLedger(argument: _aegis_policy_v1_CheckLedgerRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_CheckLedgerResponse>): grpc.ClientUnaryCall;
  CheckLedger(argument: _aegis_policy_v1_CheckLedgerRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_CheckLedgerResponse>): grpc.ClientUnaryCall;
  CheckLedger(argument: _aegis_policy_v1_CheckLedgerRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_CheckLedgerResponse>): grpc.ClientUnaryCall;
  /**
   * Adds everything up again: entries to zero, wallets from their lines, budgets from what each intent counts for.
   */
  checkLedger(argument: _aegis_policy_v1_CheckLedgerRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_CheckLedgerResponse>): grpc.ClientUnaryCall;
  checkLedger(argument: _aegis_policy_v1_CheckLedgerRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_CheckLedgerResponse>): grpc.ClientUnaryCall;
  checkLedger(argument: _aegis_policy_v1_CheckLedgerRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_CheckLedgerResponse>): grpc.ClientUnaryCall;
  checkLedger(argument: _aegis_policy_v1_CheckLedgerRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_CheckLedgerResponse>): grpc.ClientUnaryCall;
  
  CreateAgent(argument: _aegis_policy_v1_CreateAgentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  CreateAgent(argument: _aegis_policy_v1_CreateAgentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  CreateAgent(argument: _aegis_policy_v1_CreateAgentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  CreateAgent(argument: _aegis_policy_v1_CreateAgentRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  createAgent(argument: _aegis_policy_v1_CreateAgentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  createAgent(argument: _aegis_policy_v1_CreateAgentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  createAgent(argument: _aegis_policy_v1_CreateAgentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  createAgent(argument: _aegis_policy_v1_CreateAgentRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  
  CreatePolicy(argument: _aegis_policy_v1_CreatePolicyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  CreatePolicy(argument: _aegis_policy_v1_CreatePolicyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  CreatePolicy(argument: _aegis_policy_v1_CreatePolicyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  CreatePolicy(argument: _aegis_policy_v1_CreatePolicyRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  createPolicy(argument: _aegis_policy_v1_CreatePolicyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  createPolicy(argument: _aegis_policy_v1_CreatePolicyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  createPolicy(argument: _aegis_policy_v1_CreatePolicyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  createPolicy(argument: _aegis_policy_v1_CreatePolicyRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  
  CreateWalletTransaction(argument: _aegis_policy_v1_CreateWalletTransactionRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_WalletTransaction>): grpc.ClientUnaryCall;
  CreateWalletTransaction(argument: _aegis_policy_v1_CreateWalletTransactionRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_WalletTransaction>): grpc.ClientUnaryCall;
  CreateWalletTransaction(argument: _aegis_policy_v1_CreateWalletTransactionRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_WalletTransaction>): grpc.ClientUnaryCall;
  CreateWalletTransaction(argument: _aegis_policy_v1_CreateWalletTransactionRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_WalletTransaction>): grpc.ClientUnaryCall;
  createWalletTransaction(argument: _aegis_policy_v1_CreateWalletTransactionRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_WalletTransaction>): grpc.ClientUnaryCall;
  createWalletTransaction(argument: _aegis_policy_v1_CreateWalletTransactionRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_WalletTransaction>): grpc.ClientUnaryCall;
  createWalletTransaction(argument: _aegis_policy_v1_CreateWalletTransactionRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_WalletTransaction>): grpc.ClientUnaryCall;
  createWalletTransaction(argument: _aegis_policy_v1_CreateWalletTransactionRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_WalletTransaction>): grpc.ClientUnaryCall;
  
  GetAgent(argument: _aegis_policy_v1_GetAgentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  GetAgent(argument: _aegis_policy_v1_GetAgentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  GetAgent(argument: _aegis_policy_v1_GetAgentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  GetAgent(argument: _aegis_policy_v1_GetAgentRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  getAgent(argument: _aegis_policy_v1_GetAgentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  getAgent(argument: _aegis_policy_v1_GetAgentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  getAgent(argument: _aegis_policy_v1_GetAgentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  getAgent(argument: _aegis_policy_v1_GetAgentRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  
  GetOrganization(argument: _aegis_policy_v1_GetOrganizationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  GetOrganization(argument: _aegis_policy_v1_GetOrganizationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  GetOrganization(argument: _aegis_policy_v1_GetOrganizationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  GetOrganization(argument: _aegis_policy_v1_GetOrganizationRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  getOrganization(argument: _aegis_policy_v1_GetOrganizationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  getOrganization(argument: _aegis_policy_v1_GetOrganizationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  getOrganization(argument: _aegis_policy_v1_GetOrganizationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  getOrganization(argument: _aegis_policy_v1_GetOrganizationRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  
  GetPolicy(argument: _aegis_policy_v1_GetPolicyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  GetPolicy(argument: _aegis_policy_v1_GetPolicyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  GetPolicy(argument: _aegis_policy_v1_GetPolicyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  GetPolicy(argument: _aegis_policy_v1_GetPolicyRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  getPolicy(argument: _aegis_policy_v1_GetPolicyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  getPolicy(argument: _aegis_policy_v1_GetPolicyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  getPolicy(argument: _aegis_policy_v1_GetPolicyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  getPolicy(argument: _aegis_policy_v1_GetPolicyRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  
  GetPolicySet(argument: _aegis_policy_v1_GetPolicySetRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_PolicySet>): grpc.ClientUnaryCall;
  GetPolicySet(argument: _aegis_policy_v1_GetPolicySetRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_PolicySet>): grpc.ClientUnaryCall;
  GetPolicySet(argument: _aegis_policy_v1_GetPolicySetRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_PolicySet>): grpc.ClientUnaryCall;
  GetPolicySet(argument: _aegis_policy_v1_GetPolicySetRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_PolicySet>): grpc.ClientUnaryCall;
  getPolicySet(argument: _aegis_policy_v1_GetPolicySetRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_PolicySet>): grpc.ClientUnaryCall;
  getPolicySet(argument: _aegis_policy_v1_GetPolicySetRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_PolicySet>): grpc.ClientUnaryCall;
  getPolicySet(argument: _aegis_policy_v1_GetPolicySetRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_PolicySet>): grpc.ClientUnaryCall;
  getPolicySet(argument: _aegis_policy_v1_GetPolicySetRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_PolicySet>): grpc.ClientUnaryCall;
  
  /**
   * Looks for mistakes in the policies of now, or in a proposed set and in what it changes.
   */
  LintPolicies(argument: _aegis_policy_v1_LintPoliciesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_LintPoliciesResponse>): grpc.ClientUnaryCall;
  LintPolicies(argument: _aegis_policy_v1_LintPoliciesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_LintPoliciesResponse>): grpc.ClientUnaryCall;
  LintPolicies(argument: _aegis_policy_v1_LintPoliciesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_LintPoliciesResponse>): grpc.ClientUnaryCall;
  LintPolicies(argument: _aegis_policy_v1_LintPoliciesRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_LintPoliciesResponse>): grpc.ClientUnaryCall;
  /**
   * Looks for mistakes in the policies of now, or in a proposed set and in what it changes.
   */
  lintPolicies(argument: _aegis_policy_v1_LintPoliciesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_LintPoliciesResponse>): grpc.ClientUnaryCall;
  lintPolicies(argument: _aegis_policy_v1_LintPoliciesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_LintPoliciesResponse>): grpc.ClientUnaryCall;
  lintPolicies(argument: _aegis_policy_v1_LintPoliciesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_LintPoliciesResponse>): grpc.ClientUnaryCall;
  lintPolicies(argument: _aegis_policy_v1_LintPoliciesRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_LintPoliciesResponse>): grpc.ClientUnaryCall;
  
  ListAgents(argument: _aegis_policy_v1_ListAgentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  ListAgents(argument: _aegis_policy_v1_ListAgentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  ListAgents(argument: _aegis_policy_v1_ListAgentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  ListAgents(argument: _aegis_policy_v1_ListAgentsRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: _aegis_policy_v1_ListAgentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: _aegis_policy_v1_ListAgentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: _aegis_policy_v1_ListAgentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: _aegis_policy_v1_ListAgentsRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  
  /**
   * The organisation's own first, then by category.
   */
  ListBudgets(argument: _aegis_policy_v1_ListBudgetsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  ListBudgets(argument: _aegis_policy_v1_ListBudgetsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  ListBudgets(argument: _aegis_policy_v1_ListBudgetsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  ListBudgets(argument: _aegis_policy_v1_ListBudgetsRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  /**
   * The organisation's own first, then by category.
   */
  listBudgets(argument: _aegis_policy_v1_ListBudgetsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  listBudgets(argument: _aegis_policy_v1_ListBudgetsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  listBudgets(argument: _aegis_policy_v1_ListBudgetsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  listBudgets(argument: _aegis_policy_v1_ListBudgetsRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  
  ListFxRates(argument: _aegis_policy_v1_ListFxRatesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListFxRatesResponse>): grpc.ClientUnaryCall;
  ListFxRates(argument: _aegis_policy_v1_ListFxRatesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListFxRatesResponse>): grpc.ClientUnaryCall;
  ListFxRates(argument: _aegis_policy_v1_ListFxRatesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListFxRatesResponse>): grpc.ClientUnaryCall;
  ListFxRates(argument: _aegis_policy_v1_ListFxRatesRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListFxRatesResponse>): grpc.ClientUnaryCall;
  listFxRates(argument: _aegis_policy_v1_ListFxRatesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListFxRatesResponse>): grpc.ClientUnaryCall;
  listFxRates(argument: _aegis_policy_v1_ListFxRatesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListFxRatesResponse>): grpc.ClientUnaryCall;
  listFxRates(argument: _aegis_policy_v1_ListFxRatesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListFxRatesResponse>): grpc.ClientUnaryCall;
  listFxRates(argument: _aegis_policy_v1_ListFxRatesRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListFxRatesResponse>): grpc.ClientUnaryCall;
  
  ListPolicies(argument: _aegis_policy_v1_ListPoliciesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  ListPolicies(argument: _aegis_policy_v1_ListPoliciesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  ListPolicies(argument: _aegis_policy_v1_ListPoliciesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  ListPolicies(argument: _aegis_policy_v1_ListPoliciesRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  listPolicies(argument: _aegis_policy_v1_ListPoliciesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  listPolicies(argument: _aegis_policy_v1_ListPoliciesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  listPolicies(argument: _aegis_policy_v1_ListPoliciesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  listPolicies(argument: _aegis_policy_v1_ListPoliciesRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  
  /**
   * Every version of the settings and policies together, as decisions name them.
   */
  ListPolicySets(argument: _aegis_policy_v1_ListPolicySetsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListPolicySetsResponse>): grpc.ClientUnaryCall;
  ListPolicySets(argument: _aegis_policy_v1_ListPolicySetsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListPolicySetsResponse>): grpc.ClientUnaryCall;
  ListPolicySets(argument: _aegis_policy_v1_ListPolicySetsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListPolicySetsResponse>): grpc.ClientUnaryCall;
  ListPolicySets(argument: _aegis_policy_v1_ListPolicySetsRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListPolicySetsResponse>): grpc.ClientUnaryCall;
  /**
   * Every version of the settings and policies together, as decisions name them.
   */
  listPolicySets(argument: _aegis_policy_v1_ListPolicySetsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListPolicySetsResponse>): grpc.ClientUnaryCall;
  listPolicySets(argument: _aegis_policy_v1_ListPolicySetsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListPolicySetsResponse>): grpc.ClientUnaryCall;
  listPolicySets(argument: _aegis_policy_v1_ListPolicySetsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListPolicySetsResponse>): grpc.ClientUnaryCall;
  listPolicySets(argument: _aegis_policy_v1_ListPolicySetsRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListPolicySetsResponse>): grpc.ClientUnaryCall;
  
  ListPolicyVersions(argument: _aegis_policy_v1_ListPolicyVersionsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  ListPolicyVersions(argument: _aegis_policy_v1_ListPolicyVersionsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  ListPolicyVersions(argument: _aegis_policy_v1_ListPolicyVersionsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  ListPolicyVersions(argument: _aegis_policy_v1_ListPolicyVersionsRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  listPolicyVersions(argument: _aegis_policy_v1_ListPolicyVersionsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  listPolicyVersions(argument: _aegis_policy_v1_ListPolicyVersionsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  listPolicyVersions(argument: _aegis_policy_v1_ListPolicyVersionsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  listPolicyVersions(argument: _aegis_policy_v1_ListPolicyVersionsRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListPoliciesResponse>): grpc.ClientUnaryCall;
  
  /**
   * The newest first.
   */
  ListWalletTransactions(argument: _aegis_policy_v1_ListWalletTransactionsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListWalletTransactionsResponse>): grpc.ClientUnaryCall;
  ListWalletTransactions(argument: _aegis_policy_v1_ListWalletTransactionsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListWalletTransactionsResponse>): grpc.ClientUnaryCall;
  ListWalletTransactions(argument: _aegis_policy_v1_ListWalletTransactionsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListWalletTransactionsResponse>): grpc.ClientUnaryCall;
  ListWalletTransactions(argument: _aegis_policy_v1_ListWalletTransactionsRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListWalletTransactionsResponse>): grpc.ClientUnaryCall;
  /**
   * The newest first.
   */
  listWalletTransactions(argument: _aegis_policy_v1_ListWalletTransactionsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListWalletTransactionsResponse>): grpc.ClientUnaryCall;
  listWalletTransactions(argument: _aegis_policy_v1_ListWalletTransactionsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListWalletTransactionsResponse>): grpc.ClientUnaryCall;
  listWalletTransactions(argument: _aegis_policy_v1_ListWalletTransactionsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListWalletTransactionsResponse>): grpc.ClientUnaryCall;
  listWalletTransactions(argument: _aegis_policy_v1_ListWalletTransactionsRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListWalletTransactionsResponse>): grpc.ClientUnaryCall;
  
  /**
   * Replaces the budgets that the organisation's agents share.
   */
  PutBudgets(argument: _aegis_policy_v1_PutBudgetsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  PutBudgets(argument: _aegis_policy_v1_PutBudgetsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  PutBudgets(argument: _aegis_policy_v1_PutBudgetsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  PutBudgets(argument: _aegis_policy_v1_PutBudgetsRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  /**
   * Replaces the budgets that the organisation's agents share.
   */
  putBudgets(argument: _aegis_policy_v1_PutBudgetsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  putBudgets(argument: _aegis_policy_v1_PutBudgetsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  putBudgets(argument: _aegis_policy_v1_PutBudgetsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  putBudgets(argument: _aegis_policy_v1_PutBudgetsRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_ListBudgetsResponse>): grpc.ClientUnaryCall;
  
  /**
   * Records exchange rates to the base currency, each from its time on; what is on record already changes nothing.
   */
  PutFxRates(argument: _aegis_policy_v1_PutFxRatesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_PutFxRatesResponse>): grpc.ClientUnaryCall;
  PutFxRates(argument: _aegis_policy_v1_PutFxRatesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_PutFxRatesResponse>): grpc.ClientUnaryCall;
  PutFxRates(argument: _aegis_policy_v1_PutFxRatesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_PutFxRatesResponse>): grpc.ClientUnaryCall;
  PutFxRates(argument: _aegis_policy_v1_PutFxRatesRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_PutFxRatesResponse>): grpc.ClientUnaryCall;
  /**
   * Records exchange rates to the base currency, each from its time on; what is on record already changes nothing.
   */
  putFxRates(argument: _aegis_policy_v1_PutFxRatesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_PutFxRatesResponse>): grpc.ClientUnaryCall;
  putFxRates(argument: _aegis_policy_v1_PutFxRatesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_PutFxRatesResponse>): grpc.ClientUnaryCall;
  putFxRates(argument: _aegis_policy_v1_PutFxRatesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_PutFxRatesResponse>): grpc.ClientUnaryCall;
  putFxRates(argument: _aegis_policy_v1_PutFxRatesRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_PutFxRatesResponse>): grpc.ClientUnaryCall;
  
  /**
   * Creates or changes the settings; the same call again changes nothing.
   */
  PutOrganization(argument: _aegis_policy_v1_PutOrganizationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  PutOrganization(argument: _aegis_policy_v1_PutOrganizationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  PutOrganization(argument: _aegis_policy_v1_PutOrganizationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  PutOrganization(argument: _aegis_policy_v1_PutOrganizationRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  /**
   * Creates or changes the settings; the same call again changes nothing.
   */
  putOrganization(argument: _aegis_policy_v1_PutOrganizationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  putOrganization(argument: _aegis_policy_v1_PutOrganizationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  putOrganization(argument: _aegis_policy_v1_PutOrganizationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  putOrganization(argument: _aegis_policy_v1_PutOrganizationRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Organization>): grpc.ClientUnaryCall;
  
  SetAgentStatus(argument: _aegis_policy_v1_SetAgentStatusRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  SetAgentStatus(argument: _aegis_policy_v1_SetAgentStatusRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  SetAgentStatus(argument: _aegis_policy_v1_SetAgentStatusRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  SetAgentStatus(argument: _aegis_policy_v1_SetAgentStatusRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  setAgentStatus(argument: _aegis_policy_v1_SetAgentStatusRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  setAgentStatus(argument: _aegis_policy_v1_SetAgentStatusRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  setAgentStatus(argument: _aegis_policy_v1_SetAgentStatusRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  setAgentStatus(argument: _aegis_policy_v1_SetAgentStatusRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  
  /**
   * Decides an intent that nobody submitted, as things stand, and tells what every condition saw. Changes nothing.
   */
  SimulateIntent(argument: _aegis_policy_v1_SimulateIntentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_SimulateIntentResponse>): grpc.ClientUnaryCall;
  SimulateIntent(argument: _aegis_policy_v1_SimulateIntentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_SimulateIntentResponse>): grpc.ClientUnaryCall;
  SimulateIntent(argument: _aegis_policy_v1_SimulateIntentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_SimulateIntentResponse>): grpc.ClientUnaryCall;
  SimulateIntent(argument: _aegis_policy_v1_SimulateIntentRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_SimulateIntentResponse>): grpc.ClientUnaryCall;
  /**
   * Decides an intent that nobody submitted, as things stand, and tells what every condition saw. Changes nothing.
   */
  simulateIntent(argument: _aegis_policy_v1_SimulateIntentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_SimulateIntentResponse>): grpc.ClientUnaryCall;
  simulateIntent(argument: _aegis_policy_v1_SimulateIntentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_SimulateIntentResponse>): grpc.ClientUnaryCall;
  simulateIntent(argument: _aegis_policy_v1_SimulateIntentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_SimulateIntentResponse>): grpc.ClientUnaryCall;
  simulateIntent(argument: _aegis_policy_v1_SimulateIntentRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_SimulateIntentResponse>): grpc.ClientUnaryCall;
  
  /**
   * Replays history against a proposed set of policies; progress arrives as it goes, the report last.
   */
  SimulateWindow(argument: _aegis_policy_v1_SimulateWindowRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_policy_v1_SimulateWindowProgress>;
  SimulateWindow(argument: _aegis_policy_v1_SimulateWindowRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_policy_v1_SimulateWindowProgress>;
  /**
   * Replays history against a proposed set of policies; progress arrives as it goes, the report last.
   */
  simulateWindow(argument: _aegis_policy_v1_SimulateWindowRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_policy_v1_SimulateWindowProgress>;
  simulateWindow(argument: _aegis_policy_v1_SimulateWindowRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_policy_v1_SimulateWindowProgress>;
  
  UpdateAgent(argument: _aegis_policy_v1_UpdateAgentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  UpdateAgent(argument: _aegis_policy_v1_UpdateAgentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  UpdateAgent(argument: _aegis_policy_v1_UpdateAgentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  UpdateAgent(argument: _aegis_policy_v1_UpdateAgentRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  updateAgent(argument: _aegis_policy_v1_UpdateAgentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  updateAgent(argument: _aegis_policy_v1_UpdateAgentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  updateAgent(argument: _aegis_policy_v1_UpdateAgentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  updateAgent(argument: _aegis_policy_v1_UpdateAgentRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Agent>): grpc.ClientUnaryCall;
  
  UpdatePolicy(argument: _aegis_policy_v1_UpdatePolicyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  UpdatePolicy(argument: _aegis_policy_v1_UpdatePolicyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  UpdatePolicy(argument: _aegis_policy_v1_UpdatePolicyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  UpdatePolicy(argument: _aegis_policy_v1_UpdatePolicyRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  updatePolicy(argument: _aegis_policy_v1_UpdatePolicyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  updatePolicy(argument: _aegis_policy_v1_UpdatePolicyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  updatePolicy(argument: _aegis_policy_v1_UpdatePolicyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  updatePolicy(argument: _aegis_policy_v1_UpdatePolicyRequestInput, callback: grpc.requestCallback<_aegis_policy_v1_Policy>): grpc.ClientUnaryCall;
  
  /**
   * Decides recorded decisions again and tells of each that comes out otherwise; progress arrives as it goes.
   */
  VerifyDecisions(argument: _aegis_policy_v1_VerifyDecisionsRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_policy_v1_VerifyDecisionsProgress>;
  VerifyDecisions(argument: _aegis_policy_v1_VerifyDecisionsRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_policy_v1_VerifyDecisionsProgress>;
  /**
   * Decides recorded decisions again and tells of each that comes out otherwise; progress arrives as it goes.
   */
  verifyDecisions(argument: _aegis_policy_v1_VerifyDecisionsRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_policy_v1_VerifyDecisionsProgress>;
  verifyDecisions(argument: _aegis_policy_v1_VerifyDecisionsRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_policy_v1_VerifyDecisionsProgress>;
  
}

/**
 * Agents, policies and the settings of an organisation that decide what may be spent.
 */
export interface PolicyServiceHandlers extends grpc.UntypedServiceImplementation {
  ArchivePolicy: grpc.handleUnaryCall<_aegis_policy_v1_ArchivePolicyRequest, _aegis_policy_v1_PolicyInput>;
  
  /**
   * Adds everything up again: entries to zero, wallets from their lines, budgets from what each intent counts for.
   */
  CheckLedger: grpc.handleUnaryCall<_aegis_policy_v1_CheckLedgerRequest, _aegis_policy_v1_CheckLedgerResponseInput>;
  
  CreateAgent: grpc.handleUnaryCall<_aegis_policy_v1_CreateAgentRequest, _aegis_policy_v1_AgentInput>;
  
  CreatePolicy: grpc.handleUnaryCall<_aegis_policy_v1_CreatePolicyRequest, _aegis_policy_v1_PolicyInput>;
  
  CreateWalletTransaction: grpc.handleUnaryCall<_aegis_policy_v1_CreateWalletTransactionRequest, _aegis_policy_v1_WalletTransactionInput>;
  
  GetAgent: grpc.handleUnaryCall<_aegis_policy_v1_GetAgentRequest, _aegis_policy_v1_AgentInput>;
  
  GetOrganization: grpc.handleUnaryCall<_aegis_policy_v1_GetOrganizationRequest, _aegis_policy_v1_OrganizationInput>;
  
  GetPolicy: grpc.handleUnaryCall<_aegis_policy_v1_GetPolicyRequest, _aegis_policy_v1_PolicyInput>;
  
  GetPolicySet: grpc.handleUnaryCall<_aegis_policy_v1_GetPolicySetRequest, _aegis_policy_v1_PolicySetInput>;
  
  /**
   * Looks for mistakes in the policies of now, or in a proposed set and in what it changes.
   */
  LintPolicies: grpc.handleUnaryCall<_aegis_policy_v1_LintPoliciesRequest, _aegis_policy_v1_LintPoliciesResponseInput>;
  
  ListAgents: grpc.handleUnaryCall<_aegis_policy_v1_ListAgentsRequest, _aegis_policy_v1_ListAgentsResponseInput>;
  
  /**
   * The organisation's own first, then by category.
   */
  ListBudgets: grpc.handleUnaryCall<_aegis_policy_v1_ListBudgetsRequest, _aegis_policy_v1_ListBudgetsResponseInput>;
  
  ListFxRates: grpc.handleUnaryCall<_aegis_policy_v1_ListFxRatesRequest, _aegis_policy_v1_ListFxRatesResponseInput>;
  
  ListPolicies: grpc.handleUnaryCall<_aegis_policy_v1_ListPoliciesRequest, _aegis_policy_v1_ListPoliciesResponseInput>;
  
  /**
   * Every version of the settings and policies together, as decisions name them.
   */
  ListPolicySets: grpc.handleUnaryCall<_aegis_policy_v1_ListPolicySetsRequest, _aegis_policy_v1_ListPolicySetsResponseInput>;
  
  ListPolicyVersions: grpc.handleUnaryCall<_aegis_policy_v1_ListPolicyVersionsRequest, _aegis_policy_v1_ListPoliciesResponseInput>;
  
  /**
   * The newest first.
   */
  ListWalletTransactions: grpc.handleUnaryCall<_aegis_policy_v1_ListWalletTransactionsRequest, _aegis_policy_v1_ListWalletTransactionsResponseInput>;
  
  /**
   * Replaces the budgets that the organisation's agents share.
   */
  PutBudgets: grpc.handleUnaryCall<_aegis_policy_v1_PutBudgetsRequest, _aegis_policy_v1_ListBudgetsResponseInput>;
  
  /**
   * Records exchange rates to the base currency, each from its time on; what is on record already changes nothing.
   */
  PutFxRates: grpc.handleUnaryCall<_aegis_policy_v1_PutFxRatesRequest, _aegis_policy_v1_PutFxRatesResponseInput>;
  
  /**
   * Creates or changes the settings; the same call again changes nothing.
   */
  PutOrganization: grpc.handleUnaryCall<_aegis_policy_v1_PutOrganizationRequest, _aegis_policy_v1_OrganizationInput>;
  
  SetAgentStatus: grpc.handleUnaryCall<_aegis_policy_v1_SetAgentStatusRequest, _aegis_policy_v1_AgentInput>;
  
  /**
   * Decides an intent that nobody submitted, as things stand, and tells what every condition saw. Changes nothing.
   */
  SimulateIntent: grpc.handleUnaryCall<_aegis_policy_v1_SimulateIntentRequest, _aegis_policy_v1_SimulateIntentResponseInput>;
  
  /**
   * Replays history against a proposed set of policies; progress arrives as it goes, the report last.
   */
  SimulateWindow: grpc.handleServerStreamingCall<_aegis_policy_v1_SimulateWindowRequest, _aegis_policy_v1_SimulateWindowProgressInput>;
  
  UpdateAgent: grpc.handleUnaryCall<_aegis_policy_v1_UpdateAgentRequest, _aegis_policy_v1_AgentInput>;
  
  UpdatePolicy: grpc.handleUnaryCall<_aegis_policy_v1_UpdatePolicyRequest, _aegis_policy_v1_PolicyInput>;
  
  /**
   * Decides recorded decisions again and tells of each that comes out otherwise; progress arrives as it goes.
   */
  VerifyDecisions: grpc.handleServerStreamingCall<_aegis_policy_v1_VerifyDecisionsRequest, _aegis_policy_v1_VerifyDecisionsProgressInput>;
  
}

export interface PolicyServiceDefinition extends grpc.ServiceDefinition {
  ArchivePolicy: MethodDefinition<_aegis_policy_v1_ArchivePolicyRequestInput, _aegis_policy_v1_PolicyInput, _aegis_policy_v1_ArchivePolicyRequest, _aegis_policy_v1_Policy>
  CheckLedger: MethodDefinition<_aegis_policy_v1_CheckLedgerRequestInput, _aegis_policy_v1_CheckLedgerResponseInput, _aegis_policy_v1_CheckLedgerRequest, _aegis_policy_v1_CheckLedgerResponse>
  CreateAgent: MethodDefinition<_aegis_policy_v1_CreateAgentRequestInput, _aegis_policy_v1_AgentInput, _aegis_policy_v1_CreateAgentRequest, _aegis_policy_v1_Agent>
  CreatePolicy: MethodDefinition<_aegis_policy_v1_CreatePolicyRequestInput, _aegis_policy_v1_PolicyInput, _aegis_policy_v1_CreatePolicyRequest, _aegis_policy_v1_Policy>
  CreateWalletTransaction: MethodDefinition<_aegis_policy_v1_CreateWalletTransactionRequestInput, _aegis_policy_v1_WalletTransactionInput, _aegis_policy_v1_CreateWalletTransactionRequest, _aegis_policy_v1_WalletTransaction>
  GetAgent: MethodDefinition<_aegis_policy_v1_GetAgentRequestInput, _aegis_policy_v1_AgentInput, _aegis_policy_v1_GetAgentRequest, _aegis_policy_v1_Agent>
  GetOrganization: MethodDefinition<_aegis_policy_v1_GetOrganizationRequestInput, _aegis_policy_v1_OrganizationInput, _aegis_policy_v1_GetOrganizationRequest, _aegis_policy_v1_Organization>
  GetPolicy: MethodDefinition<_aegis_policy_v1_GetPolicyRequestInput, _aegis_policy_v1_PolicyInput, _aegis_policy_v1_GetPolicyRequest, _aegis_policy_v1_Policy>
  GetPolicySet: MethodDefinition<_aegis_policy_v1_GetPolicySetRequestInput, _aegis_policy_v1_PolicySetInput, _aegis_policy_v1_GetPolicySetRequest, _aegis_policy_v1_PolicySet>
  LintPolicies: MethodDefinition<_aegis_policy_v1_LintPoliciesRequestInput, _aegis_policy_v1_LintPoliciesResponseInput, _aegis_policy_v1_LintPoliciesRequest, _aegis_policy_v1_LintPoliciesResponse>
  ListAgents: MethodDefinition<_aegis_policy_v1_ListAgentsRequestInput, _aegis_policy_v1_ListAgentsResponseInput, _aegis_policy_v1_ListAgentsRequest, _aegis_policy_v1_ListAgentsResponse>
  ListBudgets: MethodDefinition<_aegis_policy_v1_ListBudgetsRequestInput, _aegis_policy_v1_ListBudgetsResponseInput, _aegis_policy_v1_ListBudgetsRequest, _aegis_policy_v1_ListBudgetsResponse>
  ListFxRates: MethodDefinition<_aegis_policy_v1_ListFxRatesRequestInput, _aegis_policy_v1_ListFxRatesResponseInput, _aegis_policy_v1_ListFxRatesRequest, _aegis_policy_v1_ListFxRatesResponse>
  ListPolicies: MethodDefinition<_aegis_policy_v1_ListPoliciesRequestInput, _aegis_policy_v1_ListPoliciesResponseInput, _aegis_policy_v1_ListPoliciesRequest, _aegis_policy_v1_ListPoliciesResponse>
  ListPolicySets: MethodDefinition<_aegis_policy_v1_ListPolicySetsRequestInput, _aegis_policy_v1_ListPolicySetsResponseInput, _aegis_policy_v1_ListPolicySetsRequest, _aegis_policy_v1_ListPolicySetsResponse>
  ListPolicyVersions: MethodDefinition<_aegis_policy_v1_ListPolicyVersionsRequestInput, _aegis_policy_v1_ListPoliciesResponseInput, _aegis_policy_v1_ListPolicyVersionsRequest, _aegis_policy_v1_ListPoliciesResponse>
  ListWalletTransactions: MethodDefinition<_aegis_policy_v1_ListWalletTransactionsRequestInput, _aegis_policy_v1_ListWalletTransactionsResponseInput, _aegis_policy_v1_ListWalletTransactionsRequest, _aegis_policy_v1_ListWalletTransactionsResponse>
  PutBudgets: MethodDefinition<_aegis_policy_v1_PutBudgetsRequestInput, _aegis_policy_v1_ListBudgetsResponseInput, _aegis_policy_v1_PutBudgetsRequest, _aegis_policy_v1_ListBudgetsResponse>
  PutFxRates: MethodDefinition<_aegis_policy_v1_PutFxRatesRequestInput, _aegis_policy_v1_PutFxRatesResponseInput, _aegis_policy_v1_PutFxRatesRequest, _aegis_policy_v1_PutFxRatesResponse>
  PutOrganization: MethodDefinition<_aegis_policy_v1_PutOrganizationRequestInput, _aegis_policy_v1_OrganizationInput, _aegis_policy_v1_PutOrganizationRequest, _aegis_policy_v1_Organization>
  SetAgentStatus: MethodDefinition<_aegis_policy_v1_SetAgentStatusRequestInput, _aegis_policy_v1_AgentInput, _aegis_policy_v1_SetAgentStatusRequest, _aegis_policy_v1_Agent>
  SimulateIntent: MethodDefinition<_aegis_policy_v1_SimulateIntentRequestInput, _aegis_policy_v1_SimulateIntentResponseInput, _aegis_policy_v1_SimulateIntentRequest, _aegis_policy_v1_SimulateIntentResponse>
  SimulateWindow: MethodDefinition<_aegis_policy_v1_SimulateWindowRequestInput, _aegis_policy_v1_SimulateWindowProgressInput, _aegis_policy_v1_SimulateWindowRequest, _aegis_policy_v1_SimulateWindowProgress>
  UpdateAgent: MethodDefinition<_aegis_policy_v1_UpdateAgentRequestInput, _aegis_policy_v1_AgentInput, _aegis_policy_v1_UpdateAgentRequest, _aegis_policy_v1_Agent>
  UpdatePolicy: MethodDefinition<_aegis_policy_v1_UpdatePolicyRequestInput, _aegis_policy_v1_PolicyInput, _aegis_policy_v1_UpdatePolicyRequest, _aegis_policy_v1_Policy>
  VerifyDecisions: MethodDefinition<_aegis_policy_v1_VerifyDecisionsRequestInput, _aegis_policy_v1_VerifyDecisionsProgressInput, _aegis_policy_v1_VerifyDecisionsRequest, _aegis_policy_v1_VerifyDecisionsProgress>
}
