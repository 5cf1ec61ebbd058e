import type { Kafka, ProducerBatch } from 'kafkajs';
import { expect, test } from 'vitest';
import { IdempotentProducer } from '../src/kafka/producer.ts';
import { numbered } from './messages.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

class ProtocolError extends Error {
  readonly type: string;
  constructor(type: string) {
    super(type);
    this.type = type;
  }
}

/** Stands for the client: every producer it makes has a number, and fails as `failures` says for its sends in turn. */
function fakeClient(failures: (Error | undefined)[]) {
  const sends: { producer: number; values: (string | Buffer | null)[] }[] = [];
  const closed: number[] = [];
  let created = 0;
  const client = {
    producer() {
      const number = ++created;
      return {
        connect: async () => undefined,
        disconnect: async () => void closed.push(number),
        async sendBatch({ topicMessages = [] }: ProducerBatch) {
          const failure = failures.shift();
          const messages = topicMessages.flatMap((topic) => topic.messages);
          sends.push({ producer: number, values: messages.map((message) => message.value) });
          if (failure) throw failure;
        },
      };
    },
  };
  return { kafka: client as unknown as Kafka, sends, closed };
}

test('sends again with a new producer when the broker has lost count', async () => {
  const wrapped = new Error('retries exceeded', { cause: new ProtocolError('OUT_OF_ORDER_SEQUENCE_NUMBER') });
  const { kafka, sends, closed } = fakeClient([wrapped]);
  const producer = new IdempotentProducer(kafka, {}, log);
  await producer.send(numbered('topic', 2));
  expect(sends).toEqual([
    { producer: 1, values: ['0', '1'] },
    { producer: 2, values: ['0', '1'] },
  ]);
  expect(closed).toEqual([1]);
});

test('never uses a producer again that failed, so that the next messages cannot pass for a repetition', async () => {
  const { kafka, sends } = fakeClient([undefined, new Error('request timed out'), undefined]);
  const producer = new IdempotentProducer(kafka, {}, log);
  await producer.send(numbered('topic', 1, 1, 0));
  await expect(producer.send(numbered('topic', 1, 1, 1))).rejects.toThrow('request timed out');
  await producer.send(numbered('topic', 1, 1, 2));
  expect(sends.map((send) => send.producer)).toEqual([1, 1, 2]);
});

test('gives a sequence error back when a new producer meets it too', async () => {
  const lost = new ProtocolError('UNKNOWN_PRODUCER_ID');
  const { kafka, sends } = fakeClient([lost, lost]);
  await expect(new IdempotentProducer(kafka, {}, log).send(numbered('topic', 1))).rejects.toBe(lost);
  expect(sends).toHaveLength(2);
});
