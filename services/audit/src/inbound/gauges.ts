import type { Subscription } from '@aegis/bus/port';
import { chainHeight, consumerLag } from '@aegis/runtime/domain-metrics';
import type { Logger } from '@aegis/runtime/log';
import { AUDIT_GROUP } from './consumer.ts';

export interface GaugeOptions {
  readonly consumer: Subscription;
  /** Looks how long the chains are together. */
  readonly readHeight: () => Promise<number>;
  readonly log: Logger;
}

const REFRESH_MS = 15_000;

/** Reports the lag of the consumer, and the height of the log as of the last look. Returns the way out. */
export function startGauges({ consumer, readHeight, log }: GaugeOptions): () => void {
  let height = 0;
  const refresh = () =>
    readHeight().then(
      (value) => {
        height = value;
      },
      (error: unknown) => log.debug({ err: error }, 'the height of the log could not be read'),
    );
  void refresh();
  const timer = setInterval(() => void refresh(), REFRESH_MS);
  const forget = [
    chainHeight.observe(() => height, {}),
    consumerLag.observe(() => consumer.health().lag, { group: AUDIT_GROUP }),
  ];
  return () => {
    clearInterval(timer);
    for (const end of forget) end();
  };
}
