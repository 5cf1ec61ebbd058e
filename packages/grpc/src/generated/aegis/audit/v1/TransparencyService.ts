// Original file: aegis/audit/v1/transparency.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CheckpointInput as _aegis_audit_v1_CheckpointInput, Checkpoint as _aegis_audit_v1_Checkpoint } from '../../../aegis/audit/v1/Checkpoint.ts';
import type { ConsistencyProofInput as _aegis_audit_v1_ConsistencyProofInput, ConsistencyProof as _aegis_audit_v1_ConsistencyProof } from '../../../aegis/audit/v1/ConsistencyProof.ts';
import type { GetTileRequestInput as _aegis_audit_v1_GetTileRequestInput, GetTileRequest as _aegis_audit_v1_GetTileRequest } from '../../../aegis/audit/v1/GetTileRequest.ts';
import type { InclusionProofInput as _aegis_audit_v1_InclusionProofInput, InclusionProof as _aegis_audit_v1_InclusionProof } from '../../../aegis/audit/v1/InclusionProof.ts';
import type { ListKeysResponseInput as _aegis_audit_v1_ListKeysResponseInput, ListKeysResponse as _aegis_audit_v1_ListKeysResponse } from '../../../aegis/audit/v1/ListKeysResponse.ts';
import type { LogRequestInput as _aegis_audit_v1_LogRequestInput, LogRequest as _aegis_audit_v1_LogRequest } from '../../../aegis/audit/v1/LogRequest.ts';
import type { ProveConsistencyRequestInput as _aegis_audit_v1_ProveConsistencyRequestInput, ProveConsistencyRequest as _aegis_audit_v1_ProveConsistencyRequest } from '../../../aegis/audit/v1/ProveConsistencyRequest.ts';
import type { ProveInclusionRequestInput as _aegis_audit_v1_ProveInclusionRequestInput, ProveInclusionRequest as _aegis_audit_v1_ProveInclusionRequest } from '../../../aegis/audit/v1/ProveInclusionRequest.ts';
import type { TileInput as _aegis_audit_v1_TileInput, Tile as _aegis_audit_v1_Tile } from '../../../aegis/audit/v1/Tile.ts';

/**
 * The organisation's log as a transparency log: signed tree heads, proofs, and tiles (c2sp.org/tlog-tiles).
 */
export interface TransparencyServiceClient extends grpc.Client {
  /**
   * The tree head as it is now, signed if the log has grown since the last one.
   */
  GetCheckpoint(argument: _aegis_audit_v1_LogRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Checkpoint>): grpc.ClientUnaryCall;
  GetCheckpoint(argument: _aegis_audit_v1_LogRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_Checkpoint>): grpc.ClientUnaryCall;
  GetCheckpoint(argument: _aegis_audit_v1_LogRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Checkpoint>): grpc.ClientUnaryCall;
  GetCheckpoint(argument: _aegis_audit_v1_LogRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_Checkpoint>): grpc.ClientUnaryCall;
  /**
   * The tree head as it is now, signed if the log has grown since the last one.
   */
  getCheckpoint(argument: _aegis_audit_v1_LogRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Checkpoint>): grpc.ClientUnaryCall;
  getCheckpoint(argument: _aegis_audit_v1_LogRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_Checkpoint>): grpc.ClientUnaryCall;
  getCheckpoint(argument: _aegis_audit_v1_LogRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Checkpoint>): grpc.ClientUnaryCall;
  getCheckpoint(argument: _aegis_audit_v1_LogRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_Checkpoint>): grpc.ClientUnaryCall;
  
  GetTile(argument: _aegis_audit_v1_GetTileRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Tile>): grpc.ClientUnaryCall;
  GetTile(argument: _aegis_audit_v1_GetTileRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_Tile>): grpc.ClientUnaryCall;
  GetTile(argument: _aegis_audit_v1_GetTileRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Tile>): grpc.ClientUnaryCall;
  GetTile(argument: _aegis_audit_v1_GetTileRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_Tile>): grpc.ClientUnaryCall;
  getTile(argument: _aegis_audit_v1_GetTileRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Tile>): grpc.ClientUnaryCall;
  getTile(argument: _aegis_audit_v1_GetTileRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_Tile>): grpc.ClientUnaryCall;
  getTile(argument: _aegis_audit_v1_GetTileRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_Tile>): grpc.ClientUnaryCall;
  getTile(argument: _aegis_audit_v1_GetTileRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_Tile>): grpc.ClientUnaryCall;
  
