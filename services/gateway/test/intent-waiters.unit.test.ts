import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StoredIntent } from '../src/domain/intents/intent.ts';
import { createIntentWaiters, type IntentWaitersOptions } from '../src/usecases/intents/intent-waiters.ts';

const signal = new AbortController().signal;
const decided = { goal: 'decided', timeoutMs: 5_000, signal } as const;

function intent(id: string, status: StoredIntent['status']): StoredIntent {
  const at = new Date(0);
  return {
    id,
    status,
    organizationId: 'org',
    agentId: 'agent',
    amountMinor: 1n,
    currency: 'INR',
    exponent: 2,
    reason: 'x',
    confidence: '1',
    merchant: null,
    merchantCategory: null,
    metadata: null,
    decision: null,
    createdAt: at,
    updatedAt: at,
  };
}

function setUp(overrides: Partial<IntentWaitersOptions> = {}) {
  const stored = new Map<string, StoredIntent>();
  const load = vi.fn(async (ids: readonly string[]) => ids.flatMap((id) => stored.get(id) ?? []));
  const onError = vi.fn();
  return { stored, load, onError, waiters: createIntentWaiters({ load, onError, sweepMs: 1_000, ...overrides }) };
}

describe('those who wait for an intent', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('are told together, from one read', async () => {
    const { stored, load, waiters } = setUp();
    const waits = ['int_1', 'int_1', 'int_2'].map((id) => waiters.begin(id, decided));
    stored.set('int_1', intent('int_1', 'approved')).set('int_2', intent('int_2', 'denied'));
    waiters.wake(['int_1', 'int_2', 'int_3']);
    const reached = await Promise.all(waits.map((wait) => wait.reached));
    expect(reached.map((found) => found?.status)).toEqual(['approved', 'approved', 'denied']);
    expect(load.mock.calls).toEqual([[['int_1', 'int_2']]]);
  });

  test('go on waiting for a final decision while a person is asked', async () => {
    const { stored, waiters } = setUp();
    const first = waiters.begin('int_1', decided);
    const last = waiters.begin('int_1', { ...decided, goal: 'final' });
    stored.set('int_1', intent('int_1', 'pending_approval'));
    waiters.wake(['int_1']);
    expect((await first.reached)?.status).toBe('pending_approval');
    stored.set('int_1', intent('int_1', 'approved'));
    waiters.wake(['int_1']);
    expect((await last.reached)?.status).toBe('approved');
  });

  test('are told by the sweep when the waking was lost', async () => {
    const { stored, waiters } = setUp({ sweepMs: 100 });
    const wait = waiters.begin('int_1', decided);
    stored.set('int_1', intent('int_1', 'approved'));
    await vi.advanceTimersByTimeAsync(101);
    expect((await wait.reached)?.status).toBe('approved');
  });

  test('are told by the next sweep when a read failed', async () => {
    const { stored, load, onError, waiters } = setUp({ sweepMs: 100 });
    load.mockRejectedValueOnce(new Error('the store is away'));
    const wait = waiters.begin('int_1', decided);
    stored.set('int_1', intent('int_1', 'approved'));
    await vi.advanceTimersByTimeAsync(250);
    expect((await wait.reached)?.status).toBe('approved');
    expect(onError).toHaveBeenCalledOnce();
  });

  test('stop when their time is up, their client has gone, or the service stops', async () => {
    const { waiters } = setUp();
    const client = new AbortController();
    const waits = [
      waiters.begin('int_1', { ...decided, timeoutMs: 50 }),
      waiters.begin('int_1', { ...decided, signal: client.signal }),
      waiters.begin('int_1', decided),
    ];
    await vi.advanceTimersByTimeAsync(51);
    client.abort();
    expect(await Promise.all(waits.slice(0, 2).map((wait) => wait.reached))).toEqual([null, null]);
    waiters.stop();
    expect(await waits[2]?.reached).toBeNull();
    expect(await waiters.begin('int_1', decided).reached).toBeNull();
  });

  test('are bounded in number: one too many does not wait', async () => {
    const { waiters } = setUp({ maxWaiters: 1 });
    const wait = waiters.begin('int_1', decided);
    expect(await waiters.begin('int_2', decided).reached).toBeNull();
    wait.cancel();
    const again = waiters.begin('int_2', { ...decided, timeoutMs: 10 });
    await vi.advanceTimersByTimeAsync(11);
    expect(await again.reached).toBeNull();
  });
});
