import type pg from 'pg';
import { type BusMessage, type Delivery, PARTITIONS_PER_TOPIC } from '../port.ts';
import { partitionOf } from '../partitioner.ts';
import { int4Array, textArray } from '@aegis/postgres/binary-array';

/** Messages of one append that went to the same partition; their offsets run on from `first`. */
export interface Appended {
  readonly topic: string;
  readonly partition: number;
  readonly first: number;
  readonly messages: readonly BusMessage[];
}

interface Slot {
  readonly topic: string;
  readonly partition: number;
  readonly number: number;
  readonly messages: BusMessage[];
}

const APPEND = {
  name: 'bus-append',
  text: 'SELECT bus.append($1, $2, $3, $4, $5, $6, $7, $8)::text[] AS firsts',
};

/** Appends messages of any topics in one statement, one transaction. Throws SQLSTATE 22023 for a topic that is missing. */
export async function appendMessages(pool: pg.Pool, messages: readonly BusMessage[]): Promise<Appended[]> {
  const { slots, slotNumbers, places } = assignSlots(messages);
  const { rows } = await pool.query<{ firsts: string[] }>({
    ...APPEND,
    values: [
      textArray(slots.map((slot) => slot.topic)),
      int4Array(slots.map((slot) => slot.partition)),
      int4Array(slots.map((slot) => slot.messages.length)),
      int4Array(slotNumbers),
      int4Array(places),
      textArray(messages.map((message) => message.key)),
      textArray(messages.map((message) => JSON.stringify(message.headers))),
      textArray(messages.map((message) => message.value)),
    ],
  });
  const firsts = rows[0]?.firsts ?? [];
  return slots.map((slot, index) => ({ ...slot, first: Number(firsts[index]) }));
}

/** Finds the partitions touched, and for each message its partition among them (from 1) and its place there (from 0). */
function assignSlots(messages: readonly BusMessage[]): { slots: Slot[]; slotNumbers: number[]; places: number[] } {
  const slots: Slot[] = [];
  const slotNumbers: number[] = [];
  const places: number[] = [];
  const byTopic = new Map<string, Slot[]>();
  for (const message of messages) {
    const { topic } = message;
    const partition = partitionOf(message.key, PARTITIONS_PER_TOPIC);
    let known = byTopic.get(topic);
    if (!known) byTopic.set(topic, (known = []));
    let slot = known[partition];
    if (!slot) {
      slot = known[partition] = { topic, partition, number: slots.length + 1, messages: [] };
      slots.push(slot);
    }
    slotNumbers.push(slot.number);
    places.push(slot.messages.push(message) - 1);
  }
  return { slots, slotNumbers, places };
}

/** The messages as a reader of the log would get them. */
export function deliveriesOf({ partition, first, messages }: Appended): Delivery[] {
  return messages.map(({ topic, key, headers, value }, index) => ({
    topic,
    partition,
    offset: BigInt(first + index),
    key,
    headers,
    value,
  }));
}
