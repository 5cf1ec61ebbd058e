import type { Admin, Kafka } from 'kafkajs';
import { createClient, type KafkaClientOptions, RETRY } from './kafka/client.ts';
import { isProtocolError } from './kafka/error-type.ts';
import { IdempotentProducer } from './kafka/producer.ts';
import { KafkaSubscription } from './kafka/subscription.ts';
import { createTopics } from './kafka/topics.ts';
import type { Bus, BusMessage, Subscription, SubscriptionOptions } from './port.ts';
import { createPublisher, type Publisher } from './publisher.ts';

export interface KafkaBusOptions extends KafkaClientOptions {
  /** After how long without a heartbeat a member is taken for dead. Default 10,000 ms; brokers refuse less than 6,000. */
  readonly sessionTimeoutMs?: number;
  /** Default 1,000 ms. */
  readonly heartbeatMs?: number;
  /** A consumer with messages waiting that has handled none for so long is replaced. Default 60,000 ms. */
  readonly stallMs?: number;
}

const DEFAULTS = { sessionTimeoutMs: 10_000, heartbeatMs: 1_000, stallMs: 60_000 };

/** The bus on Apache Kafka. */
export function createKafkaBus(options: KafkaBusOptions): Bus {
  return new KafkaBus(options);
}

class KafkaBus implements Bus {
  readonly #options: KafkaBusOptions & typeof DEFAULTS;
  readonly #kafka: Kafka;
  readonly #producer: IdempotentProducer;
  readonly #publisher: Publisher;
  readonly #subscriptions = new Set<KafkaSubscription>();
  #admin: Promise<Admin> | undefined;

  constructor(options: KafkaBusOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#kafka = createClient(options);
    this.#producer = new IdempotentProducer(this.#kafka, RETRY, options.log);
    this.#publisher = createPublisher({ append: (messages) => this.#producer.send(messages), isMessageFault });
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    await this.#publisher.publish(messages);
  }

  async subscribe(options: SubscriptionOptions): Promise<Subscription> {
    const { sessionTimeoutMs, heartbeatMs, stallMs, log } = this.#options;
    const subscription = new KafkaSubscription({
      ...options,
      kafka: this.#kafka,
      admin: () => this.#connectedAdmin(),
      retry: RETRY,
      publish: (messages) => this.publish(messages),
      ensureTopics: (topics) => this.ensureTopics(topics),
      sessionTimeoutMs,
      heartbeatMs,
      stallMs,
      log,
      onStopped: () => this.#subscriptions.delete(subscription),
    });
    this.#subscriptions.add(subscription);
    await subscription.start();
    return subscription;
  }

  async ensureTopics(topics: readonly string[]): Promise<void> {
    await createTopics(await this.#connectedAdmin(), topics);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
    await this.#publisher.drain();
    await this.#producer.close();
    await this.#admin?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  #connectedAdmin(): Promise<Admin> {
    this.#admin ??= this.#connectAdmin();
    return this.#admin;
  }

  async #connectAdmin(): Promise<Admin> {
    const admin = this.#kafka.admin();
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      this.#admin = undefined;
      throw error;
    }
  }
}

const MESSAGE_FAULTS = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'INVALID_TOPIC',
]);

function isMessageFault(error: unknown): boolean {
  return isProtocolError(error, MESSAGE_FAULTS);
}
