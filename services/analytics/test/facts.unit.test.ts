import { randomUUID } from 'node:crypto';
import type { AnyEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import { describe, expect, it } from 'vitest';
import { UnusableFactError, factsOf } from '../src/domain/facts.ts';
import { previousWindow, windowUntil } from '../src/domain/window.ts';
import { type TestIntent, decided, organizationSet, submitted } from './events.ts';

const intent: TestIntent = {
  organizationId: randomUUID(),
  intentId: newId('int'),
  agentId: randomUUID(),
  money: { amountMinor: '9'.repeat(38), currency: 'USD', exponent: 2 },
  amountBaseMinor: 8n,
  baseCurrency: 'INR',
  createdAt: new Date('2026-03-05T10:00:00.123Z'),
};

describe('facts', () => {
  it('keep an amount of 38 digits to the last one, and know the base currency from the decision on', () => {
    const { intents } = factsOf([submitted(intent), decided(intent, 'pending_approval'), decided(intent, 'denied')]);
    expect(
      intents.map(({ stage, status, baseCurrency, amountBaseMinor }) => [stage, status, baseCurrency, amountBaseMinor]),
    ).toEqual([
      [0, 'pending', null, null],
      [1, 'pending_approval', 'INR', 8n],
      [2, 'denied', 'INR', 8n],
    ]);
    for (const fact of intents) {
      expect(fact).toMatchObject({ amountMinor: BigInt('9'.repeat(38)), createdAt: intent.createdAt });
    }
  });

  it.each<[string, AnyEvent]>([
    ['an organisation that is no UUID', submitted({ ...intent, organizationId: 'acme' })],
    ['a time before the epoch', submitted({ ...intent, createdAt: new Date('1969-12-31') })],
    ['a time beyond what the store knows', submitted({ ...intent, createdAt: new Date('2300-01-01') })],
    ['an amount of 39 digits', submitted({ ...intent, money: { ...intent.money, amountMinor: '1'.repeat(39) } })],
    ['a base amount beyond the store’s range', decided({ ...intent, amountBaseMinor: 10n ** 38n }, 'approved')],
  ])('refuse %s, which no retry would make storable', (_, event) => {
    expect(() => factsOf([submitted(intent), event])).toThrow(UnusableFactError);
  });

  it('pass over events that state none', () => {
    const event = organizationSet(intent.organizationId, 'INR', new Date());
    const other = { ...event, type: 'approval.requested' } as AnyEvent;
    expect(factsOf([other])).toEqual({ intents: [], approvalResolutions: [], organizations: [] });
  });
});

describe('windows', () => {
  it('meet without a gap or an overlap', () => {
    const current = windowUntil(new Date('2026-03-31T12:00:00.000Z'), 30);
    expect(current.from).toEqual(new Date('2026-03-01T12:00:00.000Z'));
    expect(previousWindow(current)).toEqual({ from: new Date('2026-01-30T12:00:00.000Z'), to: current.from });
  });
});
