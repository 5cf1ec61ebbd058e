import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COUNTED_AS,
  type CountedIntent,
  countedIn,
  deltasOf,
  IntentSets,
} from '../src/format/export/reconciliation.ts';

const intents = fc.array(
  fc.record<CountedIntent>({
    as: fc.constantFrom(...COUNTED_AS),
    intentId: fc.uuid(),
    currency: fc.constantFrom('INR', 'JPY', 'KWD'),
    amountMinor: fc.bigInt({ min: 1n, max: 10n ** 30n }).map(String),
  }),
  { minLength: 1, maxLength: 30 },
);

function totalsOf(counted: readonly CountedIntent[]) {
  const sets = new IntentSets();
  for (const intent of counted) sets.add(intent);
  return sets.totals();
}

describe('sets of intents', () => {
  it('are the same in whatever order they were counted', () => {
    fc.assert(
      fc.property(intents, fc.infiniteStream(fc.nat()), (counted, order) => {
        const shuffled = counted
          .map((intent) => [order.next().value ?? 0, intent] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, intent]) => intent);
        expect(totalsOf(shuffled)).toEqual(totalsOf(counted));
      }),
    );
  });

  it('tell an exchanged id from the one it took the place of, though count and sum are the same', () => {
    fc.assert(
      fc.property(intents, fc.uuid(), ([first, ...rest], otherId) => {
        fc.pre(first !== undefined && first.intentId !== otherId);
        if (first === undefined) return;
        const [ours, theirs] = [totalsOf([first, ...rest]), totalsOf([{ ...first, intentId: otherId }, ...rest])];
        expect(theirs[first.as].set_digest).not.toBe(ours[first.as].set_digest);
        expect(theirs[first.as]).toMatchObject({ count: ours[first.as].count });
        expect(deltasOf(ours, theirs)[first.as].count).toBe(0);
      }),
    );
  });

  it('differ by what one has more than the other, exactly, in each currency', () => {
    const inr = { as: 'approved', intentId: 'int_1', currency: 'INR', amountMinor: '9007199254740993' } as const;
    const jpy = { as: 'approved', intentId: 'int_2', currency: 'JPY', amountMinor: '7' } as const;
    expect(deltasOf(totalsOf([inr]), totalsOf([jpy])).approved).toEqual({
      count: 0,
      amounts_minor: { INR: '9007199254740993', JPY: '-7' },
    });
  });

  it('have the digest of their definition: words of SHA-256, each summed modulo 2^32', () => {
    const one = { as: 'submitted', intentId: 'int_1', currency: 'INR', amountMinor: '100' } as const;
    // printf 'int_1 INR 100' | sha256sum
    const digest = 'f665b6d60b4692f1db965cb46881f9859c9dd80aebfb1bdd7dac82c1a9048726';
    expect(totalsOf([one]).submitted.set_digest).toBe(digest);
    const doubled = digest.match(/.{8}/g)?.map((word) => ((2 * Number.parseInt(word, 16)) % 2 ** 32).toString(16));
    expect(totalsOf([one, one]).submitted.set_digest).toBe(doubled?.map((word) => word.padStart(8, '0')).join(''));
  });
});

describe('an entry', () => {
  const period = { from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' };
  const money = { amountMinor: '100', currency: 'INR', exponent: 2 };
  const submitted = (createdAt: string) => ({
    type: 'intent.submitted',
    data: { intentId: 'int_1', createdAt, money },
  });
  const decided = (outcome: string, final: boolean) => ({
    type: 'intent.decided',
    data: { intentId: 'int_1', intentCreatedAt: period.from, money, final, outcome },
  });

  it('counts in the half-open time in which its intent was created', () => {
    expect(countedIn(period, submitted(period.from))).toMatchObject({ as: 'submitted', amountMinor: '100' });
    expect(countedIn(period, submitted('2026-03-31T23:59:59.999Z'))).not.toBeNull();
    expect(countedIn(period, submitted(period.to))).toBeNull();
    expect(countedIn(period, submitted('2026-02-28T23:59:59.999Z'))).toBeNull();
    expect(countedIn({ ...period, from: null }, submitted('2020-01-01T00:00:00.000Z'))).not.toBeNull();
  });

  it('counts a decision once it is final, as what it came to', () => {
    expect(countedIn(period, decided('approved', true))?.as).toBe('approved');
    expect(countedIn(period, decided('denied', true))?.as).toBe('denied');
    expect(countedIn(period, decided('pending_approval', false))).toBeNull();
    expect(countedIn(period, { type: 'approval.responded', data: { intentId: 'int_1' } })).toBeNull();
  });
});
