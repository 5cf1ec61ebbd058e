import { hash } from 'node:crypto';
import { EVENTS } from '@aegis/contracts/events/catalog';
import { ERASING_STORES } from '@aegis/contracts/events/registry';
import { parseLeaf } from '@aegis/verify/format/leaf';

/** Whose text an erasure is about. */
export interface ErasureScope {
  readonly intentIds: readonly string[];
  readonly userId: string | null;
}

/** What the log's entries about an erasure say: null until it was asked for and every store has answered. */
export function readyToErase(leaves: readonly string[]): ErasureScope | null {
  let scope: ErasureScope | null = null;
  const answered = new Set<string>();
  for (const text of leaves) {
    const leaf = parseLeaf(text);
    if (leaf?.type === 'privacy.erase_requested') scope = EVENTS[leaf.type].data.parse(leaf.data);
    if (leaf?.type === 'privacy.store_erased') answered.add(EVENTS[leaf.type].data.parse(leaf.data).store);
  }
  return ERASING_STORES.every((store) => answered.has(store)) ? scope : null;
}

/** Whether they say that the log itself was erased from. */
export function isErased(leaves: readonly string[]): boolean {
  return leaves.some((text) => parseLeaf(text)?.type === 'privacy.erased');
}

/** The same for the same erasure, so that its completion is recorded once. */
export function erasedEventId(organizationId: string, erasureId: string): string {
  return `evt_${hash('sha256', `erased ${organizationId} ${erasureId}`).slice(0, 32)}`;
}
