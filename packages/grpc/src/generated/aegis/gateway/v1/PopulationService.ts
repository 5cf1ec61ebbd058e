// Original file: aegis/gateway/v1/populations.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetIntentsRequestInput as _aegis_gateway_v1_GetIntentsRequestInput, GetIntentsRequest as _aegis_gateway_v1_GetIntentsRequest } from '../../../aegis/gateway/v1/GetIntentsRequest.ts';
import type { IntentPageInput as _aegis_gateway_v1_IntentPageInput, IntentPage as _aegis_gateway_v1_IntentPage } from '../../../aegis/gateway/v1/IntentPage.ts';
import type { ListIntentsRequestInput as _aegis_gateway_v1_ListIntentsRequestInput, ListIntentsRequest as _aegis_gateway_v1_ListIntentsRequest } from '../../../aegis/gateway/v1/ListIntentsRequest.ts';

/**
 * What the operational database holds, for comparing it with the log: an export's control totals stand beside these.
 */
export interface PopulationServiceClient extends grpc.Client {
  /**
   * These as they stand now; one that does not exist is missing from the answer.
   */
  GetIntents(argument: _aegis_gateway_v1_GetIntentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_gateway_v1_IntentPage>): grpc.ClientUnaryCall;
  GetIntents(argument: _aegis_gateway_v1_GetIntentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_gateway_v1_IntentPage>): grpc.ClientUnaryCall;
  GetIntents(argument: _aegis_gateway_v1_GetIntentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_gateway_v1_IntentPage>): grpc.ClientUnaryCall;
  GetIntents(argument: _aegis_gateway_v1_GetIntentsRequestInput, callback: grpc.requestCallback<_aegis_gateway_v1_IntentPage>): grpc.ClientUnaryCall;
  /**
   * These as they stand now; one that does not exist is missing from the answer.
   */
  getIntents(argument: _aegis_gateway_v1_GetIntentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_gateway_v1_IntentPage>): grpc.ClientUnaryCall;
  getIntents(argument: _aegis_gateway_v1_GetIntentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_gateway_v1_IntentPage>): grpc.ClientUnaryCall;
  getIntents(argument: _aegis_gateway_v1_GetIntentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_gateway_v1_IntentPage>): grpc.ClientUnaryCall;
  getIntents(argument: _aegis_gateway_v1_GetIntentsRequestInput, callback: grpc.requestCallback<_aegis_gateway_v1_IntentPage>): grpc.ClientUnaryCall;
  
  /**
   * The intents created in a range of time, oldest first, in pages.
   */
  ListIntents(argument: _aegis_gateway_v1_ListIntentsRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_gateway_v1_IntentPage>;
  ListIntents(argument: _aegis_gateway_v1_ListIntentsRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_gateway_v1_IntentPage>;
  /**
   * The intents created in a range of time, oldest first, in pages.
   */
  listIntents(argument: _aegis_gateway_v1_ListIntentsRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_gateway_v1_IntentPage>;
  listIntents(argument: _aegis_gateway_v1_ListIntentsRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_gateway_v1_IntentPage>;
  
}

/**
 * What the operational database holds, for comparing it with the log: an export's control totals stand beside these.
 */
export interface PopulationServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * These as they stand now; one that does not exist is missing from the answer.
   */
  GetIntents: grpc.handleUnaryCall<_aegis_gateway_v1_GetIntentsRequest, _aegis_gateway_v1_IntentPageInput>;
  
  /**
   * The intents created in a range of time, oldest first, in pages.
   */
  ListIntents: grpc.handleServerStreamingCall<_aegis_gateway_v1_ListIntentsRequest, _aegis_gateway_v1_IntentPageInput>;
  
}

export interface PopulationServiceDefinition extends grpc.ServiceDefinition {
  GetIntents: MethodDefinition<_aegis_gateway_v1_GetIntentsRequestInput, _aegis_gateway_v1_IntentPageInput, _aegis_gateway_v1_GetIntentsRequest, _aegis_gateway_v1_IntentPage>
  ListIntents: MethodDefinition<_aegis_gateway_v1_ListIntentsRequestInput, _aegis_gateway_v1_IntentPageInput, _aegis_gateway_v1_ListIntentsRequest, _aegis_gateway_v1_IntentPage>
}