  ListKeys(argument: _aegis_audit_v1_LogRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  ListKeys(argument: _aegis_audit_v1_LogRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  ListKeys(argument: _aegis_audit_v1_LogRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  ListKeys(argument: _aegis_audit_v1_LogRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  listKeys(argument: _aegis_audit_v1_LogRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  listKeys(argument: _aegis_audit_v1_LogRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  listKeys(argument: _aegis_audit_v1_LogRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  listKeys(argument: _aegis_audit_v1_LogRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  
  ProveConsistency(argument: _aegis_audit_v1_ProveConsistencyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ConsistencyProof>): grpc.ClientUnaryCall;
  ProveConsistency(argument: _aegis_audit_v1_ProveConsistencyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ConsistencyProof>): grpc.ClientUnaryCall;
  ProveConsistency(argument: _aegis_audit_v1_ProveConsistencyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ConsistencyProof>): grpc.ClientUnaryCall;
  ProveConsistency(argument: _aegis_audit_v1_ProveConsistencyRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ConsistencyProof>): grpc.ClientUnaryCall;
  proveConsistency(argument: _aegis_audit_v1_ProveConsistencyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ConsistencyProof>): grpc.ClientUnaryCall;
  proveConsistency(argument: _aegis_audit_v1_ProveConsistencyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ConsistencyProof>): grpc.ClientUnaryCall;
  proveConsistency(argument: _aegis_audit_v1_ProveConsistencyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ConsistencyProof>): grpc.ClientUnaryCall;
  proveConsistency(argument: _aegis_audit_v1_ProveConsistencyRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ConsistencyProof>): grpc.ClientUnaryCall;
  
  ProveInclusion(argument: _aegis_audit_v1_ProveInclusionRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_InclusionProof>): grpc.ClientUnaryCall;
  ProveInclusion(argument: _aegis_audit_v1_ProveInclusionRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_InclusionProof>): grpc.ClientUnaryCall;
  ProveInclusion(argument: _aegis_audit_v1_ProveInclusionRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_InclusionProof>): grpc.ClientUnaryCall;
  ProveInclusion(argument: _aegis_audit_v1_ProveInclusionRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_InclusionProof>): grpc.ClientUnaryCall;
  proveInclusion(argument: _aegis_audit_v1_ProveInclusionRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_InclusionProof>): grpc.ClientUnaryCall;
  proveInclusion(argument: _aegis_audit_v1_ProveInclusionRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_InclusionProof>): grpc.ClientUnaryCall;
  proveInclusion(argument: _aegis_audit_v1_ProveInclusionRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_InclusionProof>): grpc.ClientUnaryCall;
  proveInclusion(argument: _aegis_audit_v1_ProveInclusionRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_InclusionProof>): grpc.ClientUnaryCall;
  
  /**
   * Makes a new key, which the log records before anything is signed with it.
   */
  RotateKey(argument: _aegis_audit_v1_LogRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  RotateKey(argument: _aegis_audit_v1_LogRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  RotateKey(argument: _aegis_audit_v1_LogRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  RotateKey(argument: _aegis_audit_v1_LogRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  /**
   * Makes a new key, which the log records before anything is signed with it.
   */
  rotateKey(argument: _aegis_audit_v1_LogRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  rotateKey(argument: _aegis_audit_v1_LogRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  rotateKey(argument: _aegis_audit_v1_LogRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  rotateKey(argument: _aegis_audit_v1_LogRequestInput, callback: grpc.requestCallback<_aegis_audit_v1_ListKeysResponse>): grpc.ClientUnaryCall;
  
}

/**
 * The organisation's log as a transparency log: signed tree heads, proofs, and tiles (c2sp.org/tlog-tiles).
 */
export interface TransparencyServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The tree head as it is now, signed if the log has grown since the last one.
   */
  GetCheckpoint: grpc.handleUnaryCall<_aegis_audit_v1_LogRequest, _aegis_audit_v1_CheckpointInput>;
  
  GetTile: grpc.handleUnaryCall<_aegis_audit_v1_GetTileRequest, _aegis_audit_v1_TileInput>;
  
  ListKeys: grpc.handleUnaryCall<_aegis_audit_v1_LogRequest, _aegis_audit_v1_ListKeysResponseInput>;
  
  ProveConsistency: grpc.handleUnaryCall<_aegis_audit_v1_ProveConsistencyRequest, _aegis_audit_v1_ConsistencyProofInput>;
  
  ProveInclusion: grpc.handleUnaryCall<_aegis_audit_v1_ProveInclusionRequest, _aegis_audit_v1_InclusionProofInput>;
  
  /**
   * Makes a new key, which the log records before anything is signed with it.
   */
  RotateKey: grpc.handleUnaryCall<_aegis_audit_v1_LogRequest, _aegis_audit_v1_ListKeysResponseInput>;
  
}

export interface TransparencyServiceDefinition extends grpc.ServiceDefinition {
  GetCheckpoint: MethodDefinition<_aegis_audit_v1_LogRequestInput, _aegis_audit_v1_CheckpointInput, _aegis_audit_v1_LogRequest, _aegis_audit_v1_Checkpoint>
  GetTile: MethodDefinition<_aegis_audit_v1_GetTileRequestInput, _aegis_audit_v1_TileInput, _aegis_audit_v1_GetTileRequest, _aegis_audit_v1_Tile>
  ListKeys: MethodDefinition<_aegis_audit_v1_LogRequestInput, _aegis_audit_v1_ListKeysResponseInput, _aegis_audit_v1_LogRequest, _aegis_audit_v1_ListKeysResponse>
  ProveConsistency: MethodDefinition<_aegis_audit_v1_ProveConsistencyRequestInput, _aegis_audit_v1_ConsistencyProofInput, _aegis_audit_v1_ProveConsistencyRequest, _aegis_audit_v1_ConsistencyProof>
  ProveInclusion: MethodDefinition<_aegis_audit_v1_ProveInclusionRequestInput, _aegis_audit_v1_InclusionProofInput, _aegis_audit_v1_ProveInclusionRequest, _aegis_audit_v1_InclusionProof>
  RotateKey: MethodDefinition<_aegis_audit_v1_LogRequestInput, _aegis_audit_v1_ListKeysResponseInput, _aegis_audit_v1_LogRequest, _aegis_audit_v1_ListKeysResponse>
}
