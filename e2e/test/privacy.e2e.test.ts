import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Client,
  type Json,
  newAgent,
  newPerson,
  personClient,
  submitDecided,
  untilAnswer,
} from '../src/client.ts';

let admin: Client;
let kept: Json;
let erased: Json;
let erasureId: string;

const entriesOf = async (intentId: string): Promise<Json[]> =>
  (await admin.get(`/v1/audit?intentId=${intentId}&type=intent.submitted`)).body.data;

beforeAll(async () => {
  const agent = await newAgent();
  admin = await personClient('admin');
  [kept, erased] = await Promise.all(
    ['to stay', 'to go'].map((reason) =>
      submitDecided(agent, { reason, merchant: 'shop.example', metadata: { person: 'Ada' } }),
    ),
  );
  for (const { id } of [kept, erased]) {
    await untilAnswer(admin, `/v1/audit?intentId=${id}`, ({ body }) => body.data.length === 2);
  }
  const answer = await admin.post('/v1/privacy/erasures', { intentIds: [erased.id] });
  expect(answer).toMatchObject({ status: 202, body: { status: 'requested' } });
  erasureId = answer.body.id;
});

describe('an erasure', () => {
  it('is done where it was asked for as soon as it is answered', async () => {
    const { body } = await admin.get(`/v1/intents/${erased.id}`);
    expect(body).toMatchObject({ reason: '', merchant: null, metadata: null, amount: erased.amount });
    expect((await admin.get(`/v1/intents/${kept.id}`)).body).toMatchObject({ reason: 'to stay' });
  });

  it('reaches the answers that are kept for whoever repeats a request', async () => {
    const agent = await newAgent();
    const intent = await submitDecided(agent, { reason: 'to go too', merchant: 'shop.example' });
    const cancel = () => admin.post(`/v1/intents/${intent.id}/cancel`, {}, { 'idempotency-key': intent.id });
    const first = await cancel();
    expect([first.status, (await cancel()).text]).toEqual([200, first.text]);
    expect(first.text).toContain('to go too');
    expect((await admin.post('/v1/privacy/erasures', { intentIds: [intent.id] })).status).toBe(202);
    const again = await cancel();
    expect(again).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
    expect(again.text).not.toMatch(/to go too|shop/);

    const person = {
      name: 'Ada Gone',
      email: `${randomUUID()}@example.com`,
      password: randomUUID(),
      roles: ['viewer'],
    };
    const create = () => admin.post('/v1/users', person, { 'idempotency-key': person.email });
    const { id: userId } = (await create()).body;
    expect((await create()).body.name).toBe('Ada Gone');
    await admin.patch(`/v1/users/${userId}`, { status: 'disabled' });
    expect((await admin.post('/v1/privacy/erasures', { userId })).status).toBe(202);
    // Neither what was answered, nor a second user.
    expect(await create()).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
  });

  it('reaches every store: the log tells of each, and of the end', async () => {
    const { body } = await untilAnswer(admin, `/v1/audit?subject=${erasureId}`, ({ body: page }) =>
      page.data.some(({ type }: Json) => type === 'privacy.erased'),
    );
    const stores = body.data
      .filter(({ type }: Json) => type === 'privacy.store_erased')
      .map(({ data }: Json) => data.store);
    expect(stores.toSorted()).toEqual(['approval', 'gateway', 'policy']);
  });

  it('leaves the entries, their checksums and proofs, without the text', async () => {
    const [entry] = await entriesOf(erased.id);
    expect(entry.data).not.toHaveProperty('reason');
    expect(JSON.stringify(entry)).not.toMatch(/to go|shop\.example|Ada/);
    expect((await entriesOf(kept.id))[0].data).toMatchObject({ reason: 'to stay' });
    expect((await admin.get(`/v1/audit/${entry.id}/proof`)).status).toBe(200);
    const timeline = await admin.get(`/v1/audit/intents/${erased.id}/timeline`);
    expect(timeline.body.data.map(({ type, erased: gone }: Json) => [type, gone.toSorted()])).toEqual([
      ['intent.submitted', ['/data/merchant', '/data/metadata', '/data/reason']],
      ['intent.decided', expect.any(Array)],
    ]);
    const { text } = await admin.get('/v1/audit/verify');
    expect(JSON.parse(text.trim().split('\n').at(-1) ?? '')).toMatchObject({ intact: true });
  });

  it('of a person is for those who are disabled', async () => {
    const person = await newPerson(['viewer']);
    const { body: me } = await person.client.get('/v1/me');
    const userId = me.id ?? me.user?.id;
    expect((await admin.post('/v1/privacy/erasures', { userId })).status).toBe(409);
    await admin.patch(`/v1/users/${userId}`, { status: 'disabled' });
    expect((await admin.post('/v1/privacy/erasures', { userId })).status).toBe(202);
    expect((await admin.get(`/v1/users/${userId}`)).body).toMatchObject({ email: null, name: '' });
  });

  it('is refused where there is nothing, and to those who may not', async () => {
    const { client } = await newPerson(['finance']);
    expect((await client.post('/v1/privacy/erasures', { intentIds: [kept.id] })).status).toBe(403);
    const absent = `int_${'0'.repeat(32)}`;
    expect((await admin.post('/v1/privacy/erasures', { intentIds: [kept.id, absent] })).status).toBe(404);
    for (const body of [{}, { intentIds: [] }, { intentIds: [kept.id], userId: absent }, { intentIds: ['x'] }]) {
      expect((await admin.post('/v1/privacy/erasures', body)).status).toBe(400);
    }
    expect((await admin.get(`/v1/intents/${kept.id}`)).body).toMatchObject({ reason: 'to stay' });
  });
});
