import type { Admin, Kafka } from 'kafkajs';
import type { SeekOptions } from '../seek-options.ts';
import { createClient, type KafkaClientOptions } from './client.ts';

export interface TopicEnd {
  readonly topic: string;
  readonly partition: number;
  /** The first offset that is still there, and the one that the next message gets. */
  readonly low: bigint;
  readonly high: bigint;
}

export interface KafkaPositions {
  /** Offsets mean something within one cluster only. */
  readonly clusterId: string;
  /** The next message of each group that has committed something. */
  readonly positions: readonly SeekOptions[];
  readonly ends: readonly TopicEnd[];
}

/** How far groups have come in topics, and how far the topics go. */
export async function readPositions(
  client: KafkaClientOptions,
  groups: readonly string[],
  topics: readonly string[],
): Promise<KafkaPositions> {
  return withAdmin(client, async (admin) => {
    const { clusterId } = await admin.describeCluster();
    const positions: SeekOptions[] = [];
    for (const group of groups) {
      for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group, topics: [...topics] })) {
        for (const { partition, offset } of partitions)
          if (offset !== '-1') positions.push({ group, topic, partition, offset: BigInt(offset) });
      }
    }
    const ends: TopicEnd[] = [];
    for (const topic of topics) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic))
        ends.push({ topic, partition, low: BigInt(low), high: BigInt(high) });
    }
    return { clusterId, positions, ends };
  });
}

/** The groups that have members at the moment. One whose process was killed keeps it until its session times out. */
export async function groupsWithMembers(client: KafkaClientOptions, groups: readonly string[]): Promise<string[]> {
  const described = await withAdmin(client, (admin) => admin.describeGroups([...groups]));
  return described.groups.filter(({ members }) => members.length > 0).map(({ groupId }) => groupId);
}

/** Moves groups that have no members at the moment. Rejects while one has. */
export async function seekGroups(client: KafkaClientOptions, positions: readonly SeekOptions[]): Promise<void> {
  const kafka = createClient(client);
  const groups = Map.groupBy(positions, ({ group }) => group);
  await Promise.all([...groups].map(([group, places]) => moveGroup(kafka, group, places)));
}

/** By a member of its own, once for all topics: a broker lets a new group wait for seconds, and kafkajs would join for each. */
async function moveGroup(kafka: Kafka, group: string, places: readonly SeekOptions[]): Promise<void> {
  const consumer = kafka.consumer({ groupId: group, allowAutoTopicCreation: false });
  await consumer.connect();
  try {
    const { state } = await consumer.describeGroup();
    if (state !== 'Empty' && state !== 'Dead') throw new Error(`group ${group} is reading; stop its members first`);
    await consumer.subscribe({ topics: [...new Set(places.map(({ topic }) => topic))], fromBeginning: true });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => undefined });
    await joined;
    await consumer.commitOffsets(
      places.map(({ topic, partition, offset }) => ({ topic, partition, offset: String(offset) })),
    );
  } finally {
    await consumer.disconnect();
  }
}

/** Forgets a group that has no members any more. */
export async function deleteGroup(client: KafkaClientOptions, group: string): Promise<void> {
  await withAdmin(client, (admin) => admin.deleteGroups([group]));
}

async function withAdmin<T>(client: KafkaClientOptions, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = createClient(client).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
