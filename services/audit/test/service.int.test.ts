import { randomUUID } from 'node:crypto';
import { DEAD_LETTER_TOPIC } from '@aegis/bus/port';
import type { EncodedEvent } from '@aegis/contracts/events/envelope';
import { newId } from '@aegis/contracts/ids';
import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_ORGANIZATION } from '../src/inbound/log-event.ts';
import { verified } from './audit-database.ts';
import { callerOf, type RunningAudit, startAudit } from './audit-service.ts';
import { AGENT_ACTOR, decided, responded, submitted } from './events.ts';

const timeoutMs = 20_000;

let audit: RunningAudit;

beforeAll(async () => {
  audit = await startAudit();
});
afterAll(() => audit.close());

type Asked = Partial<Omit<Parameters<RunningAudit['client']['listEntries']>[0], 'caller'>>;

const list = (organizationId: string, asked: Asked = {}) =>
  audit.client.listEntries({ caller: callerOf(organizationId), page: null, ...asked }, { timeoutMs });

/** The newest entries, once there are `count` of them. */
const recorded = (organizationId: string, count: number) =>
  eventually(
    async () => {
      const { entries } = await list(organizationId, { page: { limit: 100, offset: 0 } });
      expect(entries).toHaveLength(count);
      return entries;
    },
    { timeoutMs },
  );

const verify = async (organizationId: string) => {
  let last;
  for await (const progress of audit.client.verify({ caller: callerOf(organizationId) }, { timeoutMs }))
    last = progress;
  return last;
};

const withHeaders = (event: EncodedEvent, headers: Record<string, string>): EncodedEvent => ({
  ...event,
  headers: { ...event.headers, ...headers },
});

describe('the service', () => {
  it('is ready, and alive', async () => {
    await eventually(async () => (await audit.service.readiness()).ready);
    expect(await audit.service.readiness()).toEqual({
      ready: true,
      checks: { database: { ok: true }, consumer: { ok: true } },
    });
    expect(audit.service.liveness?.()).toEqual({ consumer: { ok: true } });
  });

  it('records every event of every topic, once, however often it is published', async () => {
    const organizationId = randomUUID();
    const intentId = newId('int');
    const life = [submitted, decided, responded].map((make) => make({ organizationId, intentId }));
    await audit.bus.publish(life);
    await recorded(organizationId, 3);
    const marker = submitted({ organizationId });
    await audit.bus.publish([...life, ...life, marker, ...life]);
    const entries = await recorded(organizationId, 4);
    expect(entries.map((entry) => entry.id).toSorted()).toEqual(
      [...life, marker].map(({ headers }) => headers['ce_id'] ?? '').toSorted(),
    );
    expect(await verify(organizationId)).toMatchObject({
      done: true,
      intact: true,
      checked: '4',
      head: entries[0]?.checksum,
    });
  });

  it('shows an entry with its data, what was disclosed included, and its link to the one before', async () => {
    const organizationId = randomUUID();
    const event = submitted({ organizationId, reason: 'why not' });
    await audit.bus.publish([event]);
    await recorded(organizationId, 1);
    const answer = decided({ organizationId });
    await audit.bus.publish([answer]);
    const [second, first] = await recorded(organizationId, 2);
    expect(first).toMatchObject({
      seq: '0',
      type: 'intent.submitted',
      actor: { type: 'agent', id: AGENT_ACTOR.id, authMethod: 'api_key' },
      subjectType: 'intent',
      occurredAt: '2026-03-05T10:00:00.000Z',
      previousChecksum: '0'.repeat(64),
    });
    expect(JSON.parse(first?.dataJson ?? '')).toEqual(JSON.parse(event.value));
    expect(second).toMatchObject({
      seq: '1',
      previousChecksum: first?.checksum,
      causationId: answer.headers['ce_causationid'],
    });
  });

  it('records events of types it does not know', async () => {
    const organizationId = randomUUID();
    const event = withHeaders(submitted({ organizationId }), { ce_type: 'dispute.opened' });
    await audit.bus.publish([{ ...event, value: '{"name":"Jo"}' }]);
    const [entry] = await recorded(organizationId, 1);
    expect(entry).toMatchObject({ type: 'dispute.opened', dataJson: '{"name":"Jo"}' });
  });

  it('records that a message could not be read, and everything around it', async () => {
    const organizationId = randomUUID();
    const [before, after] = [submitted({ organizationId }), submitted({ organizationId })];
    const broken = { ...submitted({ organizationId }), value: '{"intentId":5}' };
    await audit.bus.publish([before, broken, after]);
    const entries = await recorded(organizationId, 3);
    expect(entries.map((entry) => entry.type).toSorted()).toEqual([
      'event.unreadable',
      'intent.submitted',
      'intent.submitted',
    ]);
    const unreadable = entries.find((entry) => entry.type === 'event.unreadable');
    expect(JSON.parse(unreadable?.dataJson ?? '')).toMatchObject({ topic: 'aegis.intents', group: 'audit' });
    expect(await verify(organizationId)).toMatchObject({ intact: true });
  });

  it('records dead letters of others, also those that name no organisation', async () => {
    const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const headers = {
      dl_topic: 'aegis.intents',
      dl_partition: '1',
      dl_offset: '5',
      dl_group: 'policy',
      dl_error: 'no',
    };
    await audit.bus.publish([{ topic: DEAD_LETTER_TOPIC, key: 'k', headers, value: '' }]);
    await eventually(async () => {
      const { entries } = await list(NO_ORGANIZATION);
      expect(JSON.parse(entries[0]?.dataJson ?? '{}')).toMatchObject({ sha256, group: 'policy', error: 'no' });
    });
  });
});

