// Original file: aegis/audit/v1/audit.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ExportChunkInput as _aegis_audit_v1_ExportChunkInput, ExportChunk as _aegis_audit_v1_ExportChunk } from '../../../aegis/audit/v1/ExportChunk.ts';
import type { ExportRequestInput as _aegis_audit_v1_ExportRequestInput, ExportRequest as _aegis_audit_v1_ExportRequest } from '../../../aegis/audit/v1/ExportRequest.ts';
import type { ListEntriesRequestInput as _aegis_audit_v1_ListEntriesRequestInput, ListEntriesRequest as _aegis_audit_v1_ListEntriesRequest } from '../../../aegis/audit/v1/ListEntriesRequest.ts';
import type { ListEntriesResponseInput as _aegis_audit_v1_ListEntriesResponseInput, ListEntriesResponse as _aegis_audit_v1_ListEntriesResponse } from '../../../aegis/audit/v1/ListEntriesResponse.ts';
import type { ListForIntentRequestInput as _aegis_audit_v1_ListForIntentRequestInput, ListForIntentRequest as _aegis_audit_v1_ListForIntentRequest } from '../../../aegis/audit/v1/ListForIntentRequest.ts';
import type { ListForIntentResponseInput as _aegis_audit_v1_ListForIntentResponseInput, ListForIntentResponse as _aegis_audit_v1_ListForIntentResponse } from '../../../aegis/audit/v1/ListForIntentResponse.ts';
import type { ListTimelineRequestInput as _aegis_audit_v1_ListTimelineRequestInput, ListTimelineRequest as _aegis_audit_v1_ListTimelineRequest } from '../../../aegis/audit/v1/ListTimelineRequest.ts';
import type { VerifyProgressInput as _aegis_audit_v1_VerifyProgressInput, VerifyProgress as _aegis_audit_v1_VerifyProgress } from '../../../aegis/audit/v1/VerifyProgress.ts';
import type { VerifyRequestInput as _aegis_audit_v1_VerifyRequestInput, VerifyRequest as _aegis_audit_v1_VerifyRequest } from '../../../aegis/audit/v1/VerifyRequest.ts';

/**
 * The organisation's hash-chained log.
 */
