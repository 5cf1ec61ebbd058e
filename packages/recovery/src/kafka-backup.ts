import { createHash } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { KafkaBusOptions } from '@aegis/bus/kafka';
import { type KafkaPositions, readPositions, type TopicEnd } from '@aegis/bus/kafka/positions';
import type { BusMessage } from '@aegis/bus/port';
import { EVENT_TOPICS, type Place, readMessages } from './kafka-messages.ts';
import type { KafkaPart } from './manifest.ts';
import { RecoveryError } from './recovery-error.ts';

/** Each service's consumer group bears its name. */
export const GROUPS = ['gateway', 'policy', 'approval', 'audit', 'analytics'];

const FILE = 'kafka.ndjson.gz';

/** Read before PostgreSQL's snapshot: what a group has committed by then, that snapshot has. */
export function readGroups(client: KafkaBusOptions): Promise<KafkaPositions> {
  return readPositions(client, GROUPS, EVENT_TOPICS);
}

/** Read right after the snapshot: what any outbox had given up by then lies below. */
export async function readEnds(client: KafkaBusOptions): Promise<readonly TopicEnd[]> {
  return (await readPositions(client, [], EVENT_TOPICS)).ends;
}

/**
 * Keeps how far the groups had come, and the messages that one of them had still to handle: without them, the loss of the
 * cluster would take what PostgreSQL has published and nobody has read.
 */
export async function dumpKafka(
  client: KafkaBusOptions,
  dir: string,
  before: KafkaPositions,
  ends: readonly TopicEnd[],
): Promise<KafkaPart> {
  const lines: string[] = [];
  await readMessages(client, unreadFrom(before), ends, async (messages) => {
    for (const { topic, key, headers, value } of messages) lines.push(JSON.stringify({ topic, key, headers, value }));
  });
  const bytes = gzipSync(lines.map((line) => `${line}\n`).join(''));
  await mkdir(dir, { recursive: true });
  const handle = await open(join(dir, FILE), 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return {
    clusterId: before.clusterId,
    positions: before.positions.map((position) => ({ ...position, offset: String(position.offset) })),
    unread: { file: FILE, messages: lines.length, sha256: createHash('sha256').update(bytes).digest('hex') },
  };
}

/** @throws RecoveryError when the file is not the one that was written */
export async function readUnread(dir: string, { unread }: KafkaPart): Promise<BusMessage[]> {
  const path = join(dir, unread.file);
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  if (createHash('sha256').update(bytes).digest('hex') !== unread.sha256)
    throw new RecoveryError(`${path} is not what the backup wrote. Take another copy of the backup.`);
  const lines = gunzipSync(bytes).toString().split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as BusMessage);
}

/** In each partition the place of the group that is furthest behind. Too early does no harm: handlers are idempotent. */
export function unreadFrom({ positions, ends }: Pick<KafkaPositions, 'positions' | 'ends'>): Place[] {
  const byTopic = Map.groupBy(positions, ({ topic }) => topic);
  return ends.map(({ topic, partition, low }) => {
    const groups = Map.groupBy(byTopic.get(topic) ?? [], ({ group }) => group);
    // A group that has come to other partitions of the topic, and not to this one, is at its beginning.
    const places = [...groups.values()].map((ofGroup) => ofGroup.find((p) => p.partition === partition)?.offset ?? low);
    const first = places.reduce((least, offset) => (offset < least ? offset : least), places[0] ?? low);
    return { topic, partition, offset: first < low ? low : first };
  });
}
