import type { SeekOptions } from '../seek-options.ts';
import { createClient, type KafkaClientOptions } from './client.ts';

/** Moves a group to an offset, to read messages again or to pass over them. Rejects while the group has members. */
export async function seekGroup(
  client: KafkaClientOptions,
  { group, topic, partition, offset }: SeekOptions,
): Promise<void> {
  const admin = createClient(client).admin();
  await admin.connect();
  try {
    await admin.setOffsets({ groupId: group, topic, partitions: [{ partition, offset: String(offset) }] });
  } finally {
    await admin.disconnect();
  }
}
