import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decisive } from '../src/domain/intents/decisive.ts';

const delivery = fc.record({
  intentId: fc.constantFrom('int_1', 'int_2', 'int_3'),
  final: fc.boolean(),
  serial: fc.nat(),
});

test('of all deliveries in a batch exactly one an intent counts, and a final one if there is any', () => {
  fc.assert(
    fc.property(fc.array(delivery, { maxLength: 20 }), (deliveries) => {
      const chosen = decisive(deliveries);
      const ids = new Set(deliveries.map(({ intentId }) => intentId));
      expect(chosen.map(({ intentId }) => intentId).toSorted()).toEqual([...ids].toSorted());
      for (const { intentId, final } of chosen) {
        expect(final).toBe(deliveries.some((other) => other.intentId === intentId && other.final));
      }
    }),
  );
});

test('the first of several final decisions counts', () => {
  const deliveries = [
    { intentId: 'int_1', final: false, serial: 1 },
    { intentId: 'int_1', final: true, serial: 2 },
    { intentId: 'int_1', final: true, serial: 3 },
  ];
  expect(decisive(deliveries)).toEqual([{ intentId: 'int_1', final: true, serial: 2 }]);
});
