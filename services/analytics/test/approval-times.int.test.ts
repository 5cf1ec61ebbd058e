import { randomUUID } from 'node:crypto';
import { newId } from '@aegis/contracts/ids';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../src/store/store.ts';
import { getApprovalTimes } from '../src/usecases/get-approval-times.ts';
import { recordFacts } from '../src/usecases/record-facts.ts';
import { type TestResolution, resolved } from './events.ts';
import { openStore } from './open-store.ts';

const UNTIL = new Date('2026-03-31T00:00:00.000Z');
const FROM_MS = UNTIL.getTime() - 7 * 86_400_000;

const { signal } = new AbortController();
let store: Store;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ store, close } = await openStore());
});
afterAll(() => close());

function timesOf(organizationId: string) {
  return getApprovalTimes(store, { organizationId, days: 7, until: UNTIL }, { signal });
}

/** interpolated between the two nearest of the sorted values. */
function percentile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const low = sorted[Math.floor(position)] ?? 0;
  const high = sorted[Math.ceil(position)] ?? 0;
  return low + (high - low) * (position - Math.floor(position));
}

describe('approval times', () => {
  it('equal a reference over random resolutions, delivered twice and shuffled', { timeout: 600_000 }, async () => {
    const shape = fc.record({
      outcome: fc.constantFrom('approved' as const, 'rejected' as const, 'expired' as const),
      tookMs: fc.integer({ min: 0, max: 90_000_000 }),
      resolvedAtMs: fc.oneof(
        fc.constantFrom(FROM_MS - 1, FROM_MS, UNTIL.getTime() - 1, UNTIL.getTime()),
        fc.integer({ min: FROM_MS - 1000, max: UNTIL.getTime() + 1000 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(shape, { maxLength: 30 }), async (shapes) => {
        const organizationId = randomUUID();
        const events = shapes.map(({ outcome, tookMs, resolvedAtMs }) =>
          resolved({
            organizationId,
            approvalId: newId('apr'),
            outcome,
            requestedAt: new Date(resolvedAtMs - tookMs),
            resolvedAt: new Date(resolvedAtMs),
          }),
        );
        await recordFacts(store, events.toReversed());
        await recordFacts(store, events);

        const current = shapes.filter((s) => s.resolvedAtMs >= FROM_MS && s.resolvedAtMs < UNTIL.getTime());
        const count = (outcome: string) => BigInt(current.filter((s) => s.outcome === outcome).length);
        const took = current
          .filter((s) => s.outcome !== 'expired')
          .map((s) => s.tookMs / 1000)
          .toSorted((a, b) => a - b);
        const times = await timesOf(organizationId);
        expect(times).toMatchObject({
          responded: BigInt(took.length),
          approved: count('approved'),
          rejected: count('rejected'),
          expired: count('expired'),
        });
        if (took.length === 0) {
          expect(times.seconds).toBeNull();
          return;
        }
        expect(times.seconds?.minimum).toBe(took[0]);
        expect(times.seconds?.maximum).toBe(took.at(-1));
        expect(times.seconds?.average).toBeCloseTo(took.reduce((sum, each) => sum + each, 0) / took.length, 3);
        expect(times.seconds?.p50).toBeCloseTo(percentile(took, 0.5), 3);
        expect(times.seconds?.p95).toBeCloseTo(percentile(took, 0.95), 3);
      }),
      { numRuns: Number(process.env.AEGIS_TEST_RUNS ?? 40) },
    );
  });

  it("leave out another organisation's", async () => {
    const theirs: TestResolution = {
      organizationId: randomUUID(),
      approvalId: newId('apr'),
      outcome: 'approved',
      requestedAt: new Date(FROM_MS),
      resolvedAt: new Date(FROM_MS + 1000),
    };
    await recordFacts(store, [resolved(theirs)]);
    expect(await timesOf(theirs.organizationId)).toMatchObject({ responded: 1n, seconds: { average: 1 } });
    expect(await timesOf(randomUUID())).toMatchObject({ responded: 0n, expired: 0n, seconds: null });
  });
});
