import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor, toPage } from '../src/pagination.ts';

const build = (rows: number[], limit: number, total: number) =>
  toPage({ rows, limit, offset: 0, total, cursorOf: (row) => row, present: (row) => ({ id: row }) });

test('walking by cursor shows every row once, whatever the limit', () => {
  fc.assert(
    fc.property(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 100 }), (count, limit) => {
      const all = Array.from({ length: count }, (_, index) => index);
      const seen: number[] = [];
      for (let after = -1; ;) {
        const rows = all.filter((row) => row > after).slice(0, limit + 1);
        const page = build(rows, limit, count);
        seen.push(...page.data.map((row) => row.id));
        expect(page.pagination.hasMore).toBe(page.pagination.nextCursor !== null);
        if (page.pagination.nextCursor === null) break;
        after = decodeCursor(page.pagination.nextCursor, z.number());
      }
      expect(seen).toEqual(all);
    }),
  );
});

test('the total is exact to 10,000, then null', () => {
  expect(build([], 20, 10_000).pagination.total).toBe(10_000);
  expect(build([], 20, 10_001).pagination.total).toBeNull();
});

test.each(['', 'x', encodeCursor('text'), encodeCursor({ id: 1 }), '💥'])(
  'the cursor %j is refused with 400',
  (cursor) => {
    expect(() => decodeCursor(cursor, z.number())).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  },
);
