// Original file: aegis/approval/v1/approval.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ApprovalInput as _aegis_approval_v1_ApprovalInput, Approval as _aegis_approval_v1_Approval } from '../../../aegis/approval/v1/Approval.ts';
import type { ListApprovalsRequestInput as _aegis_approval_v1_ListApprovalsRequestInput, ListApprovalsRequest as _aegis_approval_v1_ListApprovalsRequest } from '../../../aegis/approval/v1/ListApprovalsRequest.ts';
import type { ListApprovalsResponseInput as _aegis_approval_v1_ListApprovalsResponseInput, ListApprovalsResponse as _aegis_approval_v1_ListApprovalsResponse } from '../../../aegis/approval/v1/ListApprovalsResponse.ts';
import type { ListForIntentRequestInput as _aegis_approval_v1_ListForIntentRequestInput, ListForIntentRequest as _aegis_approval_v1_ListForIntentRequest } from '../../../aegis/approval/v1/ListForIntentRequest.ts';
import type { RespondRequestInput as _aegis_approval_v1_RespondRequestInput, RespondRequest as _aegis_approval_v1_RespondRequest } from '../../../aegis/approval/v1/RespondRequest.ts';

/**
 * Requests that people answer.
 */
export interface ApprovalServiceClient extends grpc.Client {
  /**
   * Requests assigned to the person or to one of their roles: open ones by expiry ascending, others the latest first.
   */
  ListApprovals(argument: _aegis_approval_v1_ListApprovalsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  ListApprovals(argument: _aegis_approval_v1_ListApprovalsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  ListApprovals(argument: _aegis_approval_v1_ListApprovalsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  ListApprovals(argument: _aegis_approval_v1_ListApprovalsRequestInput, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  /**
   * Requests assigned to the person or to one of their roles: open ones by expiry ascending, others the latest first.
   */
  listApprovals(argument: _aegis_approval_v1_ListApprovalsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  listApprovals(argument: _aegis_approval_v1_ListApprovalsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  listApprovals(argument: _aegis_approval_v1_ListApprovalsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  listApprovals(argument: _aegis_approval_v1_ListApprovalsRequestInput, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  
  ListForIntent(argument: _aegis_approval_v1_ListForIntentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  ListForIntent(argument: _aegis_approval_v1_ListForIntentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  ListForIntent(argument: _aegis_approval_v1_ListForIntentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  ListForIntent(argument: _aegis_approval_v1_ListForIntentRequestInput, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  listForIntent(argument: _aegis_approval_v1_ListForIntentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  listForIntent(argument: _aegis_approval_v1_ListForIntentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  listForIntent(argument: _aegis_approval_v1_ListForIntentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  listForIntent(argument: _aegis_approval_v1_ListForIntentRequestInput, callback: grpc.requestCallback<_aegis_approval_v1_ListApprovalsResponse>): grpc.ClientUnaryCall;
  
  /**
   * Records one person's answer; the answer that completes the quorum, or the first rejection, resolves the request.
   */
  Respond(argument: _aegis_approval_v1_RespondRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_approval_v1_Approval>): grpc.ClientUnaryCall;
  Respond(argument: _aegis_approval_v1_RespondRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_approval_v1_Approval>): grpc.ClientUnaryCall;
  Respond(argument: _aegis_approval_v1_RespondRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_approval_v1_Approval>): grpc.ClientUnaryCall;
  Respond(argument: _aegis_approval_v1_RespondRequestInput, callback: grpc.requestCallback<_aegis_approval_v1_Approval>): grpc.ClientUnaryCall;
  /**
   * Records one person's answer; the answer that completes the quorum, or the first rejection, resolves the request.
   */
  respond(argument: _aegis_approval_v1_RespondRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_approval_v1_Approval>): grpc.ClientUnaryCall;
  respond(argument: _aegis_approval_v1_RespondRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_approval_v1_Approval>): grpc.ClientUnaryCall;
  respond(argument: _aegis_approval_v1_RespondRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_approval_v1_Approval>): grpc.ClientUnaryCall;
  respond(argument: _aegis_approval_v1_RespondRequestInput, callback: grpc.requestCallback<_aegis_approval_v1_Approval>): grpc.ClientUnaryCall;
  
}

/**
 * Requests that people answer.
 */
export interface ApprovalServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Requests assigned to the person or to one of their roles: open ones by expiry ascending, others the latest first.
   */
  ListApprovals: grpc.handleUnaryCall<_aegis_approval_v1_ListApprovalsRequest, _aegis_approval_v1_ListApprovalsResponseInput>;
  
  ListForIntent: grpc.handleUnaryCall<_aegis_approval_v1_ListForIntentRequest, _aegis_approval_v1_ListApprovalsResponseInput>;
  
  /**
   * Records one person's answer; the answer that completes the quorum, or the first rejection, resolves the request.
   */
  Respond: grpc.handleUnaryCall<_aegis_approval_v1_RespondRequest, _aegis_approval_v1_ApprovalInput>;
  
}

export interface ApprovalServiceDefinition extends grpc.ServiceDefinition {
  ListApprovals: MethodDefinition<_aegis_approval_v1_ListApprovalsRequestInput, _aegis_approval_v1_ListApprovalsResponseInput, _aegis_approval_v1_ListApprovalsRequest, _aegis_approval_v1_ListApprovalsResponse>
  ListForIntent: MethodDefinition<_aegis_approval_v1_ListForIntentRequestInput, _aegis_approval_v1_ListApprovalsResponseInput, _aegis_approval_v1_ListForIntentRequest, _aegis_approval_v1_ListApprovalsResponse>
  Respond: MethodDefinition<_aegis_approval_v1_RespondRequestInput, _aegis_approval_v1_ApprovalInput, _aegis_approval_v1_RespondRequest, _aegis_approval_v1_Approval>
}
