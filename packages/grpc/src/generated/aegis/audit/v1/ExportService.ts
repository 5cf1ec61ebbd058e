// Original file: aegis/audit/v1/exports.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AuditSettingsInput as _aegis_audit_v1_AuditSettingsInput, AuditSettings as _aegis_audit_v1_AuditSettings } from '../../../aegis/audit/v1/AuditSettings.ts';
import type { ExportAgainRequestInput as _aegis_audit_v1_ExportAgainRequestInput, ExportAgainRequest as _aegis_audit_v1_ExportAgainRequest } from '../../../aegis/audit/v1/ExportAgainRequest.ts';
import type { ExportCallerRequestInput as _aegis_audit_v1_ExportCallerRequestInput, ExportCallerRequest as _aegis_audit_v1_ExportCallerRequest } from '../../../aegis/audit/v1/ExportCallerRequest.ts';
import type { ExportChunkInput as _aegis_audit_v1_ExportChunkInput, ExportChunk as _aegis_audit_v1_ExportChunk } from '../../../aegis/audit/v1/ExportChunk.ts';
import type { ListExportsRequestInput as _aegis_audit_v1_ListExportsRequestInput, ListExportsRequest as _aegis_audit_v1_ListExportsRequest } from '../../../aegis/audit/v1/ListExportsRequest.ts';
import type { ListExportsResponseInput as _aegis_audit_v1_ListExportsResponseInput, ListExportsResponse as _aegis_audit_v1_ListExportsResponse } from '../../../aegis/audit/v1/ListExportsResponse.ts';
import type { ManifestKeyInput as _aegis_audit_v1_ManifestKeyInput, ManifestKey as _aegis_audit_v1_ManifestKey } from '../../../aegis/audit/v1/ManifestKey.ts';
import type { PutSettingsRequestInput as _aegis_audit_v1_PutSettingsRequestInput, PutSettingsRequest as _aegis_audit_v1_PutSettingsRequest } from '../../../aegis/audit/v1/PutSettingsRequest.ts';

/**
 * Exports that were made, and what they are made with.
 */
