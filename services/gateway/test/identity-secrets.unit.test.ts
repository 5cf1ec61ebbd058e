import type { ProblemError } from '@aegis/contracts/problems';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apiKeyDisplayPrefix, apiKeySecret, isApiKeySecret } from '../src/domain/identity/api-key-secret.ts';
import { createPasswordHasher } from '../src/security/password-hasher.ts';
import { createSecretBox } from '@aegis/runtime/secret-box';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.split('');

test('every 256 bits make a well-formed key, and different bits a different one', () => {
  fc.assert(
    fc.property(bytes(32), bytes(32), (a, b) => {
      const secret = apiKeySecret(a);
      expect(secret).toMatch(/^aegis_sk_[0-9A-Za-z]{49}$/);
      expect(isApiKeySecret(secret)).toBe(true);
      expect(secret === apiKeySecret(b)).toBe(Buffer.compare(a, b) === 0);
      expect(apiKeyDisplayPrefix(secret)).toBe(secret.slice(0, 13));
    }),
  );
});

test('any one wrong character, and any two swapped neighbours, are told by the checksum', () => {
  const place = fc.integer({ min: 9, max: 57 });
  fc.assert(
    fc.property(bytes(32), place, fc.constantFrom(...BASE62), (random, at, character) => {
      const secret = apiKeySecret(random);
      const mistyped = secret.slice(0, at) + character + secret.slice(at + 1);
      expect(isApiKeySecret(mistyped)).toBe(mistyped === secret);
      const swapped = at === 57 ? secret : secret.slice(0, at) + secret[at + 1] + secret[at] + secret.slice(at + 2);
      expect(isApiKeySecret(swapped)).toBe(swapped === secret);
    }),
    { numRuns: 1_000 },
  );
});

test('no other text passes for a key', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `aegis_sk_${text}`),
      ),
      (text) => !isApiKeySecret(text),
    ),
  );
});

test('a box gives back what was put in, under its own key and context only, and unchanged only', () => {
  fc.assert(
    fc.property(bytes(32), fc.uint8Array({ maxLength: 200 }), fc.string(), fc.nat(), (key, secret, context, at) => {
      const box = createSecretBox(key);
      const sealed = box.seal(secret, context);
      expect(box.open(sealed, context)).toEqual(Buffer.from(secret));
      expect(sealed).not.toEqual(box.seal(secret, context));
      expect(() => box.open(sealed, `${context}x`)).toThrow();
      const other = key.map((byte) => byte ^ 1);
      expect(() => createSecretBox(other).open(sealed, context)).toThrow();
      // While one key follows another, both open, and the first tells what it has sealed.
      const both = createSecretBox([other, key]);
      expect(both.open(sealed, context)).toEqual(Buffer.from(secret));
      expect(both.isCurrent(sealed, context)).toBe(false);
      expect(both.isCurrent(both.seal(secret, context), context)).toBe(true);
      expect(() => box.open(both.seal(secret, context), context)).toThrow();
      const changed = Buffer.from(sealed);
      changed[at % changed.length]! ^= 1;
      expect(() => box.open(changed, context)).toThrow();
      expect(() => box.open(sealed.subarray(0, at % sealed.length), context)).toThrow();
    }),
  );
});

const cheap = createPasswordHasher({ ln: 4, r: 8, p: 1 });

test('a password fits its own hash and no other; nobody has no password', async () => {
  const hash = await cheap.hash('correct horse');
  expect(hash).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(hash).not.toContain('horse');
  expect(await cheap.verify('correct horse', hash)).toBe(true);
  expect(await cheap.verify('correct horsf', hash)).toBe(false);
  expect(await cheap.verify('', null)).toBe(false);
  expect(await cheap.hash('correct horse')).not.toBe(hash);
});

test('a hash made at another cost still verifies, and composed and decomposed letters are the same', async () => {
  const older = await createPasswordHasher({ ln: 5, r: 4, p: 2 }).hash('ol\u00e9');
  expect(await cheap.verify('ole\u0301', older)).toBe(true);
});

test('more log-ins than the queue holds are told to come back, and the rest is worked off', async () => {
  const results = await Promise.allSettled(Array.from({ length: 80 }, () => cheap.hash('x')));
  const refused = results
    .filter((result) => result.status === 'rejected')
    .map((result) => result.reason as ProblemError);
  expect(refused).toHaveLength(28);
  expect(refused[0]).toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 });
  expect(await cheap.verify('x', await cheap.hash('x'))).toBe(true);
});
