import type { Entry } from '@aegis/grpc/generated/aegis/audit/v1/Entry';
import type { VerifyProgress as VerifyMessage } from '@aegis/grpc/generated/aegis/audit/v1/VerifyProgress';
import { describeFault } from '../domain/chain-check.ts';
import { viewEntry } from '../domain/entry-view.ts';
import type { StoredEntry } from '../domain/stored-entry.ts';
import type { VerifyProgress } from '../usecases/verify-chain.ts';

export function entryMessage(stored: StoredEntry): Entry {
  const view = viewEntry(stored);
  if (view === null) throw new Error(`the entry ${stored.seq} of ${stored.organizationId} holds no leaf`);
  const { leaf, checksum, dataJson, erased } = view;
  const { type, id, role, auth_method: authMethod } = leaf.actor;
  return {
    seq: String(leaf.seq),
    id: leaf.id,
    type: leaf.type,
    actor: { type, id, authMethod, ...(role !== undefined && { role }) },
    subjectType: leaf.subject.type,
    subjectId: leaf.subject.id,
    dataJson,
    occurredAt: leaf.occurred_at,
    recordedAt: leaf.recorded_at,
    checksum,
    previousChecksum: leaf.prev,
    erased: [...erased],
    ...(leaf.causation_id !== undefined && { causationId: leaf.causation_id }),
  };
}

export function verifyMessage({ checked, size, result }: VerifyProgress): VerifyMessage {
  return {
    checked: String(checked),
    size: String(size),
    done: result !== null,
    intact: result !== null && result.fault === null,
    head: result?.head ?? '',
    ...(result?.fault && { fault: describeFault(result.fault) }),
  };
}
