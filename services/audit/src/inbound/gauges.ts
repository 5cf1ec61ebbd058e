import type { Subscription } from '@aegis/bus/port';
import { chainHeight, consumerLag, scheduledExports, scheduledExportsOverdue } from '@aegis/runtime/domain-metrics';
import type { Logger } from '@aegis/runtime/log';
import { AUDIT_GROUP } from './consumer.ts';

export interface GaugeOptions {
  readonly consumer: Subscription;
  /** Looks how long the chains are together. */
  readonly readHeight: () => Promise<number>;
  /** Looks how long the oldest scheduled export is overdue. */
  readonly readOverdueSeconds: () => Promise<number>;
  readonly log: Logger;
}

const REFRESH_MS = 15_000;

/**
 * Reports the lag of the consumer, and the height of the log and what is overdue as of the last look. Returns the way out.
 */
export function startGauges({ consumer, readHeight, readOverdueSeconds, log }: GaugeOptions): () => void {
  let [height, overdueSeconds] = [0, 0];
  const refresh = () =>
    Promise.all([readHeight(), readOverdueSeconds()]).then(
      (values) => {
        [height, overdueSeconds] = values;
      },
      (error: unknown) => log.debug({ err: error }, 'the height of the log could not be read'),
    );
  void refresh();
  for (const result of ['completed', 'failed']) scheduledExports.add(0, { result });
  const timer = setInterval(() => void refresh(), REFRESH_MS);
  const forget = [
    chainHeight.observe(() => height, {}),
    scheduledExportsOverdue.observe(() => overdueSeconds, {}),
    consumerLag.observe(() => consumer.health().lag, { group: AUDIT_GROUP }),
  ];
  return () => {
    clearInterval(timer);
    for (const end of forget) end();
  };
}