export interface ExportServiceClient extends grpc.Client {
  /**
   * The same bytes once more, from one of them on.
   */
  ExportAgain(argument: _aegis_audit_v1_ExportAgainRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_audit_v1_ExportChunk>;
  ExportAgain(argument: _aegis_audit_v1_ExportAgainRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_audit_v1_ExportChunk>;
  /**
   * The same bytes once more, from one of them on.
   */
  exportAgain(argument: _aegis_audit_v1_ExportAgainRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_audit_v1_ExportChunk>;
  exportAgain(argument: _aegis_audit_v1_ExportAgainRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_aegis_audit_v1_ExportChunk>;
  
  /**
   * The public key that manifests are signed with.
   */
  GetManifestKey(argument: _aegis_audit_v1_ExportCallerRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ManifestKey>): grpc.ClientUnaryCall;
  GetManifestKey(argument: _aegis_audit_v1_ExportCallerRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ManifestKey>): grpc.ClientUnaryCall;
  GetManifestKey(argument: _aegis_audit_v1_ExportCallerRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ManifestKey>): grpc.ClientUnaryCall;
  GetManifestKey(argument: _aegis_audit_v1_ExportCallerRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ManifestKey>): grpc.ClientUnaryCall;
  /**
   * The public key that manifests are signed with.
   */
  getManifestKey(argument: _aegis_audit_v1_ExportCallerRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ManifestKey>): grpc.ClientUnaryCall;
  getManifestKey(argument: _aegis_audit_v1_ExportCallerRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ManifestKey>): grpc.ClientUnaryCall;
  getManifestKey(argument: _aegis_audit_v1_ExportCallerRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ManifestKey>): grpc.ClientUnaryCall;
  getManifestKey(argument: _aegis_audit_v1_ExportCallerRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ManifestKey>): grpc.ClientUnaryCall;
  
  GetSettings(argument: _aegis_audit_v1_ExportCallerRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  GetSettings(argument: _aegis_audit_v1_ExportCallerRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  GetSettings(argument: _aegis_audit_v1_ExportCallerRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  GetSettings(argument: _aegis_audit_v1_ExportCallerRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  getSettings(argument: _aegis_audit_v1_ExportCallerRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  getSettings(argument: _aegis_audit_v1_ExportCallerRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  getSettings(argument: _aegis_audit_v1_ExportCallerRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  getSettings(argument: _aegis_audit_v1_ExportCallerRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  
  ListExports(argument: _aegis_audit_v1_ListExportsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListExportsResponse>): grpc.ClientUnaryCall;
  ListExports(argument: _aegis_audit_v1_ListExportsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListExportsResponse>): grpc.ClientUnaryCall;
  ListExports(argument: _aegis_audit_v1_ListExportsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListExportsResponse>): grpc.ClientUnaryCall;
  ListExports(argument: _aegis_audit_v1_ListExportsRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListExportsResponse>): grpc.ClientUnaryCall;
  listExports(argument: _aegis_audit_v1_ListExportsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListExportsResponse>): grpc.ClientUnaryCall;
  listExports(argument: _aegis_audit_v1_ListExportsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListExportsResponse>): grpc.ClientUnaryCall;
  listExports(argument: _aegis_audit_v1_ListExportsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListExportsResponse>): grpc.ClientUnaryCall;
  listExports(argument: _aegis_audit_v1_ListExportsRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListExportsResponse>): grpc.ClientUnaryCall;
  
  /**
   * Replaces the settings.
   */
  PutSettings(argument: _aegis_audit_v1_PutSettingsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  PutSettings(argument: _aegis_audit_v1_PutSettingsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  PutSettings(argument: _aegis_audit_v1_PutSettingsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  PutSettings(argument: _aegis_audit_v1_PutSettingsRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  /**
   * Replaces the settings.
   */
  putSettings(argument: _aegis_audit_v1_PutSettingsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  putSettings(argument: _aegis_audit_v1_PutSettingsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  putSettings(argument: _aegis_audit_v1_PutSettingsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  putSettings(argument: _aegis_audit_v1_PutSettingsRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_AuditSettings>): grpc.ClientUnaryCall;
  
}

/**
 * Exports that were made, and what they are made with.
 */
export interface ExportServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The same bytes once more, from one of them on.
   */
  ExportAgain: grpc.handleServerStreamingCall<_aegis_audit_v1_ExportAgainRequest, _aegis_audit_v1_ExportChunkInput>;
  
  /**
   * The public key that manifests are signed with.
   */
  GetManifestKey: grpc.handleUnaryCall<_aegis_audit_v1_ExportCallerRequest, _aegis_audit_v1_ManifestKeyInput>;
  
  GetSettings: grpc.handleUnaryCall<_aegis_audit_v1_ExportCallerRequest, _aegis_audit_v1_AuditSettingsInput>;
  
  ListExports: grpc.handleUnaryCall<_aegis_audit_v1_ListExportsRequest, _aegis_audit_v1_ListExportsResponseInput>;
  
  /**
   * Replaces the settings.
   */
  PutSettings: grpc.handleUnaryCall<_aegis_audit_v1_PutSettingsRequest, _aegis_audit_v1_AuditSettingsInput>;
  
}

export interface ExportServiceDefinition extends grpc.ServiceDefinition {
  ExportAgain: MethodDefinition<_aegis_audit_v1_ExportAgainRequestInput, _aegis_audit_v1_ExportChunkInput, _aegis_audit_v1_ExportAgainRequest, _aegis_audit_v1_ExportChunk>
  GetManifestKey: MethodDefinition<_aegis_audit_v1_ExportCallerRequestInput, _aegis_audit_v1_ManifestKeyInput, _aegis_audit_v1_ExportCallerRequest, _aegis_audit_v1_ManifestKey>
  GetSettings: MethodDefinition<_aegis_audit_v1_ExportCallerRequestInput, _aegis_audit_v1_AuditSettingsInput, _aegis_audit_v1_ExportCallerRequest, _aegis_audit_v1_AuditSettings>
  ListExports: MethodDefinition<_aegis_audit_v1_ListExportsRequestInput, _aegis_audit_v1_ListExportsResponseInput, _aegis_audit_v1_ListExportsRequest, _aegis_audit_v1_ListExportsResponse>
  PutSettings: MethodDefinition<_aegis_audit_v1_PutSettingsRequestInput, _aegis_audit_v1_AuditSettingsInput, _aegis_audit_v1_PutSettingsRequest, _aegis_audit_v1_AuditSettings>
}
