import type { ConsistencyProof, InclusionProof, LogKeys } from '@aegis/contracts/http/audit';
import type { ConsistencyProof as ConsistencyMessage } from '@aegis/grpc/generated/aegis/audit/v1/ConsistencyProof';
import type { InclusionProof as InclusionMessage } from '@aegis/grpc/generated/aegis/audit/v1/InclusionProof';
import type { LogKey } from '@aegis/grpc/generated/aegis/audit/v1/LogKey';

export function inclusionProofView({ seq, leaf, checksum, hashes, checkpoint }: InclusionMessage): InclusionProof {
  if (!checkpoint) throw new Error('the proof came without its checkpoint');
  return {
    seq: Number(seq),
    size: Number(checkpoint.size),
    checksum,
    leaf,
    hashes: hashes.map(base64),
    root: base64(checkpoint.root),
    checkpoint: checkpoint.note,
  };
}

export function consistencyProofView(proof: ConsistencyMessage): ConsistencyProof {
  return {
    from: Number(proof.from),
    to: Number(proof.to),
    fromRoot: base64(proof.fromRoot),
    toRoot: base64(proof.toRoot),
    hashes: proof.hashes.map(base64),
    checkpoint: proof.checkpoint ?? null,
  };
}

export function logKeysView(keys: readonly LogKey[]): LogKeys {
  const data = keys.map((key, index) => ({ ...key, current: index === keys.length - 1 }));
  return { data };
}

function base64(hash: Buffer): string {
  return hash.toString('base64');
}
