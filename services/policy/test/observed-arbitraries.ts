import fc from 'fast-check';
import { observe } from '../src/domain/context.ts';
import { putBudget } from '../src/domain/purse.ts';
import { AMOUNTS, RATIOS, TEXTS } from './rule-arbitraries.ts';
import { account, RUPEES, submission, surroundings } from './samples.ts';

const text = fc.constantFrom(...TEXTS);
const maybeText = fc.constantFrom(...TEXTS, '', '  ', null);

const metadata = fc.option(
  fc.record(
    {
      project: fc.oneof(text, fc.constantFrom(1, 2, true, null)),
      count: fc.constantFrom(1, 2, 3, '2', null),
      urgent: fc.constantFrom(true, false, 'true'),
      nested: fc.oneof(fc.record({ deep: fc.oneof(text, fc.nat(3)) }), fc.constantFrom('flat', null, 7)),
    },
    { requiredKeys: [] },
  ),
);

const money = fc.oneof(
  fc
    .constantFrom(...AMOUNTS)
    .map((amount) => ({ minor: BigInt(Math.round(amount * 100)), currency: 'INR', exponent: 2 })),
  fc.constantFrom(...AMOUNTS).map((amount) => ({ minor: BigInt(Math.round(amount)), currency: 'JPY', exponent: 0 })),
  fc
    .constantFrom(...AMOUNTS)
    .map((amount) => ({ minor: BigInt(Math.round(amount * 1_000)), currency: 'KWD', exponent: 3 })),
);

/** An intent with what a decision sees beside it. */
export const observed = fc
  .record({
    money,
    reason: text,
    merchant: maybeText,
    merchantCategory: maybeText,
    metadata,
    confidence: fc.constantFrom(...RATIOS).map(String),
    createdAt: fc.constantFrom('2026-03-05T10:00:00.000Z', '2026-03-07T20:00:00.000Z', '2026-02-28T18:29:59.999Z'),
    agent: fc.record({ name: text, riskLevel: fc.constantFrom('low', 'medium', 'high') }),
    spent: fc.constantFrom(0n, 5_000n, 10_000n, 9_007_199_254_740_993n),
    held: fc.constantFrom(0n, 1n, 100_000n),
  })
  .map(({ money: given, agent, spent, held, ...rest }) => {
    const amount = { amountMinor: (given.minor || 1n).toString(), currency: given.currency, exponent: given.exponent };
    const intent = submission({ ...rest, money: amount });
    const spender = account(agent);
    for (const [kind, start] of [
      ['day', '2026-03-05'],
      ['month', '2026-03-01'],
    ] as const) {
      putBudget(spender, { kind, start, spent, held });
    }
    return { intent, context: observe(intent, RUPEES, spender, surroundings(), []) };
  });

export const risks = fc.constantFrom('0', '0.12', '0.5', '1');
