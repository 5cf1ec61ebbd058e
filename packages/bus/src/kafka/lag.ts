import type { Admin } from 'kafkajs';

interface Place {
  /** The next offset to handle; undefined until it is known. */
  next: bigint | undefined;
  high: bigint;
}

/** Where a member stands in the partitions it was assigned. */
export class LagTracker {
  readonly #places = new Map<string, Map<number, Place>>();

  assign(assignment: Readonly<Record<string, readonly number[]>>): void {
    this.#places.clear();
    for (const [topic, partitions] of Object.entries(assignment)) {
      this.#places.set(topic, new Map(partitions.map((partition) => [partition, { next: undefined, high: 0n }])));
    }
  }

  handled(topic: string, partition: number, next: bigint): void {
    const place = this.#places.get(topic)?.get(partition);
    if (place) place.next = next;
  }

  fetched(topic: string, partition: number, first: bigint, high: bigint): void {
    const place = this.#places.get(topic)?.get(partition);
    if (!place) return;
    place.next ??= first;
    if (high > place.high) place.high = high;
  }

  total(): number {
    let lag = 0n;
    for (const places of this.#places.values()) {
      for (const { next, high } of places.values()) if (next !== undefined && high > next) lag += high - next;
    }
    return Number(lag);
  }

  /** Asks the broker how far the partitions go: a consumer that has stopped fetching would not notice by itself. */
  async refresh(admin: Admin, group: string): Promise<void> {
    const unknown = [...this.#places].some(([, places]) => places.values().some((place) => place.next === undefined));
    const topics = [...this.#places.keys()];
    const committed = unknown && topics.length > 0 ? await admin.fetchOffsets({ groupId: group, topics }) : [];
    for (const [topic, places] of this.#places) {
      const offsets = await admin.fetchTopicOffsets(topic);
      const known = committed.find((entry) => entry.topic === topic)?.partitions ?? [];
      for (const { partition, high, low } of offsets) {
        const place = places.get(partition);
        if (!place) continue;
        if (BigInt(high) > place.high) place.high = BigInt(high);
        const offset = known.find((entry) => entry.partition === partition)?.offset ?? '-1';
        if (known.length > 0) place.next ??= BigInt(offset === '-1' ? low : offset);
      }
    }
  }
}
