import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Delivery } from '../src/port.ts';
import { Partition } from '../src/postgres-log/partition.ts';
import { range } from './messages.ts';

function deliveries(first: number, count: number): Delivery[] {
  return range(count, first).map((offset) => ({
    topic: 'topic',
    partition: 0,
    offset: BigInt(offset),
    key: 'key',
    headers: {},
    value: String(offset),
  }));
}

class FakeReader {
  position = 0;
  woken = 0;
  wake(): void {
    this.woken += 1;
  }
}

test('never hands out anything but the messages of the log that were asked for, whatever was appended elsewhere', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('here'), count: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constant('elsewhere'), count: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ kind: fc.constant('read'), count: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ kind: fc.constant('trim'), count: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (steps, limit) => {
      const partition = new Partition('topic', 0);
      const reader = new FakeReader();
      partition.readers.add(reader);
      let end = 0;
      for (const { kind, count } of steps) {
        if (kind === 'here') partition.append(end, deliveries(end, count), limit);
        if (kind === 'here' || kind === 'elsewhere') end += count;
        if (kind === 'trim') partition.trim();
        if (kind !== 'read') continue;
        const recent = partition.recent(reader.position, count) ?? [];
        expect(recent.map(({ offset }) => Number(offset))).toEqual(range(recent.length, reader.position));
        expect(reader.position + recent.length).toBeLessThanOrEqual(end);
        reader.position = Math.min(end, reader.position + count);
      }
    }),
  );
});

test('serves what was just published here from memory, to all readers, and lets it go when the last has taken it', () => {
  const partition = new Partition('topic', 0);
  const [fast, slow] = [new FakeReader(), new FakeReader()];
  partition.readers.add(fast).add(slow);
  partition.append(0, deliveries(0, 5), 100);
  expect([fast.woken, slow.woken]).toEqual([1, 1]);
  expect(partition.recent(0, 10)).toHaveLength(5);
  fast.position = 5;
  partition.trim();
  expect(partition.recent(0, 10)).toHaveLength(5);
  slow.position = 3;
  partition.trim();
  expect(partition.recent(2, 10)).toBeUndefined();
  expect(partition.recent(3, 10)).toHaveLength(2);
});

test('remembers nothing while nobody reads, and no more than the limit for those who lag', () => {
  const partition = new Partition('topic', 0);
  partition.append(0, deliveries(0, 5), 100);
  expect(partition.recent(0, 10)).toBeUndefined();
  partition.readers.add(new FakeReader());
  partition.append(5, deliveries(5, 50), 20);
  expect(partition.recent(34, 10)).toBeUndefined();
  expect(partition.recent(35, 100)).toHaveLength(20);
  expect(partition.head).toBe(55);
});
