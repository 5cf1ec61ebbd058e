import type { Delivery } from '../port.ts';

/** Whoever follows a partition: told when it grows, and where it stands in it. */
export interface Reader {
  readonly position: number;
  wake(): void;
}

/**
 * What this process knows of one partition: how far it goes, who reads it here, and the newest messages, as far as they
 * were published here and some reader has yet to take them. Those need no query: they are durable, and offsets are given
 * under the lock of the head, so there are no others in between.
 */
export class Partition {
  readonly topic: string;
  readonly number: number;
  readonly readers = new Set<Reader>();
  #head = 0;
  #tail: Delivery[] = [];
  #tailStart = 0;

  constructor(topic: string, number: number) {
    this.topic = topic;
    this.number = number;
  }

  /** The offset the next message gets, as far as known. */
  get head(): number {
    return this.#head;
  }

  advance(head: number): void {
    if (head <= this.#head) return;
    this.#head = head;
    for (const reader of this.readers) reader.wake();
  }

  /** The log is shorter than what was seen of it: the database was put back to an earlier state. */
  rewind(head: number): void {
    this.#head = head;
    this.#tail = [];
  }

  /** Takes in what this process has just published. Keeps it only while somebody reads here, up to `limit` messages. */
  append(first: number, deliveries: readonly Delivery[], limit: number): void {
    if (this.readers.size > 0) {
      if (first !== this.#tailStart + this.#tail.length) this.#tail = [];
      if (this.#tail.length === 0) this.#tailStart = first;
      for (const delivery of deliveries) this.#tail.push(delivery);
      if (this.#tail.length > limit) this.#drop(this.#tail.length - limit);
    }
    this.advance(first + deliveries.length);
  }

  /** Up to `count` messages from `position` on if they are at hand, else undefined. */
  recent(position: number, count: number): readonly Delivery[] | undefined {
    const index = position - this.#tailStart;
    if (index < 0 || index >= this.#tail.length) return undefined;
    return this.#tail.slice(index, index + count);
  }

  /** Lets go of what every reader here has taken. */
  trim(): void {
    if (this.#tail.length === 0) return;
    let lowest = Infinity;
    for (const reader of this.readers) lowest = Math.min(lowest, reader.position);
    const passed = Math.min(lowest - this.#tailStart, this.#tail.length);
    if (passed > 0) this.#drop(passed);
  }

  #drop(count: number): void {
    this.#tail = this.#tail.slice(count);
    this.#tailStart += count;
  }
}

/** The partitions of one bus, created as they are named. */
export class Partitions {
  readonly #topics = new Map<string, Partition[]>();

  get(topic: string, number: number): Partition {
    let partitions = this.#topics.get(topic);
    if (!partitions) this.#topics.set(topic, (partitions = []));
    return (partitions[number] ??= new Partition(topic, number));
  }

  heads(): Map<Partition, number> {
    return new Map([...this.#topics.values()].flat().map((partition) => [partition, partition.head]));
  }

  /** Topics that somebody reads here. */
  followed(): string[] {
    const read = [...this.#topics].filter(([, partitions]) =>
      partitions.some((partition) => partition.readers.size > 0),
    );
    return read.map(([topic]) => topic);
  }
}