describe('a chain that something else wrote to', () => {
  it('turns the service unready and is not written on; what came meanwhile is recorded once it is mended', async () => {
    const own = await startAudit();
    const organizationId = randomUUID();
    const events = Array.from({ length: 4 }, () => submitted({ organizationId }));
    const ids = async () =>
      (
        await own.sql<{ id: string }>('SELECT event_id AS id FROM entries WHERE organization_id = $1 ORDER BY seq', [
          organizationId,
        ])
      ).map((row) => row.id);
    await own.bus.publish(events.slice(0, 2));
    await eventually(async () => (await ids()).length === 2);
    const [head] = await own.sql<{ head: string }>('SELECT head FROM chain_heads WHERE organization_id = $1', [
      organizationId,
    ]);
    await own.sql('UPDATE chain_heads SET size = 1 WHERE organization_id = $1', [organizationId]);
    await own.bus.publish(events.slice(2));
    await eventually(async () => (await own.service.readiness()).checks['consumer']?.ok === false);
    expect(await ids()).toHaveLength(2);
    await own.sql('UPDATE chain_heads SET size = 2, head = $2 WHERE organization_id = $1', [
      organizationId,
      head?.head,
    ]);
    await eventually(async () => (await own.service.readiness()).checks['consumer']?.ok === true, { timeoutMs });
    expect((await ids()).toSorted()).toEqual(events.map(({ headers }) => headers['ce_id'] ?? '').toSorted());
    expect((await verified(own.database, organizationId)).result?.fault).toBeNull();
    await own.close();
  });
});

