import type { EachBatchPayload, KafkaMessage, Offsets } from 'kafkajs';
import { setImmediate } from 'node:timers/promises';
import type { BatchRunner, Slice } from '../batch-runner.ts';
import type { Delivery } from '../port.ts';

export interface BatchCollectorOptions {
  readonly runBatch: BatchRunner;
  readonly maxBatch: number;
  readonly heartbeatMs: number;
  readonly stopping: AbortSignal;
  readonly onProgress: (topic: string, partition: number, next: bigint) => void;
}

/** What kafkajs handed over for one partition, while it waits for us to be done with it. */
interface Parcel {
  readonly payload: EachBatchPayload;
  /** How many of its messages are handled and committed. */
  done: number;
  /** Given up: the group is being rearranged, or the consumer stops. */
  dropped: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Some messages of a parcel, as part of a batch. */
class ParcelSlice implements Slice {
  readonly parcel: Parcel;
  readonly deliveries: readonly Delivery[];
  readonly #stopping: AbortSignal;
  handled = 0;

  constructor(parcel: Parcel, count: number, stopping: AbortSignal) {
    const { topic, partition, messages } = parcel.payload.batch;
    this.parcel = parcel;
    this.#stopping = stopping;
    this.deliveries = messages
      .slice(parcel.done, parcel.done + count)
      .map((message) => deliveryOf(topic, partition, message));
  }

  isHeld(): boolean {
    const { isRunning, isStale } = this.parcel.payload;
    if (!isRunning() || isStale() || this.#stopping.aborted) this.parcel.dropped = true;
    return !this.parcel.dropped;
  }
}

/**
 * kafkajs calls once a partition; this puts the partitions together into one batch after the other. Each call resolves
 * when its messages are handled and their offsets committed, or were given up, and rejects when the group has to be
 * joined again. What was given up is not resolved, so it is fetched again by whoever has the partition then.
 */
export class BatchCollector {
  readonly #options: BatchCollectorOptions;
  #parcels: Parcel[] = [];
  #running = false;

  constructor(options: BatchCollectorOptions) {
    this.#options = options;
  }

  get busy(): boolean {
    return this.#running;
  }

  add(payload: EachBatchPayload): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#parcels.push({ payload, done: 0, dropped: false, resolve, reject });
    if (!this.#running) void this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#parcels.length > 0) {
      // The other partitions of the same fetch arrive in this turn of the event loop.
      await setImmediate();
      await this.#handle(this.#take());
    }
    this.#running = false;
  }

  /** Shares the room evenly; what short parcels leave over goes to the long ones. */
  #take(): ParcelSlice[] {
    let room = this.#options.maxBatch;
    const left = (parcel: Parcel) => parcel.payload.batch.messages.length - parcel.done;
    const waiting = this.#parcels.slice(0, room).toSorted((a, b) => left(a) - left(b));
    return waiting.map((parcel, index) => {
      const share = Math.min(left(parcel), Math.ceil(room / (waiting.length - index)));
      room -= share;
      return new ParcelSlice(parcel, share, this.#options.stopping);
    });
  }

  async #handle(slices: readonly ParcelSlice[]): Promise<void> {
    const heartbeats = this.#beat(slices);
    let failure: { readonly error: unknown } | undefined;
    try {
      await this.#options.runBatch(slices);
      await this.#commit(slices);
    } catch (error) {
      failure = { error };
    }
    failure = heartbeats.stop() ?? failure;
    for (const slice of slices) {
      const { parcel } = slice;
      if (!failure && slice.isHeld() && parcel.done < parcel.payload.batch.messages.length) continue;
      this.#parcels = this.#parcels.filter((other) => other !== parcel);
      if (failure) parcel.reject(failure.error);
      else parcel.resolve();
    }
    if (!failure) return;
    for (const parcel of this.#parcels) parcel.reject(failure.error);
    this.#parcels = [];
  }

  /** One request for all partitions. Until it is answered nothing counts as handled. */
  async #commit(slices: readonly ParcelSlice[]): Promise<void> {
    const handled = slices.filter((slice) => slice.handled > 0);
    const [first] = handled;
    if (!first) return;
    const topics = new Map<string, { partition: number; offset: string }[]>();
    for (const { deliveries, handled: count } of handled) {
      const last = deliveries[count - 1];
      if (!last) continue;
      const partitions = topics.get(last.topic) ?? [];
      partitions.push({ partition: last.partition, offset: String(last.offset + 1n) });
      topics.set(last.topic, partitions);
    }
    const offsets: Offsets = { topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })) };
    await first.parcel.payload.commitOffsetsIfNecessary(offsets);
    for (const { parcel, deliveries, handled: count } of handled) {
      const last = deliveries[count - 1];
      if (!last) continue;
      parcel.done += count;
      parcel.payload.resolveOffset(String(last.offset));
      this.#options.onProgress(last.topic, last.partition, last.offset + 1n);
    }
  }

  /**
   * Keeps the membership while the handler works. When the group is being rearranged, the attempt in flight may end and
   * be committed, nothing else begins, and the error goes back to kafkajs, which then joins again.
   */
  #beat(slices: readonly ParcelSlice[]): { stop: () => { readonly error: unknown } | undefined } {
    let failure: { readonly error: unknown } | undefined;
    const [first] = slices;
    const timer = setInterval(() => {
      first?.parcel.payload.heartbeat().catch((error: unknown) => {
        failure ??= { error };
        for (const { parcel } of slices) parcel.dropped = true;
      });
    }, this.#options.heartbeatMs);
    return {
      stop: () => {
        clearInterval(timer);
        return failure;
      },
    };
  }
}

function deliveryOf(topic: string, partition: number, message: KafkaMessage): Delivery {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const text = Array.isArray(value) ? value.at(-1) : value;
    if (text !== undefined) headers[name] = text.toString();
  }
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key?.toString() ?? '',
    headers,
    value: message.value?.toString() ?? '',
  };
}
