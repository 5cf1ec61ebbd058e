import { expect, test } from 'vitest';
import {
  acceptableRequestId,
  bearerToken,
  idempotencyKey,
  parseTraceparent,
  preferredWaitSeconds,
} from '../src/request-headers.ts';

test.each([
  ['Bearer abc', 'abc'],
  ['bearer   abc', 'abc'],
  ['Bearer  abc ', 'abc'],
  ['Bearer ', undefined],
  ['Basic YTpi', undefined],
  [undefined, undefined],
])('%j carries the token %j', (header, token) => {
  expect(bearerToken(header)).toBe(token);
});

test.each([
  ['wait=5', 5],
  ['respond-async, wait=10', 10],
  ['wait = "7"; foo', 7],
  ['wait=9999', 30],
  ['await=5', 0],
  ['wait=-1', 0],
  [undefined, 0],
])('Prefer: %j waits %i s', (header, seconds) => {
  expect(preferredWaitSeconds(header)).toBe(seconds);
});

test('a request id that could break a log line or a header is not taken over', () => {
  expect(acceptableRequestId('req-1:a/b')).toBe('req-1:a/b');
  for (const id of ['', 'a b', 'a\nb', 'é', 'x'.repeat(129)]) expect(acceptableRequestId(id)).toBeUndefined();
});

test('only a well-formed traceparent is passed on', () => {
  const valid = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  expect(parseTraceparent(valid)).toBe(valid);
  for (const bad of [
    valid.replace('00-', 'ff-'),
    valid.toUpperCase(),
    `${valid}-x`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  ]) {
    expect(parseTraceparent(bad)).toBeNull();
  }
});

test('an Idempotency-Key is 1 to 255 printable characters', () => {
  expect(idempotencyKey('order-17')).toBe('order-17');
  expect(idempotencyKey(undefined)).toBeNull();
  for (const bad of ['', 'a b', 'é', 'x'.repeat(256)]) expect(() => idempotencyKey(bad)).toThrow('Idempotency-Key');
});
