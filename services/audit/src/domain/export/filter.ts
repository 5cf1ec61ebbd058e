import type { ExportQuery } from '@aegis/verify/format/export/manifest';
import type { StoredEntry } from '../stored-entry.ts';

/** Whether an export shows the entry; of any other it holds a stub. The columns were compared with the leaf. */
export function isShown(filter: ExportQuery['filter'], stored: StoredEntry): boolean {
  if (filter === null) return true;
  const { type, actor_id: actor, subject_id: subject, intent_id: intent } = filter;
  return (
    (type === undefined || stored.type === type) &&
    (actor === undefined || stored.actorId === actor) &&
    (subject === undefined || stored.subjectId === subject) &&
    (intent === undefined || stored.intentId === intent)
  );
}
