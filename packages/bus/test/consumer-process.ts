import { connect } from './connect.ts';
import type { ConsumerConfig, ConsumerReport } from './consumer.ts';

// A member of a group in a process of its own; `startConsumer` is its other half.
const config = JSON.parse(process.argv[2] ?? '') as ConsumerConfig;

function report(message: ConsumerReport): Promise<void> {
  return new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}

const line = (level: string) => (_fields: object, message: string) => void report({ kind: 'log', level, message });
const log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
const { bus, close } = connect(config.address, log);

await bus.subscribe({
  group: config.group,
  topics: config.topics,
  maxBatch: config.maxBatch ?? 100,
  async handle(batch) {
    const at = String(process.hrtime.bigint());
    const messages = batch.map(({ topic, key, value, partition, offset }) => ({
      topic,
      key,
      value,
      partition,
      offset: String(offset),
    }));
    await report({ kind: 'handled', at, messages });
    if (config.hang)
      await new Promise<void>((resolve) => process.once('message', (order) => order === 'go on' && resolve()));
  },
});
await report({ kind: 'ready' });

process.on('message', (order) => {
  if (order === 'stop') void close().then(() => process.exit(0));
});
process.on('disconnect', () => process.exit(1));
