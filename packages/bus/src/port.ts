/** What is published: `key` keeps order, `value` is the event's data as JSON text, `headers` its CloudEvents attributes. */
export interface BusMessage {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A message as a consumer sees it: `offset` is its place in the partition, counted from 0. */
export interface Delivery extends BusMessage {
  readonly partition: number;
  readonly offset: bigint;
}

/**
 * Handles a batch that may span partitions and topics; messages of one key stand in the order they were published.
 * The offsets are committed only after it resolves, so it must be idempotent: a crash in between delivers the batch again.
 */
export type BatchHandler = (batch: readonly Delivery[]) => Promise<void>;

export interface SubscriptionOptions {
  /** Processes that name the same group share the partitions. A new group starts at the beginning of every topic. */
  readonly group: string;
  readonly topics: readonly string[];
  readonly handle: BatchHandler;
  /** Most messages handed over at once. Default 1,000. */
  readonly maxBatch?: number;
  /** How long a batch may wait for company, in milliseconds. Default 0: take what is there. */
  readonly lingerMs?: number;
  /**
   * Tells an error that the same message will raise for ever from one that may pass. A batch that fails permanently is
   * bisected until the message at fault stands alone; that one goes to the dead-letter topic and the rest go on.
   * Everything else is retried for ever with back-off. Default: `error instanceof PermanentError`.
   */
  readonly isPermanent?: (error: unknown) => boolean;
}

export interface SubscriptionHealth {
  /** False until partitions are assigned, and while the last attempt to handle or fetch failed. */
  readonly ready: boolean;
  /** Messages published but not yet handled, over the partitions held here. */
  readonly lag: number;
  /** When an offset last advanced or the lag was last zero, in milliseconds since the epoch. */
  readonly lastProgressAt: number;
  readonly lastError: string | null;
}

export interface Subscription {
  health(): SubscriptionHealth;
  /** Takes no more, finishes the batch in flight, commits its offsets and leaves the group. */
  stop(): Promise<void>;
}

export interface Bus {
  /** Resolves when every message is durable. Order per key is the order given, also across calls made one after another. */
  publish(messages: readonly BusMessage[]): Promise<void>;
  subscribe(options: SubscriptionOptions): Promise<Subscription>;
  /** Creates missing topics with 12 partitions each; safe to call from several processes at once. */
  ensureTopics(topics: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The same input will always fail: the message belongs among the dead letters, not in a retry loop. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}

export const DEAD_LETTER_TOPIC = 'aegis.dead-letters';
export const PARTITIONS_PER_TOPIC = 12;
