import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PARTITIONS_PER_TOPIC } from '../src/port.ts';
import { assignmentOf, type Candidate } from '../src/postgres-log/assignment.ts';

const candidates = fc.uniqueArray(
  fc.record({
    member: fc.string({ minLength: 1, maxLength: 4 }),
    topics: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
  }),
  { minLength: 1, maxLength: 15, selector: (candidate) => candidate.member },
);

const all = (group: readonly Candidate[]) => group.map((candidate) => assignmentOf(candidate.member, group));

test('gives every partition of a topic to exactly one of those who read it, and nobody a topic he does not read', () => {
  fc.assert(
    fc.property(candidates, (group) => {
      const shares = all(group);
      const read = new Set(group.flatMap((candidate) => candidate.topics));
      const given = shares.flat().map(({ topic, partition }) => `${topic}/${partition}`);
      expect(new Set(given).size).toBe(given.length);
      expect(given).toHaveLength(read.size * PARTITIONS_PER_TOPIC);
      for (const [index, candidate] of group.entries()) {
        expect(shares[index]?.every(({ topic }) => candidate.topics.includes(topic))).toBe(true);
      }
    }),
  );
});

test('does not depend on the order in which members are seen, and shares a topic as evenly as it goes', () => {
  fc.assert(
    fc.property(candidates, (group) => {
      const alike = group.map((candidate) => ({ ...candidate, topics: ['a'] }));
      const shares = all(alike);
      expect(all(alike.toReversed()).toReversed()).toEqual(shares);
      const sizes = shares.map((share) => share.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});
