import { argv, stdout } from 'node:process';
import type { AnyEvent } from '@aegis/contracts/events/envelope';
import { recordFacts } from '../src/usecases/record-facts.ts';
import { decided } from './events.ts';
import { openStore } from './open-store.ts';

export const ORGANIZATION = '00000000-0000-4000-8000-000000000001';
export const AMOUNT_MINOR = 9_007_199_254_740_993n;
export const BATCH = 200;
export const UNTIL = new Date('2026-03-31');

/** Batches are the same in every process: that of one number is always the same intents. */
export function batchOf(batch: number): AnyEvent[] {
  return Array.from({ length: BATCH }, (_, index) => {
    const intentId = `int_${(batch * BATCH + index).toString(16).padStart(32, '0')}`;
    const money = { amountMinor: AMOUNT_MINOR.toString(), currency: 'INR', exponent: 2 };
    const createdAt = new Date('2026-03-05');
    const intent = {
      organizationId: ORGANIZATION,
      intentId,
      agentId: ORGANIZATION,
      money,
      baseCurrency: 'INR',
      createdAt,
    };
    return decided({ ...intent, amountBaseMinor: AMOUNT_MINOR }, 'approved');
  });
}

if (import.meta.main) {
  const { store } = await openStore(argv[2]);
  for (let batch = Number(argv[3]); ; batch += 1) {
    await recordFacts(store, batchOf(batch));
    stdout.write(`${batch}\n`);
  }
}
