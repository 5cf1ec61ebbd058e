import { type Kafka, type Message, type Producer, type RetryOptions, type TopicMessages } from 'kafkajs';
import type { Log } from '../log.ts';
import { partitionOf } from '../partitioner.ts';
import type { BusMessage } from '../port.ts';
import { isProtocolError } from './error-type.ts';

const ACKS_ALL = -1;
const ATTEMPTS = 2;

/** The broker and the client no longer agree on how many messages there were; only a new producer id helps. */
const SEQUENCE_ERRORS = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
]);

/**
 * An idempotent producer that is replaced after every failed send. kafkajs takes the sequence numbers of a failed send for
 * the next one; if the broker had written the first after all, it would take the next for a repetition, acknowledge it and
 * drop it. A new producer id cannot be mistaken. One send at a time, which the caller sees to.
 */
export class IdempotentProducer {
  readonly #kafka: Kafka;
  readonly #retry: RetryOptions;
  readonly #log: Log;
  #producer: Promise<Producer> | undefined;

  constructor(kafka: Kafka, retry: RetryOptions, log: Log) {
    this.#kafka = kafka;
    this.#retry = retry;
    this.#log = log;
  }

  async send(messages: readonly BusMessage[]): Promise<void> {
    const topicMessages = byTopic(messages);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const producer = await (this.#producer ??= this.#connect());
        await producer.sendBatch({ topicMessages, acks: ACKS_ALL });
        return;
      } catch (error) {
        await this.close();
        if (attempt === ATTEMPTS || !isProtocolError(error, SEQUENCE_ERRORS)) throw error;
        this.#log.warn({ err: error }, 'producer lost its sequence; sending again with a new one');
      }
    }
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.then((connected) => connected.disconnect()).catch(() => undefined);
  }

  async #connect(): Promise<Producer> {
    const producer = this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      retry: this.#retry,
      allowAutoTopicCreation: false,
      createPartitioner:
        () =>
        ({ message, partitionMetadata }) =>
          partitionOf(String(message.key), partitionMetadata.length),
    });
    await producer.connect();
    return producer;
  }
}

function byTopic(messages: readonly BusMessage[]): TopicMessages[] {
  const topics = new Map<string, Message[]>();
  for (const { topic, key, value, headers } of messages) {
    const list = topics.get(topic) ?? [];
    list.push({ key, value, headers });
    topics.set(topic, list);
  }
  return [...topics].map(([topic, list]) => ({ topic, messages: list }));
}
