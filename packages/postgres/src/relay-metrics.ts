import { metrics } from '@opentelemetry/api';
import type { RelayHealth } from './relay.ts';

/** Reports a relay's backlog under `aegis.outbox.*` whenever metrics are collected. Returns what stops it. */
export function observeRelay(schema: string, health: () => RelayHealth): () => void {
  const meter = metrics.getMeter('@aegis/postgres');
  const lag = meter.createObservableGauge('aegis.outbox.lag', { description: 'Events committed but not published' });
  const age = meter.createObservableGauge('aegis.outbox.age.seconds', { description: 'Wait of the oldest of them' });
  const published = meter.createObservableCounter('aegis.outbox.published', { description: 'Events published' });
  const instruments = [lag, age, published];
  const observe: Parameters<typeof meter.addBatchObservableCallback>[0] = (result) => {
    const now = health();
    result.observe(lag, now.lag, { schema });
    result.observe(age, now.oldestAgeMs / 1_000, { schema });
    result.observe(published, now.published, { schema });
  };
  meter.addBatchObservableCallback(observe, instruments);
  return () => meter.removeBatchObservableCallback(observe, instruments);
}
