import type { Check } from '@aegis/runtime/service';
import { describe, expect, it } from 'vitest';
import { readinessOnBus } from '../src/checks.ts';

const OK: Check = { ok: true };
const FAILED: Check = { ok: false, detail: 'no answer' };

function service() {
  const state = { database: OK, outbox: FAILED, consumer: FAILED };
  const readiness = readinessOnBus(
    async () => ({ database: state.database }),
    () => ({ outbox: state.outbox, consumer: state.consumer }),
  );
  return { state, readiness };
}

describe('a service on the bus', () => {
  it('gets no traffic before it publishes and has joined its group', async () => {
    const { state, readiness } = service();
    expect((await readiness()).ready).toBe(false);
    state.outbox = OK;
    expect((await readiness()).ready).toBe(false);
    state.consumer = OK;
    expect((await readiness()).ready).toBe(true);
  });

  it('keeps its traffic when the broker goes away, and says what fails', async () => {
    const { state, readiness } = service();
    Object.assign(state, { outbox: OK, consumer: OK });
    await readiness();
    Object.assign(state, { outbox: FAILED, consumer: FAILED });
    expect(await readiness()).toEqual({
      ready: true,
      checks: { database: OK, outbox: FAILED, consumer: FAILED },
    });
  });

  it('gets none while its store is away', async () => {
    const { state, readiness } = service();
    Object.assign(state, { outbox: OK, consumer: OK });
    await readiness();
    state.database = FAILED;
    expect((await readiness()).ready).toBe(false);
    state.database = OK;
    expect((await readiness()).ready).toBe(true);
  });
});
