import { PARTITIONS_PER_TOPIC } from '../port.ts';
import type { TopicPartition } from './group-store.ts';

export interface Candidate {
  readonly member: string;
  readonly topics: readonly string[];
}

/**
 * The partitions that are a member's: of those who read a topic, sorted by name, the one at place `partition mod n`. All
 * members compute it alone and agree once they see the same members; leases keep them apart until then.
 */
export function assignmentOf(member: string, candidates: readonly Candidate[]): TopicPartition[] {
  const sorted = candidates.toSorted((a, b) => (a.member < b.member ? -1 : 1));
  const topics = sorted.find((candidate) => candidate.member === member)?.topics ?? [];
  return topics.flatMap((topic) => {
    const readers = sorted.filter((candidate) => candidate.topics.includes(topic));
    const place = readers.findIndex((candidate) => candidate.member === member);
    return Array.from({ length: PARTITIONS_PER_TOPIC }, (_, partition) => ({ topic, partition })).filter(
      ({ partition }) => partition % readers.length === place,
    );
  });
}
