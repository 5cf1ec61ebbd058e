import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sharedGateway } from './support/shared-gateway.ts';

const shared = sharedGateway();
const { call } = shared;

const NOBODY = `int_${'0'.repeat(32)}`;

describe('an erasure', () => {
  test('is refused for an intent, or a person, that is not there', async () => {
    expect(await call('POST /v1/privacy/erasures', { intentIds: [NOBODY] })).toMatchObject({ status: 404 });
    expect(await call('POST /v1/privacy/erasures', { userId: randomUUID() })).toMatchObject({ status: 404 });
  });

  test('names either intents or a person', async () => {
    for (const body of [{}, { intentIds: [NOBODY], userId: randomUUID() }, { intentIds: [] }]) {
      expect(await call('POST /v1/privacy/erasures', body)).toMatchObject({ status: 400 });
    }
  });

  test('is for people who hold privacy:erase, not for keys', async () => {
    const answer = await call('POST /v1/privacy/erasures', { intentIds: [NOBODY] }, shared.tenant.backendKey);
    expect(answer).toMatchObject({ status: 403 });
  });
});