export interface AuditServiceClient extends grpc.Client {
  /**
   * The file's bytes in order. The first message arrives only after the chain was checked and export.requested stands
   * in the log.
   */
  Export(argument: _aegis_audit_v1_ExportRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_audit_v1_ExportChunk>;
  Export(argument: _aegis_audit_v1_ExportRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_audit_v1_ExportChunk>;
  /**
   * The file's bytes in order. The first message arrives only after the chain was checked and export.requested stands
   * in the log.
   */
  export(argument: _aegis_audit_v1_ExportRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_audit_v1_ExportChunk>;
  export(argument: _aegis_audit_v1_ExportRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_audit_v1_ExportChunk>;
  
  ListEntries(argument: _aegis_audit_v1_ListEntriesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  ListEntries(argument: _aegis_audit_v1_ListEntriesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  ListEntries(argument: _aegis_audit_v1_ListEntriesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  ListEntries(argument: _aegis_audit_v1_ListEntriesRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  listEntries(argument: _aegis_audit_v1_ListEntriesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  listEntries(argument: _aegis_audit_v1_ListEntriesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  listEntries(argument: _aegis_audit_v1_ListEntriesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  listEntries(argument: _aegis_audit_v1_ListEntriesRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  
  ListForIntent(argument: _aegis_audit_v1_ListForIntentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListForIntentResponse>): grpc.ClientUnaryCall;
  ListForIntent(argument: _aegis_audit_v1_ListForIntentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListForIntentResponse>): grpc.ClientUnaryCall;
  ListForIntent(argument: _aegis_audit_v1_ListForIntentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListForIntentResponse>): grpc.ClientUnaryCall;
  ListForIntent(argument: _aegis_audit_v1_ListForIntentRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListForIntentResponse>): grpc.ClientUnaryCall;
  listForIntent(argument: _aegis_audit_v1_ListForIntentRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListForIntentResponse>): grpc.ClientUnaryCall;
  listForIntent(argument: _aegis_audit_v1_ListForIntentRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListForIntentResponse>): grpc.ClientUnaryCall;
  listForIntent(argument: _aegis_audit_v1_ListForIntentRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListForIntentResponse>): grpc.ClientUnaryCall;
  listForIntent(argument: _aegis_audit_v1_ListForIntentRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListForIntentResponse>): grpc.ClientUnaryCall;
  
  /**
   * The entries about one intent, in the order in which they happened. not_found when there is none.
   */
  ListTimeline(argument: _aegis_audit_v1_ListTimelineRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  ListTimeline(argument: _aegis_audit_v1_ListTimelineRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  ListTimeline(argument: _aegis_audit_v1_ListTimelineRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  ListTimeline(argument: _aegis_audit_v1_ListTimelineRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  /**
   * The entries about one intent, in the order in which they happened. not_found when there is none.
   */
  listTimeline(argument: _aegis_audit_v1_ListTimelineRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  listTimeline(argument: _aegis_audit_v1_ListTimelineRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  listTimeline(argument: _aegis_audit_v1_ListTimelineRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  listTimeline(argument: _aegis_audit_v1_ListTimelineRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListEntriesResponse>): grpc.ClientUnaryCall;
  
  /**
   * Reads the whole chain again and recomputes every checksum; progress arrives as it goes, the result last.
   */
  Verify(argument: _aegis_audit_v1_VerifyRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_audit_v1_VerifyProgress>;
  Verify(argument: _aegis_audit_v1_VerifyRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_audit_v1_VerifyProgress>;
  /**
   * Reads the whole chain again and recomputes every checksum; progress arrives as it goes, the result last.
   */
  verify(argument: _aegis_audit_v1_VerifyRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_audit_v1_VerifyProgress>;
  verify(argument: _aegis_audit_v1_VerifyRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_audit_v1_VerifyProgress>;
  
}

/**
 * The organisation's hash-chained log.
 */
export interface AuditServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The file's bytes in order. The first message arrives only after the chain was checked and export.requested stands
   * in the log.
   */
  Export: grpc.handleServerStreamingCall<_aegis_audit_v1_ExportRequest, _aegis_audit_v1_ExportChunkInput>;
  
  ListEntries: grpc.handleUnaryCall<_aegis_audit_v1_ListEntriesRequest, _aegis_audit_v1_ListEntriesResponseInput>;
  
  ListForIntent: grpc.handleUnaryCall<_aegis_audit_v1_ListForIntentRequest, _aegis_audit_v1_ListForIntentResponseInput>;
  
  /**
   * The entries about one intent, in the order in which they happened. not_found when there is none.
   */
  ListTimeline: grpc.handleUnaryCall<_aegis_audit_v1_ListTimelineRequest, _aegis_audit_v1_ListEntriesResponseInput>;
  
  /**
   * Reads the whole chain again and recomputes every checksum; progress arrives as it goes, the result last.
   */
  Verify: grpc.handleServerStreamingCall<_aegis_audit_v1_VerifyRequest, _aegis_audit_v1_VerifyProgressInput>;
  
}

export interface AuditServiceDefinition extends grpc.ServiceDefinition {
  Export: MethodDefinition<_aegis_audit_v1_ExportRequestInput, _aegis_audit_v1_ExportChunkInput, _aegis_audit_v1_ExportRequest, _aegis_audit_v1_ExportChunk>
  ListEntries: MethodDefinition<_aegis_audit_v1_ListEntriesRequestInput, _aegis_audit_v1_ListEntriesResponseInput, _aegis_audit_v1_ListEntriesRequest, _aegis_audit_v1_ListEntriesResponse>
  ListForIntent: MethodDefinition<_aegis_audit_v1_ListForIntentRequestInput, _aegis_audit_v1_ListForIntentResponseInput, _aegis_audit_v1_ListForIntentRequest, _aegis_audit_v1_ListForIntentResponse>
  ListTimeline: MethodDefinition<_aegis_audit_v1_ListTimelineRequestInput, _aegis_audit_v1_ListEntriesResponseInput, _aegis_audit_v1_ListTimelineRequest, _aegis_audit_v1_ListEntriesResponse>
  Verify: MethodDefinition<_aegis_audit_v1_VerifyRequestInput, _aegis_audit_v1_VerifyProgressInput, _aegis_audit_v1_VerifyRequest, _aegis_audit_v1_VerifyProgress>
}
