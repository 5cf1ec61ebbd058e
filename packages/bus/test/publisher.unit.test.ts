import { expect, test } from 'vitest';
import type { BusMessage } from '../src/port.ts';
import { createPublisher } from '../src/publisher.ts';
import { numbered, numbersOf, range } from './messages.ts';

/** An append that is answered by hand. */
function gated() {
  const appends: { readonly messages: readonly BusMessage[]; readonly done: PromiseWithResolvers<void> }[] = [];
  const append = (messages: readonly BusMessage[]) => {
    const done = Promise.withResolvers<void>();
    appends.push({ messages, done });
    return done.promise;
  };
  return { appends, append };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('calls that arrive while an append is in flight share the next, in their order', async () => {
  const { appends, append } = gated();
  const publisher = createPublisher({ append, isMessageFault: () => false });
  const calls = range(4).map((call) => publisher.publish(numbered('t', 10, 3, call * 10)));
  expect(appends).toHaveLength(1);
  appends[0]?.done.resolve();
  await settled();
  expect(appends).toHaveLength(2);
  expect(appends[1]?.messages.map((message) => Number(message.value))).toEqual(range(30, 10));
  appends[1]?.done.resolve();
  await Promise.all(calls);
});

test('a call whose own messages are at fault fails alone', async () => {
  const written: BusMessage[] = [];
  const append = async (messages: readonly BusMessage[]) => {
    await settled();
    if (messages.some((message) => message.value === '15')) throw new Error('bad message');
    written.push(...messages);
  };
  const publisher = createPublisher({ append, isMessageFault: () => true });
  const outcomes = await Promise.allSettled(range(4).map((call) => publisher.publish(numbered('t', 5, 1, call * 5))));
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  expect(numbersOf(written)).toEqual(range(15));
});

test('a failure of the infrastructure fails every call that shared the append, without trying each', async () => {
  const { appends, append } = gated();
  const publisher = createPublisher({ append, isMessageFault: () => false });
  const calls = Promise.allSettled(range(3).map((call) => publisher.publish(numbered('t', 1, 1, call))));
  appends[0]?.done.resolve();
  await settled();
  appends[1]?.done.reject(new Error('no connection'));
  expect((await calls).map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(appends).toHaveLength(2);
});

test('takes no more than its queue holds, nor writes more than a batch at once', async () => {
  const { appends, append } = gated();
  const publisher = createPublisher({ append, isMessageFault: () => false, maxBatch: 15, maxQueued: 30 });
  const accepted = range(4).map((call) => publisher.publish(numbered('t', 10, 1, call * 10)));
  await expect(publisher.publish(numbered('t', 10))).rejects.toThrow('30 messages are waiting');
  for (let next = 0; next < 4; next += 1) {
    expect(appends[next]?.messages).toHaveLength(10);
    appends[next]?.done.resolve();
    await settled();
  }
  await Promise.all(accepted);
  await publisher.drain();
});
