import { randomUUID } from 'node:crypto';
import { ProblemError } from '@aegis/contracts/problems';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyDecisions } from '../src/usecases/apply-decisions.ts';
import { listForIntent } from '../src/usecases/list-for-intent.ts';
import { respond } from '../src/usecases/respond.ts';
import { type ApprovalDatabase, openApprovalDatabase } from './approval-database.ts';
import { type DecisionOptions, decision } from './decisions.ts';
import { answer, approve } from './people.ts';

let db: ApprovalDatabase;

beforeAll(async () => {
  db = await openApprovalDatabase();
});
afterAll(() => db.close());

async function open(options: DecisionOptions = {}) {
  const asked = decision(options);
  await applyDecisions(db.database, [asked]);
  return reread(asked.organizationId, asked.data.intentId);
}

async function reread(organizationId: string, intentId: string) {
  const [request] = await listForIntent(db.database, organizationId, intentId);
  if (!request) throw new Error('no request was opened');
  return request;
}

async function saidOf(approvalId: string) {
  const events = (await db.events()).filter((event) => event.subject === approvalId);
  return events.filter((event) => event.type !== 'approval.requested');
}

/** The error's code, or the status the answer led to. */
async function outcome(response: Promise<{ status: string }>): Promise<string> {
  return response.then(
    ({ status }) => status,
    (error: unknown) => (error instanceof ProblemError ? error.code : Promise.reject(error)),
  );
}

describe('answering', () => {
  it('completes at the quorum, and says who answered and what it came to', async () => {
    const request = await open({ terms: { quorum: 2 } });
    const first = { ...approve(request), note: 'within budget' };
    expect(await respond(db.database, first)).toMatchObject({ status: 'open', resolvedAt: null });
    const second = approve(request);
    const resolved = await respond(db.database, second);
    expect(resolved).toEqual(await reread(request.organizationId, request.intentId));
    expect(resolved).toMatchObject({ status: 'approved', votes: [{ note: 'within budget' }, { note: null }] });

    const said = await saidOf(request.id);
    expect(said.map((event) => event.type)).toEqual(['approval.responded', 'approval.responded', 'approval.resolved']);
    expect(said[0]).toMatchObject({
      actor: first.origin.actor,
      data: { note: 'within budget', responderId: first.responderId },
    });
    expect(said[2]).toMatchObject({
      organizationId: request.organizationId,
      causationId: said[1]?.id,
      data: {
        outcome: 'approved',
        responderIds: [first.responderId, second.responderId],
        requestedAt: request.requestedAt.toISOString(),
        resolvedAt: resolved.resolvedAt?.toISOString(),
      },
    });
  });

  it('ends at the first rejection, whatever the quorum', async () => {
    const request = await open({ terms: { quorum: 3 } });
    await respond(db.database, approve(request));
    expect(await respond(db.database, answer(request, 'reject'))).toMatchObject({ status: 'rejected' });
    expect(await outcome(respond(db.database, approve(request)))).toBe('wrong_state');
    expect((await saidOf(request.id)).at(-1)).toMatchObject({
      type: 'approval.resolved',
      data: { outcome: 'rejected' },
    });
  });

  it('twice with the same word answers the same and counts once, even after the end; the opposite word is refused', async () => {
    const request = await open({ terms: { quorum: 2 } });
    const mine = approve(request);
    const answers = await Promise.all([1, 2, 3].map(() => respond(db.database, mine)));
    for (const each of answers)
      expect(each).toMatchObject({ status: 'open', votes: [{ responderId: mine.responderId }] });
    expect(await outcome(respond(db.database, { ...mine, decision: 'reject' }))).toBe('wrong_state');
    await respond(db.database, approve(request));
    expect(await respond(db.database, mine)).toMatchObject({ status: 'approved' });
    expect(await saidOf(request.id)).toHaveLength(3);
  });

  it('by many people at once resolves once, with exactly the quorum of votes', async () => {
    const request = await open({ terms: { quorum: 3 } });
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, () => outcome(respond(db.database, approve(request)))),
    );
    expect(outcomes.toSorted()).toEqual([
      ...Array(1).fill('approved'),
      ...Array(2).fill('open'),
      ...Array(9).fill('wrong_state'),
    ]);
    const said = await saidOf(request.id);
    expect(said.filter((event) => event.type === 'approval.resolved')).toHaveLength(1);
    expect(said).toHaveLength(4);
  });

  it("another organisation's request is as unknown as one that does not exist", async () => {
    const request = await open();
    const foreign = { ...approve(request), organizationId: randomUUID() };
    const missing = { ...approve(request), approvalId: 'apr_00000000000070008000000000000000' };
    const [theirs, none] = await Promise.all(
      [foreign, missing].map((command) => respond(db.database, command).catch((error: unknown) => error)),
    );
    expect(theirs).toMatchObject({ code: 'not_found' });
    expect(theirs).toEqual(none);
    expect(await saidOf(request.id)).toEqual([]);
  });

  it('is for those who were asked: a role, or one person', async () => {
    const userId = randomUUID();
    const request = await open({
      terms: { assignees: [{ userId: userId.toUpperCase() }, { role: 'owner' }], quorum: 2 },
    });
    expect(await outcome(respond(db.database, approve(request, { roles: ['finance'] })))).toBe('forbidden');
    expect(await outcome(respond(db.database, approve(request, { userId, roles: [] })))).toBe('open');
    expect(await outcome(respond(db.database, approve(request, { roles: ['owner'] })))).toBe('approved');
  });

  it('can have its note blanked and nothing else changed', async () => {
    const request = await open();
    await respond(db.database, { ...approve(request), note: 'call me at home' });
    const asService = (statement: string) =>
      db.database.tx({ organizationId: request.organizationId }, (tx) => tx.query(statement));
    await asService('UPDATE approval_responses SET note = NULL');
    expect((await reread(request.organizationId, request.intentId)).votes).toMatchObject([{ note: null }]);
    await expect(asService(`UPDATE approval_responses SET decision = 'reject'`)).rejects.toThrow('permission denied');
    await expect(asService('DELETE FROM approval_responses')).rejects.toThrow('permission denied');
  });
});

