import type { ExportQuery } from '@aegis/verify/format/export/manifest';
import type { LeafOutline } from '@aegis/verify/format/leaf-outline';

/** Whether an export shows the entry; of any other it holds a stub. */
export function isShown(filter: ExportQuery['filter'], leaf: LeafOutline): boolean {
  if (filter === null) return true;
  const { type, actor_id: actor, subject_id: subject, intent_id: intent } = filter;
  return (
    (type === undefined || leaf.type === type) &&
    (actor === undefined || leaf.actor.id === actor) &&
    (subject === undefined || leaf.subject.id === subject) &&
    (intent === undefined || leaf.data.intentId === intent)
  );
}
