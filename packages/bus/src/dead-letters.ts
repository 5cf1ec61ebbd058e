import { type BusMessage, DEAD_LETTER_TOPIC, type Delivery } from './port.ts';

const MAX_ERROR_CHARS = 2_000;

/** What became of a message that can never be handled: who gave up on it, why and when (milliseconds since the epoch). */
export interface Verdict {
  readonly group: string;
  readonly error: unknown;
  readonly at: number;
}

/** The message as it was, under its own key, with its origin and its error in `dl_*` headers. */
export function deadLetterOf(delivery: Delivery, { group, error, at }: Verdict): BusMessage {
  return {
    topic: DEAD_LETTER_TOPIC,
    key: delivery.key,
    value: delivery.value,
    headers: {
      ...delivery.headers,
      dl_error: String(error).slice(0, MAX_ERROR_CHARS),
      dl_topic: delivery.topic,
      dl_partition: String(delivery.partition),
      dl_offset: String(delivery.offset),
      dl_group: group,
      dl_at: new Date(at).toISOString(),
    },
  };
}
