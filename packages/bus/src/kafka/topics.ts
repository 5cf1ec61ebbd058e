import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { PARTITIONS_PER_TOPIC } from '../port.ts';

const KEEP_FOR_MS = 7 * 24 * 3_600_000;
const LEADERS_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/** Creates what is missing, and waits until it can be used. Somebody else may create it at the same moment. */
export async function createTopics(admin: Admin, topics: readonly string[]): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = [...new Set(topics)].filter((topic) => !existing.has(topic));
  if (missing.length === 0) return;
  await admin.createTopics({
    // kafkajs' own wait ends with an error when the broker has not heard of the new topic yet.
    waitForLeaders: false,
    topics: missing.map((topic) => ({
      topic,
      numPartitions: PARTITIONS_PER_TOPIC,
      configEntries: [{ name: 'retention.ms', value: String(KEEP_FOR_MS) }],
    })),
  });
  const deadline = performance.now() + LEADERS_TIMEOUT_MS;
  while (!(await areUsable(admin, missing))) {
    if (performance.now() > deadline)
      throw new Error(`no leaders for ${missing.join(', ')} in ${LEADERS_TIMEOUT_MS} ms`);
    await sleep(POLL_MS);
  }
}

/** A leader may be named before it knows of it, so it is asked something. */
async function areUsable(admin: Admin, topics: string[]): Promise<boolean> {
  try {
    const metadata = await admin.fetchTopicMetadata({ topics });
    if (!metadata.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return false;
    for (const topic of topics) await admin.fetchTopicOffsets(topic);
    return true;
  } catch (error) {
    if (error instanceof Error && 'retriable' in error && error.retriable === true) return false;
    throw error;
  }
}
