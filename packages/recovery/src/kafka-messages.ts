import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKafkaBus, type KafkaBusOptions } from '@aegis/bus/kafka';
import { deleteGroup, seekGroups, type TopicEnd } from '@aegis/bus/kafka/positions';
import type { Delivery } from '@aegis/bus/port';
import { TOPICS } from '@aegis/contracts/topics';

/** The topics of events; dead letters are handled by nobody, so no position matters there. */
export const EVENT_TOPICS: readonly string[] = Object.values(TOPICS);

export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** One text a partition. */
export function keyOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`;
}

const POLL_MS = 20;

/**
 * Hands over the messages from the given places up to the ends, a batch at a time, under a group of this run alone.
 * Resolves to their number.
 */
export async function readMessages(
  client: KafkaBusOptions,
  from: readonly Place[],
  ends: readonly TopicEnd[],
  handle: (messages: readonly Delivery[]) => Promise<void>,
): Promise<number> {
  const highs = new Map(ends.map((end) => [keyOf(end), end.high]));
  const open = new Map(
    from.filter((place) => place.offset < (highs.get(keyOf(place)) ?? 0n)).map((p) => [keyOf(p), p]),
  );
  if (open.size === 0) return 0;
  const group = `recovery-${randomUUID()}`;
  await seekGroups(
    client,
    from.map((place) => ({ ...place, group })),
  );
  const bus = createKafkaBus(client);
  let count = 0;
  try {
    const subscription = await bus.subscribe({
      group,
      topics: [...new Set([...open.values()].map(({ topic }) => topic))],
      async handle(batch) {
        const wanted = batch.filter((message) => message.offset < (highs.get(keyOf(message)) ?? 0n));
        await handle(wanted);
        count += wanted.length;
        for (const message of batch) {
          if (message.offset + 1n >= (highs.get(keyOf(message)) ?? 0n)) open.delete(keyOf(message));
        }
      },
    });
    while (open.size > 0) await sleep(POLL_MS);
    await subscription.stop();
  } finally {
    await bus.close();
  }
  await deleteGroup(client, group);
  return count;
}
