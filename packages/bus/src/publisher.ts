import type { BusMessage } from './port.ts';

export interface PublisherOptions {
  /** Makes all messages durable, in order, or rejects. */
  readonly append: (messages: readonly BusMessage[]) => Promise<void>;
  /** Whether the messages are at fault rather than the infrastructure. Then calls that shared an append try it alone. */
  readonly isMessageFault: (error: unknown) => boolean;
  /** Most messages in one append, unless a single call brings more. Default 2,000. */
  readonly maxBatch?: number;
  /** Most messages waiting; beyond it `publish` rejects. Default 50,000. */
  readonly maxQueued?: number;
}

export interface Publisher {
  publish(messages: readonly BusMessage[]): Promise<void>;
  /** Resolves when nothing waits or is in flight. */
  drain(): Promise<void>;
}

interface Call {
  readonly messages: readonly BusMessage[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One append at a time, in the order of the calls, which is what keeps the order per key; calls that arrive while one is
 * in flight share the next.
 */
export function createPublisher(options: PublisherOptions): Publisher {
  const { append, isMessageFault, maxBatch = 2_000, maxQueued = 50_000 } = options;
  let calls: Call[] = [];
  let queued = 0;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (calls.length > 0) await write(take());
    running = undefined;
  }

  function take(): Call[] {
    let count = 0;
    let end = 0;
    for (const call of calls) {
      if (end > 0 && count + call.messages.length > maxBatch) break;
      count += call.messages.length;
      end += 1;
    }
    queued -= count;
    return calls.splice(0, end);
  }

  async function write(group: readonly Call[]): Promise<void> {
    const [first] = group;
    try {
      await append(group.length === 1 && first ? first.messages : group.flatMap((call) => call.messages));
      for (const call of group) call.resolve();
    } catch (error) {
      if (group.length > 1 && isMessageFault(error)) {
        for (const call of group) await write([call]);
      } else {
        for (const call of group) call.reject(error);
      }
    }
  }

  return {
    publish(messages) {
      if (messages.length === 0) return Promise.resolve();
      if (queued > 0 && queued + messages.length > maxQueued) {
        return Promise.reject(new Error(`${queued} messages are waiting to be published`));
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      calls.push({ messages, resolve, reject });
      queued += messages.length;
      running ??= run();
      return promise;
    },
    async drain() {
      await running;
    },
  };
}