describe('the list', () => {
  const organizationId = randomUUID();
  const intentId = newId('int');
  const agentId = randomUUID();

  beforeAll(async () => {
    await audit.bus.publish([
      ...Array.from({ length: 5 }, () => submitted({ organizationId })),
      submitted({ organizationId, intentId }, { actor: { ...AGENT_ACTOR, id: agentId } }),
      decided({ organizationId, intentId }),
      responded({ organizationId, intentId }),
      ...Array.from({ length: 4 }, () => decided({ organizationId })),
    ]);
    await recorded(organizationId, 12);
  });

  it('comes newest first, page by page, by cursor and by offset alike', async () => {
    const whole = (await list(organizationId)).entries.map((entry) => entry.seq);
    expect(whole).toEqual(Array.from({ length: 12 }, (_, index) => String(11 - index)));
    const byCursor: string[] = [];
    let cursor: string | undefined;
    do {
      const { entries, page } = await list(organizationId, {
        page: { limit: 5, offset: 0, ...(cursor && { cursor }) },
      });
      byCursor.push(...entries.map((entry) => entry.seq));
      expect(page).toMatchObject({ total: 12, hasMore: byCursor.length < 12 });
      cursor = page?.nextCursor;
    } while (cursor);
    expect(byCursor).toEqual(whole);
    const { entries } = await list(organizationId, { page: { limit: 5, offset: 10 } });
    expect(entries.map((entry) => entry.seq)).toEqual(whole.slice(10));
  });

  it('is narrowed by type, actor, subject and intent, alone and together', async () => {
    const total = async (asked: Asked) => {
      const { entries, page } = await list(organizationId, asked);
      expect(page?.total).toBe(entries.length);
      return entries.length;
    };
    expect(await total({ type: 'intent.submitted' })).toBe(6);
    expect(await total({ actorId: agentId })).toBe(1);
    expect(await total({ actorId: 'policy' })).toBe(5);
    expect(await total({ subjectId: intentId })).toBe(2);
    expect(await total({ intentId })).toBe(3);
    expect(await total({ intentId, type: 'approval.responded' })).toBe(1);
    expect(await total({ intentId, actorId: randomUUID() })).toBe(0);
  });

  it('is narrowed by the time of recording, from the first on and before the second', async () => {
    const { entries } = await list(organizationId);
    const [newest, oldest] = [entries[0]?.recordedAt ?? '', entries.at(-1)?.recordedAt ?? ''];
    const later = new Date(Date.parse(newest) + 1).toISOString();
    const seqs = async (asked: Asked) => (await list(organizationId, asked)).entries.map((entry) => entry.recordedAt);
    expect(await seqs({ from: oldest, to: later })).toHaveLength(12);
    expect(await seqs({ to: oldest })).toEqual([]);
    expect(await seqs({ from: later })).toEqual([]);
    for (const time of await seqs({ from: newest })) expect(time).toBe(newest);
    for (const time of await seqs({ to: newest })) expect(time < newest).toBe(true);
  });

  it('names the entries about an intent, in order', async () => {
    const { entries } = await audit.client.listForIntent({ caller: callerOf(organizationId), intentId }, { timeoutMs });
    const { entries: listed } = await list(organizationId, { intentId });
    expect(entries).toEqual(listed.toReversed().map(({ seq, id, type, checksum }) => ({ seq, id, type, checksum })));
    expect(entries.map((entry) => entry.type).toSorted()).toEqual([
      'approval.responded',
      'intent.decided',
      'intent.submitted',
    ]);
  });

  it('shows another organisation nothing, by any filter or cursor', async () => {
    const other = randomUUID();
    const { page } = await list(organizationId, { page: { limit: 1, offset: 0 } });
    expect(await list(other, { intentId })).toMatchObject({ entries: [], page: { total: 0 } });
    expect((await list(other, { page: { limit: 5, offset: 0, cursor: page?.nextCursor ?? '' } })).entries).toEqual([]);
    const references = await audit.client.listForIntent({ caller: callerOf(other), intentId }, { timeoutMs });
    expect(references.entries).toEqual([]);
    expect(await verify(other)).toMatchObject({ size: '0', intact: true });
  });

  it.each([
    ['a page beyond 100', { page: { limit: 101, offset: 0 } }],
    ['a cursor of its own making', { page: { limit: 5, offset: 0, cursor: 'bm9uZQ' } }],
    ['a cursor and an offset', { page: { limit: 5, offset: 5, cursor: 'c2VxOjU' } }],
    ['a time without a zone', { from: '2026-01-01T00:00:00' }],
    ['NUL in a filter', { type: 'a\0' }],
  ])('refuses %s', async (_, asked) => {
    await expect(list(organizationId, asked)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('refuses a caller whose organisation is no UUID', async () => {
    await expect(list("' OR 1=1")).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