describe('nobody approves their own request', () => {
  it('an attempt is refused and recorded, by committing the record and nothing else', async () => {
    const me = randomUUID();
    const request = await open({ parties: { agentOwnerId: me } });
    expect(await outcome(respond(db.database, approve(request, { userId: me })))).toBe('self_approval');
    expect((await reread(request.organizationId, request.intentId)).votes).toEqual([]);
    expect(await saidOf(request.id)).toMatchObject([
      { type: 'approval.self_approval_refused', actor: { id: me }, data: { responderId: me } },
    ]);
  });

  it('under any of their identities, roles and repetitions, all at once', { timeout: 300_000 }, async () => {
    const person = fc.integer({ min: 0, max: 5 });
    const party = fc.option(person, { nil: null });
    const attempts = fc.array(
      fc.record({ person, upperCase: fc.boolean(), roles: fc.subarray(['finance', 'owner']), reject: fc.boolean() }),
      { minLength: 1, maxLength: 10 },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          submitter: person,
          owner: party,
          keyCreator: party,
          quorum: fc.integer({ min: 1, max: 3 }),
          named: person,
          attempts,
        }),
        async ({ submitter, owner, keyCreator, quorum, named, attempts: tries }) => {
          const people = Array.from({ length: 6 }, () => randomUUID());
          const id = (index: number | null) => (index === null ? null : (people[index] ?? null));
          const request = await open({
            terms: { quorum, assignees: [{ role: 'finance' }, { role: 'owner' }, { userId: people[named] ?? '' }] },
            parties: { submitterId: id(submitter) ?? '', agentOwnerId: id(owner), keyCreatorId: id(keyCreator) },
          });
          await Promise.all(
            tries.map(({ person: index, upperCase, roles, reject }) => {
              const userId = people[index] ?? '';
              const command = answer(request, reject ? 'reject' : 'approve', {
                userId: upperCase ? userId.toUpperCase() : userId,
                roles,
              });
              return outcome(respond(db.database, command));
            }),
          );
          const after = await reread(request.organizationId, request.intentId);
          const voters = after.votes.map((vote) => vote.responderId.toLowerCase());
          const parties = new Set<string | null>([id(submitter), id(owner), id(keyCreator)]);
          expect(voters.filter((voter) => parties.has(voter))).toEqual([]);
          expect(new Set(voters).size).toBe(voters.length);
          if (after.status === 'approved') expect(voters).toHaveLength(quorum);
        },
      ),
      { numRuns: Number(process.env.AEGIS_TEST_RUNS ?? 60) },
    );
  });
});
