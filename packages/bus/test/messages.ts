import type { BusMessage, Delivery } from '../src/port.ts';
import type { Seen } from './consumer.ts';

/** `count` messages over `keys` keys in turn; the value is the message's number, so per key it only grows. */
export function numbered(topic: string, count: number, keys = 20, from = 0): BusMessage[] {
  return Array.from({ length: count }, (_, index) => ({
    topic,
    key: `key-${(from + index) % keys}`,
    headers: { ce_id: `evt_${from + index}`, ce_type: 'test.happened' },
    value: String(from + index),
  }));
}

type Numbered = Pick<Seen | Delivery, 'key' | 'value'>;

export function numbersOf(messages: Iterable<Numbered>): number[] {
  return Array.from(messages, (message) => Number(message.value)).toSorted((a, b) => a - b);
}

/** Where a key's message came for the first time after a later one of the same key. Deliveries again are no breach. */
export function breachesOfOrder(messages: Iterable<Numbered>): string[] {
  const highest = new Map<string, number>();
  const seen = new Set<number>();
  const breaches: string[] = [];
  for (const { key, value } of messages) {
    const number = Number(value);
    if (seen.has(number)) continue;
    seen.add(number);
    const before = highest.get(key) ?? -1;
    if (number < before) breaches.push(`${key}: ${number} after ${before}`);
    highest.set(key, Math.max(before, number));
  }
  return breaches;
}

export function range(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}
