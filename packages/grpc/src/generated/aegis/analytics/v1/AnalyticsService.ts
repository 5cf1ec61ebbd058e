// Original file: aegis/analytics/v1/analytics.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ApprovalTimesInput as _aegis_analytics_v1_ApprovalTimesInput, ApprovalTimes as _aegis_analytics_v1_ApprovalTimes } from '../../../aegis/analytics/v1/ApprovalTimes.ts';
import type { GetApprovalTimesRequestInput as _aegis_analytics_v1_GetApprovalTimesRequestInput, GetApprovalTimesRequest as _aegis_analytics_v1_GetApprovalTimesRequest } from '../../../aegis/analytics/v1/GetApprovalTimesRequest.ts';
import type { GetSpendRequestInput as _aegis_analytics_v1_GetSpendRequestInput, GetSpendRequest as _aegis_analytics_v1_GetSpendRequest } from '../../../aegis/analytics/v1/GetSpendRequest.ts';
import type { SpendInput as _aegis_analytics_v1_SpendInput, Spend as _aegis_analytics_v1_Spend } from '../../../aegis/analytics/v1/Spend.ts';

/**
 * What was spent and how people decided, from ClickHouse.
 */
export interface AnalyticsServiceClient extends grpc.Client {
  GetApprovalTimes(argument: _aegis_analytics_v1_GetApprovalTimesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_analytics_v1_ApprovalTimes>): grpc.ClientUnaryCall;
  GetApprovalTimes(argument: _aegis_analytics_v1_GetApprovalTimesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_analytics_v1_ApprovalTimes>): grpc.ClientUnaryCall;
  GetApprovalTimes(argument: _aegis_analytics_v1_GetApprovalTimesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_analytics_v1_ApprovalTimes>): grpc.ClientUnaryCall;
  GetApprovalTimes(argument: _aegis_analytics_v1_GetApprovalTimesRequestInput, callback: grpc.requestCallback<_aegis_analytics_v1_ApprovalTimes>): grpc.ClientUnaryCall;
  getApprovalTimes(argument: _aegis_analytics_v1_GetApprovalTimesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_analytics_v1_ApprovalTimes>): grpc.ClientUnaryCall;
  getApprovalTimes(argument: _aegis_analytics_v1_GetApprovalTimesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_analytics_v1_ApprovalTimes>): grpc.ClientUnaryCall;
  getApprovalTimes(argument: _aegis_analytics_v1_GetApprovalTimesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_analytics_v1_ApprovalTimes>): grpc.ClientUnaryCall;
  getApprovalTimes(argument: _aegis_analytics_v1_GetApprovalTimesRequestInput, callback: grpc.requestCallback<_aegis_analytics_v1_ApprovalTimes>): grpc.ClientUnaryCall;
  
  GetSpend(argument: _aegis_analytics_v1_GetSpendRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_analytics_v1_Spend>): grpc.ClientUnaryCall;
  GetSpend(argument: _aegis_analytics_v1_GetSpendRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_analytics_v1_Spend>): grpc.ClientUnaryCall;
  GetSpend(argument: _aegis_analytics_v1_GetSpendRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_analytics_v1_Spend>): grpc.ClientUnaryCall;
  GetSpend(argument: _aegis_analytics_v1_GetSpendRequestInput, callback: grpc.requestCallback<_aegis_analytics_v1_Spend>): grpc.ClientUnaryCall;
  getSpend(argument: _aegis_analytics_v1_GetSpendRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_analytics_v1_Spend>): grpc.ClientUnaryCall;
  getSpend(argument: _aegis_analytics_v1_GetSpendRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_analytics_v1_Spend>): grpc.ClientUnaryCall;
  getSpend(argument: _aegis_analytics_v1_GetSpendRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_analytics_v1_Spend>): grpc.ClientUnaryCall;
  getSpend(argument: _aegis_analytics_v1_GetSpendRequestInput, callback: grpc.requestCallback<_aegis_analytics_v1_Spend>): grpc.ClientUnaryCall;
  
}

/**
 * What was spent and how people decided, from ClickHouse.
 */
export interface AnalyticsServiceHandlers extends grpc.UntypedServiceImplementation {
  GetApprovalTimes: grpc.handleUnaryCall<_aegis_analytics_v1_GetApprovalTimesRequest, _aegis_analytics_v1_ApprovalTimesInput>;
  
  GetSpend: grpc.handleUnaryCall<_aegis_analytics_v1_GetSpendRequest, _aegis_analytics_v1_SpendInput>;
  
}

export interface AnalyticsServiceDefinition extends grpc.ServiceDefinition {
  GetApprovalTimes: MethodDefinition<_aegis_analytics_v1_GetApprovalTimesRequestInput, _aegis_analytics_v1_ApprovalTimesInput, _aegis_analytics_v1_GetApprovalTimesRequest, _aegis_analytics_v1_ApprovalTimes>
  GetSpend: MethodDefinition<_aegis_analytics_v1_GetSpendRequestInput, _aegis_analytics_v1_SpendInput, _aegis_analytics_v1_GetSpendRequest, _aegis_analytics_v1_Spend>
}
