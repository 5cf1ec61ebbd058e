import { backOffMs, pause } from '@aegis/bus/back-off';
import type { Log } from '@aegis/bus/log';
import pg from 'pg';
import { connectionConfig } from './connection.ts';
import { withTimeout } from './timeout.ts';

export interface ListenerOptions {
  readonly url: string;
  readonly channels: readonly string[];
  /** A hint that something changed. Hints are lost when the connection is: always sweep too. */
  readonly onNotify: (channel: string, payload: string) => void;
  /** LISTEN has become active, the first time or again. What was notified before was not heard, so look now. */
  readonly onListening: () => void;
  readonly log: Log;
  /** How often to ask the connection whether it is alive, in milliseconds. Default 5,000; it has 2,000 to answer. */
  readonly probeIntervalMs?: number;
}

export interface Listener {
  /** Whether notifications arrive now, as far as the last probe tells. */
  listening(): boolean;
  stop(): Promise<void>;
}

const PROBE_TIMEOUT_MS = 2_000;
const END_TIMEOUT_MS = 1_000;

/** Listens on a connection of its own, which it probes and replaces for as long as it runs. */
export function startListener(options: ListenerOptions): Listener {
  const { url, channels, onNotify, onListening, log, probeIntervalMs = 5_000 } = options;
  const stopping = new AbortController();
  let listening = false;

  /** Runs until the connection fails, then throws; or until `stop`. */
  async function listen(client: pg.Client): Promise<void> {
    const lost = new AbortController();
    client.on('error', () => lost.abort());
    client.on('end', () => lost.abort());
    client.on('notification', ({ channel, payload }) => onNotify(channel, payload ?? ''));
    await client.connect();
    await client.query(channels.map((channel) => `LISTEN ${pg.escapeIdentifier(channel)}`).join('; '));
    listening = true;
    onListening();
    const wakeUp = AbortSignal.any([stopping.signal, lost.signal]);
    while (!stopping.signal.aborted) {
      await pause(probeIntervalMs, wakeUp);
      if (!stopping.signal.aborted) await client.query('SELECT 1');
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted;) {
      const client = new pg.Client({
        ...connectionConfig(url, { application_name: `listen ${channels.join(' ')}` }),
        query_timeout: PROBE_TIMEOUT_MS,
      });
      try {
        await listen(client);
      } catch (error) {
        failures = listening ? 0 : failures + 1;
        log.warn({ err: error, channels }, 'listening connection lost, opening another');
      }
      listening = false;
      await withTimeout(client.end(), END_TIMEOUT_MS).catch(() => undefined);
      await pause(backOffMs(failures), stopping.signal);
    }
  }

  const running = run();
  return {
    listening: () => listening,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
