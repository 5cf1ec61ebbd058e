import { randomUUID } from 'node:crypto';
import type { Bus } from '@aegis/bus/port';
import { type AnyEvent, decodeEvent, encodeEvent } from '@aegis/contracts/events/envelope';
import { TOPICS } from '@aegis/contracts/topics';
import { createGrpcClient } from '@aegis/grpc/client';
import { approvalService } from '@aegis/grpc/definitions';
import { createTestBus } from '@aegis/testkit/bus';
import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApprovalService, createApprovalService } from '../src/app.ts';
import { type ApprovalDatabase, openApprovalDatabase, silent } from './approval-database.ts';
import { decision } from './decisions.ts';

let db: ApprovalDatabase;
let bus: Bus;
let service: ApprovalService;
let client: ReturnType<typeof connect>;
/** What the service published. */
const published: AnyEvent[] = [];

function connect() {
  return createGrpcClient(approvalService, { address: service.grpcAddress, tls: null });
}

beforeAll(async () => {
  db = await openApprovalDatabase();
  bus = await createTestBus(db.url);
  await bus.subscribe({
    group: 'test',
    topics: [TOPICS.approvals],
    handle: async (batch) =>
      void published.push(...batch.map((each) => decodeEvent(each)).filter((event) => event !== null)),
  });
  service = await createApprovalService(
    {
      databaseUrl: db.url,
      maxConnections: 8,
      expirySweepMs: 100,
      grpc: { host: '127.0.0.1', port: 0, tls: null, allowInsecure: false },
    },
    { bus, log: silent },
  );
  client = connect();
});

afterAll(async () => {
  client.close();
  await service.stop();
  await bus.close();
  await db.close();
});

const userId = randomUUID();

function caller(organizationId: string, type = 'human') {
  return { organizationId, actor: { type, id: userId, role: 'finance', authMethod: 'jwt' } };
}

async function ask(asked: ReturnType<typeof decision>) {
  await bus.publish([encodeEvent(asked)]);
  return eventually(async () => {
    const answer = await client.listForIntent({ caller: caller(asked.organizationId), intentId: asked.data.intentId });
    const [approval] = answer.approvals;
    if (!approval) throw new Error('no request yet');
    return approval;
  });
}

describe('the approval service', () => {
  it('is ready once it has its database, its relay and its part of the log', async () => {
    await eventually(async () => expect(await service.readiness()).toMatchObject({ ready: true }));
    expect(service.liveness?.()).toEqual({ consumer: { ok: true } });
  });

  it('turns a decision into a request, an answer into a resolution, and tells both', async () => {
    const asked = decision({ terms: { assignees: [{ role: 'finance' }, { userId }], quorum: 1 } });
    const approval = await ask(asked);
    expect(approval).toMatchObject({
      agentId: asked.data.agentId,
      status: 'open',
      assignedTo: [{ role: 'finance' }, { userId }],
      quorum: 1,
      responses: [],
      money: asked.data.money,
    });
    const mine = { caller: caller(asked.organizationId), userId, roles: ['finance'] };
    const list = await client.listApprovals({ ...mine, status: '' });
    expect(list).toEqual({ approvals: [approval], page: { total: 1, hasMore: false } });

    const answered = await client.respond({ ...mine, approvalId: approval.id, decision: 'approve', note: 'fine' });
    expect(answered).toMatchObject({
      status: 'approved',
      responses: [{ responderId: userId, decision: 'approve', note: 'fine' }],
    });
    await eventually(() => {
      const types = published.filter((event) => event.subject === approval.id).map((event) => event.type);
      expect(types).toEqual(['approval.requested', 'approval.responded', 'approval.resolved']);
    });
    const history = await client.listApprovals({ ...mine, status: 'approved', page: { limit: 20, offset: 0 } });
    expect(history.approvals).toEqual([answered]);
  });

  it('expires a request by itself when its time has run out', async () => {
    const approval = await ask(decision());
    await db.sql('UPDATE approval_requests SET expires_at = clock_timestamp() WHERE id = $1', [approval.id]);
    await eventually(() => {
      const said = published.filter((event) => event.subject === approval.id).at(-1);
      expect(said).toMatchObject({ type: 'approval.resolved', data: { outcome: 'expired', responderIds: [] } });
    });
  });

  it('gives the pages of a list a cursor, which is of no use for another list', async () => {
    const organizationId = randomUUID();
    const asked = [1, 2, 3].map((expiresInMinutes) => decision({ organizationId, terms: { expiresInMinutes } }));
    for (const each of asked) await ask(each);
    const mine = { caller: caller(organizationId), userId, roles: ['finance'] };
    const first = await client.listApprovals({ ...mine, status: 'open', page: { limit: 2, offset: 0 } });
    expect(first.page).toMatchObject({ total: 3, hasMore: true });
    const cursor = first.page?.nextCursor;
    const second = await client.listApprovals({ ...mine, status: 'open', page: { limit: 2, offset: 0, cursor } });
    expect([...first.approvals, ...second.approvals].map(({ intentId }) => intentId)).toEqual(
      asked.map(({ data }) => data.intentId),
    );
    expect(second.page).toEqual({ total: 3, hasMore: false });
    for (const [status, text] of [
      ['expired', cursor],
      ['open', 'nonsense'],
      ['open', `${cursor}x`.slice(3)],
      ['open', Buffer.from(JSON.stringify(['open', new Date().toISOString(), '\0'])).toString('base64url')],
    ] as const) {
      const refused = client.listApprovals({ ...mine, status, page: { limit: 2, offset: 0, cursor: text } });
      await expect(refused).rejects.toMatchObject({ code: 'invalid_request' });
    }
    const both = client.listApprovals({ ...mine, status: 'open', page: { limit: 2, offset: 1, cursor } });
    await expect(both).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it("answers another organisation's caller as if nothing were there", async () => {
    const asked = decision();
    const approval = await ask(asked);
    const elsewhere = { caller: caller(randomUUID()), userId, roles: ['finance'] };
    await expect(client.respond({ ...elsewhere, approvalId: approval.id, decision: 'approve' })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await client.listForIntent({ caller: elsewhere.caller, intentId: asked.data.intentId })).approvals).toEqual(
      [],
    );
    expect((await client.listApprovals({ ...elsewhere, status: '' })).approvals).toEqual([]);
  });

  it('takes answers from people only', async () => {
    const asked = decision();
    const approval = await ask(asked);
    for (const type of ['agent', 'service']) {
      const request = {
        caller: caller(asked.organizationId, type),
        approvalId: approval.id,
        userId,
        roles: ['finance'],
        decision: 'approve',
      };
      await expect(client.respond(request)).rejects.toMatchObject({ code: 'forbidden' });
    }
    const nobody = { caller: null, approvalId: approval.id, userId, roles: [], decision: 'approve' };
    await expect(client.respond(nobody)).rejects.toMatchObject({ code: 'invalid_request' });
    const key = { caller: caller(asked.organizationId, 'agent'), userId: '', roles: [], status: '' };
    expect((await client.listApprovals(key)).approvals).toEqual([]);
  });

  it('puts a message it cannot read among the dead letters, and goes on', async () => {
    const unreadable = encodeEvent(decision());
    await bus.publish([{ ...unreadable, value: '{}' }]);
    expect((await ask(decision())).status).toBe('open');
  });
});
