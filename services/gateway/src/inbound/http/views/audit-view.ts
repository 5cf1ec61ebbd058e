import type { AuditEntry, TimelineEntry, VerifyProgress as VerifyAnswer } from '@aegis/contracts/http/audit';
import type { IntentDetail } from '@aegis/contracts/http/intents';
import type { Entry } from '@aegis/grpc/generated/aegis/audit/v1/Entry';
import type { EntryReference } from '@aegis/grpc/generated/aegis/audit/v1/EntryReference';
import type { VerifyProgress } from '@aegis/grpc/generated/aegis/audit/v1/VerifyProgress';

export function auditEntryView(entry: Entry): AuditEntry {
  const { actor } = entry;
  if (!actor) throw new TypeError(`the audit entry ${entry.id} has no actor`);
  return {
    id: entry.id,
    seq: Number(entry.seq),
    type: entry.type,
    actor: { ...actor, role: actor.role ?? null } as AuditEntry['actor'],
    subject: { type: entry.subjectType, id: entry.subjectId },
    data: JSON.parse(entry.dataJson) as AuditEntry['data'],
    occurredAt: entry.occurredAt,
    recordedAt: entry.recordedAt,
    checksum: entry.checksum,
    previousChecksum: entry.previousChecksum,
    causationId: entry.causationId ?? null,
    erased: entry.erased,
  };
}

export function timelineEntryView(entry: Entry): TimelineEntry {
  return { ...auditEntryView(entry), proof: `/v1/audit/${entry.id}/proof` };
}

export function auditReference({
  seq,
  id,
  type,
  checksum,
}: EntryReference): NonNullable<IntentDetail['audit']>[number] {
  return { seq: Number(seq), id, type, checksum };
}

export function verifyProgressView({ checked, size, done, intact, fault, head }: VerifyProgress): VerifyAnswer {
  return {
    checked: Number(checked),
    size: Number(size),
    done,
    intact: done ? intact : null,
    fault: fault ?? null,
    head: done ? head : null,
  };
}
