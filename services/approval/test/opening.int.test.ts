import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyDecisions } from '../src/usecases/apply-decisions.ts';
import { listForIntent } from '../src/usecases/list-for-intent.ts';
import { respond } from '../src/usecases/respond.ts';
import { type ApprovalDatabase, openApprovalDatabase } from './approval-database.ts';
import { decision } from './decisions.ts';
import { approve } from './people.ts';

let db: ApprovalDatabase;

beforeAll(async () => {
  db = await openApprovalDatabase();
});
afterAll(() => db.close());

async function requestOf(asked: ReturnType<typeof decision>) {
  const [request, ...more] = await listForIntent(db.database, asked.organizationId, asked.data.intentId);
  expect(more).toEqual([]);
  if (!request) throw new Error('no request was opened');
  return request;
}

async function eventsAbout(intentId: string) {
  return (await db.events()).filter((event) => 'intentId' in event.data && event.data.intentId === intentId);
}

describe('a decision that asks for approval', () => {
  it('delivered five times, to two replicas at once, opens one request and announces it once', async () => {
    const asked = decision({ terms: { quorum: 2, expiresInMinutes: 90 } });
    const other = db.replica();
    await Promise.all(
      [db.database, other, db.database, other, db.database].map((replica) => applyDecisions(replica, [asked])),
    );

    const request = await requestOf(asked);
    expect(request).toMatchObject({
      status: 'open',
      quorum: 2,
      assignees: [{ role: 'finance' }],
      votes: [],
      money: asked.data.money,
      resolvedAt: null,
    });
    expect(request.expiresAt.getTime() - request.requestedAt.getTime()).toBe(90 * 60_000);
    const { matchedPolicy, risk, reasons, context } = asked.data;
    expect(JSON.parse(request.decisionJson)).toEqual({ matchedPolicy, risk, reasons, context });

    const events = await eventsAbout(asked.data.intentId);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: 'approval.requested',
      subject: request.id,
      organizationId: asked.organizationId,
      causationId: asked.id,
      data: { terms: { quorum: 2, expiresInMinutes: 90 }, expiresAt: request.expiresAt.toISOString() },
    });
  });

  it('of one batch opens one request for each intent, and tells when the first expires', async () => {
    const asked = [60, 5, 30].map((expiresInMinutes) => decision({ terms: { expiresInMinutes } }));
    const automatic = decision({ outcome: 'approved' });
    expect(await applyDecisions(db.database, [...asked, automatic, ...asked])).toBe(5 * 60_000);
    for (const each of asked) expect((await requestOf(each)).status).toBe('open');
    expect(await listForIntent(db.database, automatic.organizationId, automatic.data.intentId)).toEqual([]);
    expect(await applyDecisions(db.database, asked)).toBeNull();
  });
});

describe('a final decision', () => {
  const settled = (asked: ReturnType<typeof decision>) =>
    decision({ organizationId: asked.organizationId, intentId: asked.data.intentId, outcome: 'denied' });

  it('withdraws a request that is still open: nobody can answer it, and nothing says it was approved or rejected', async () => {
    const asked = decision();
    await applyDecisions(db.database, [asked]);
    await applyDecisions(db.database, [settled(asked)]);
    const request = await requestOf(asked);
    expect(request.status).toBe('withdrawn');
    await expect(respond(db.database, approve(request))).rejects.toMatchObject({
      code: 'wrong_state',
      message: 'the request is already withdrawn',
    });
    expect((await eventsAbout(asked.data.intentId)).map((event) => event.type)).toEqual(['approval.requested']);
  });

  it('leaves a resolved request as it is, and another organisation’s alone', async () => {
    const asked = decision();
    const theirs = decision({ intentId: asked.data.intentId });
    await applyDecisions(db.database, [asked, theirs]);
    await respond(db.database, approve(await requestOf(asked)));
    await applyDecisions(db.database, [settled(asked)]);
    expect((await requestOf(asked)).status).toBe('approved');
    expect((await requestOf(theirs)).status).toBe('open');
  });

  it('in the batch that also asks leaves nothing open', async () => {
    const asked = decision();
    await applyDecisions(db.database, [asked, settled(asked)]);
    expect(await listForIntent(db.database, asked.organizationId, asked.data.intentId)).toEqual([]);
  });
});

describe('row-level security', () => {
  it('shows and takes rows of the organisation of the transaction only', async () => {
    const asked = decision();
    await applyDecisions(db.database, [asked]);
    const count = (organizationId: string) =>
      db.database.tx({ organizationId }, async (tx) => {
        const { rows } = await tx.query<{ n: bigint }>('SELECT count(*) AS n FROM approval_requests');
        return rows[0]?.n;
      });
    expect(await count(asked.organizationId)).toBe(1n);
    expect(await count(randomUUID())).toBe(0n);
    const { id } = await requestOf(asked);
    const forged = db.database.tx({ organizationId: randomUUID() }, (tx) =>
      tx.query(
        `INSERT INTO approval_responses (organization_id, approval_id, responder_id, decision, responded_at)
         VALUES ($1, $2, 'somebody', 'approve', now())`,
        [asked.organizationId, id],
      ),
    );
    await expect(forged).rejects.toThrow('row-level security');
  });
});
