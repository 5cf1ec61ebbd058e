import type { Head } from './topics.ts';

export const CHANNEL = 'aegis_bus';

/** PostgreSQL takes less than 8,000 bytes in one notification. */
const MAX_PAYLOAD_BYTES = 7_900;

/** What one process tells the others: partitions that grew, groups whose members or owners changed. */
export interface Hint {
  /** The process that says so. */
  readonly from: string;
  readonly heads: readonly Head[];
  readonly groups: readonly string[];
}

/** As many payloads as it takes: `<from> <topic>:<partition>:<head> … @<group> …`, names percent-encoded. */
export function encodeHint({ from, heads, groups }: Hint): string[] {
  const words = [
    ...heads.map(({ topic, partition, head }) => `${encodeURIComponent(topic)}:${partition}:${head}`),
    ...groups.map((group) => `@${encodeURIComponent(group)}`),
  ];
  const payloads: string[] = [];
  let payload = from;
  for (const word of words) {
    if (payload.length + 1 + word.length > MAX_PAYLOAD_BYTES) {
      payloads.push(payload);
      payload = from;
    }
    payload += ` ${word}`;
  }
  return [...payloads, payload];
}

/** Skips what it cannot read: a hint may be missed. */
export function decodeHint(payload: string): Hint {
  const [from = '', ...words] = payload.split(' ');
  const heads: Head[] = [];
  const groups: string[] = [];
  for (const word of words) {
    if (word.startsWith('@')) {
      groups.push(decodeURIComponent(word.slice(1)));
      continue;
    }
    const [topic = '', partition, head] = word.split(':');
    const parsed = { topic: decodeURIComponent(topic), partition: Number(partition), head: Number(head) };
    if (Number.isSafeInteger(parsed.partition) && Number.isSafeInteger(parsed.head)) heads.push(parsed);
  }
  return { from, heads, groups };
}
