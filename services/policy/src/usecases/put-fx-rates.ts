import { newId } from '@aegis/contracts/ids';
import { createEvent, encodeEvent } from '@aegis/contracts/events/envelope';
import type { Database } from '@aegis/postgres/database';
import { appendOutbox } from '@aegis/postgres/outbox';
import type { Clock } from '@aegis/runtime/clock';
import { type FxRate, rateDigest, type RateInput, readRates } from '../domain/fx.ts';
import { insertRates, loadRates } from '../store/fx-rates.ts';
import type { Caller } from './caller.ts';
import { requireOrganization } from './get-organization.ts';

/**
 * Records rates, each from its own time on; decisions that start afterwards use them. One that says what is on record
 * for its time already changes nothing. Resolves to the rates as they stand, in the order given.
 */
export async function putFxRates(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  caller: Caller,
  inputs: readonly RateInput[],
): Promise<FxRate[]> {
  const { organizationId } = caller;
  return database.tx(caller, async (tx) => {
    const { settings } = await requireOrganization(tx, organizationId, 'change');
    const now = clock.now();
    const wanted = readRates(inputs, settings.baseCurrency, now);
    const keys = wanted.map((rate) => ({ organizationId, ...rate, at: rate.effectiveAt }));
    const before = new Map(
      (await loadRates(tx, keys)).map(({ rate }) => [`${rate.currency} ${rate.effectiveAt}`, rate]),
    );
    const added: FxRate[] = [];
    const events: ReturnType<typeof encodeEvent>[] = [];
    const standing = wanted.map((rate) => {
      const known = before.get(`${rate.currency} ${rate.effectiveAt}`) ?? null;
      if (known?.rate === rate.rate) return known;
      const revision = (known?.revision ?? 0) + 1;
      const recorded = { ...rate, id: newId('fxr'), revision, recordedAt: now.toISOString() };
      added.push(recorded);
      events.push(recordedEvent(caller, known, recorded, now));
      return recorded;
    });
    await insertRates(tx, organizationId, added);
    await appendOutbox(tx, events);
    return standing;
  });
}

function recordedEvent(caller: Caller, before: FxRate | null, after: FxRate, time: Date) {
  const { id: rateId, currency, baseCurrency, rate, effectiveAt } = after;
  const data = {
    rateId,
    currency,
    baseCurrency,
    rate,
    effectiveAt,
    beforeSha256: before && rateDigest(before),
    afterSha256: rateDigest(after),
  };
  return encodeEvent(
    createEvent({ source: 'policy', ...caller, type: 'fx_rate.recorded', subject: rateId, time, data }),
  );
}
