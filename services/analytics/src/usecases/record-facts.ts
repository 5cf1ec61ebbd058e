import type { AnyEvent } from '@aegis/contracts/events/envelope';
import { factsOf } from '../domain/facts.ts';
import { insertFacts } from '../store/insert-facts.ts';
import type { Store } from '../store/store.ts';

/**
 * Writes what the events state; any of them may have been recorded before.
 *
 * @throws UnusableFactError when an event says what no table can hold; nothing is written then
 */
export async function recordFacts(store: Store, events: readonly AnyEvent[]): Promise<void> {
  await insertFacts(store, factsOf(events));
}
