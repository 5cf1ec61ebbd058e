import { fork } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from '@aegis/testkit/eventually';
import type { Address } from './connect.ts';

export interface ConsumerConfig {
  readonly address: Address;
  readonly group: string;
  readonly topics: readonly string[];
  readonly maxBatch?: number;
  /** After each batch, waits in the handler to be told to go on. */
  readonly hang?: boolean;
}

/** A message as a consumer reports it. */
export interface Seen {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  readonly partition: number;
  readonly offset: string;
}

export type ConsumerReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'log'; readonly level: string; readonly message: string }
  /** `at` is the machine's monotonic clock in nanoseconds, the same in all its processes. */
  | { readonly kind: 'handled'; readonly at: string; readonly messages: readonly Seen[] };

export interface ConsumerProcess {
  readonly pid: number;
  /** All it has handled, with the time each batch began. */
  readonly handled: readonly { readonly at: bigint; readonly message: Seen }[];
  readonly lines: readonly string[];
  goOn(): void;
  stop(): Promise<void>;
  /** Resolves to the signal that ended the process. */
  kill(): Promise<NodeJS.Signals | null>;
}

/** Starts a real process that subscribes; resolves when it has joined its group. */
export async function startConsumer(config: ConsumerConfig): Promise<ConsumerProcess> {
  const child = fork(join(import.meta.dirname, 'consumer-process.ts'), [JSON.stringify(config)], { execArgv: [] });
  const handled: { at: bigint; message: Seen }[] = [];
  const lines: string[] = [];
  let ready = false;
  child.on('message', (report: ConsumerReport) => {
    if (report.kind === 'ready') ready = true;
    else if (report.kind === 'log') lines.push(`${report.level} ${report.message}`);
    else for (const message of report.messages) handled.push({ at: BigInt(report.at), message });
  });
  const exited = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('exit', (_code, signal) => resolve(signal)),
  );
  void exited.then(() => lines.push('exited'));
  await eventually(() => ready || lines.includes('exited'), { timeoutMs: 30_000 });
  if (!ready) throw new Error(`the consumer ended at once:\n${lines.join('\n')}`);
  return {
    pid: child.pid ?? 0,
    handled,
    lines,
    goOn: () => void child.send('go on'),
    async stop() {
      if (child.connected) child.send('stop');
      await exited;
    },
    kill() {
      child.kill('SIGKILL');
      return exited;
    },
  };
}
