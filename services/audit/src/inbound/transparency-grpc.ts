import type { Actor } from '@aegis/contracts/actor';
import { type TransparencyMethods, transparencyService } from '@aegis/grpc/definitions';
import type { Checkpoint } from '@aegis/grpc/generated/aegis/audit/v1/Checkpoint';
import type { ListKeysResponse } from '@aegis/grpc/generated/aegis/audit/v1/ListKeysResponse';
import { parse } from '@aegis/grpc/requests';
import { type BoundService, bind, type Handlers } from '@aegis/grpc/server';
import type { ConsistencyProof, InclusionProof } from '../usecases/prove.ts';
import { getTileRequest, logRequest, proveConsistencyRequest, proveInclusionRequest } from './requests.ts';

interface SignedHead {
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
}

interface PublicKey {
  readonly generation: number;
  readonly vkey: string;
  readonly introducedAt: Date;
}

/** What a follower of the log can ask. */
export interface TransparencyOperations {
  readonly signCheckpoint: (organizationId: string) => Promise<SignedHead>;
  readonly listKeys: (organizationId: string) => Promise<readonly PublicKey[]>;
  readonly rotateKey: (organizationId: string, actor: Actor) => Promise<void>;
  readonly proveInclusion: (organizationId: string, entryId: string) => Promise<InclusionProof>;
  readonly proveConsistency: (organizationId: string, from: number, to: number | null) => Promise<ConsistencyProof>;
  readonly readTile: (organizationId: string, path: string) => Promise<Buffer>;
}

/** The gRPC face of the log as a transparency log. */
export function transparencyGrpc(operations: TransparencyOperations): BoundService {
  const keysOf = async (organizationId: string): Promise<ListKeysResponse> => {
    const keys = await operations.listKeys(organizationId);
    return { keys: keys.map((key) => ({ ...key, introducedAt: key.introducedAt.toISOString() })) };
  };
  const handlers: Handlers<TransparencyMethods> = {
    async getCheckpoint(request) {
      const { caller } = parse(logRequest, request);
      return checkpointMessage(await operations.signCheckpoint(caller.organizationId));
    },

    async listKeys(request) {
      const { caller } = parse(logRequest, request);
      return keysOf(caller.organizationId);
    },

    async rotateKey(request) {
      const { caller } = parse(logRequest, request);
      await operations.rotateKey(caller.organizationId, caller.actor);
      return keysOf(caller.organizationId);
    },

    async proveInclusion(request) {
      const { caller, entryId } = parse(proveInclusionRequest, request);
      const { seq, leaf, leafHash, hashes, checkpoint } = await operations.proveInclusion(
        caller.organizationId,
        entryId,
      );
      const path = [...hashes];
      return { seq: String(seq), leaf, checksum: leafHash, hashes: path, checkpoint: checkpointMessage(checkpoint) };
    },

    async proveConsistency(request) {
      const { caller, from, to = null } = parse(proveConsistencyRequest, request);
      const proof = await operations.proveConsistency(caller.organizationId, from, to);
      return {
        from: String(proof.from),
        to: String(proof.to),
        fromRoot: proof.fromRoot,
        toRoot: proof.toRoot,
        hashes: [...proof.hashes],
        ...(proof.checkpoint !== null && { checkpoint: proof.checkpoint }),
      };
    },

    async getTile(request) {
      const { caller, path } = parse(getTileRequest, request);
      return { content: await operations.readTile(caller.organizationId, path) };
    },
  };
  return bind(transparencyService, handlers);
}

function checkpointMessage({ size, root, note }: SignedHead): Checkpoint {
  return { size: String(size), root, note };
}
