import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApprovalRequest } from '../src/domain/approval-request.ts';
import { type Answer, type Verdict, judgeAnswer, withVote } from '../src/domain/respond.ts';

const PEOPLE = ['ann', 'BOB', 'bob', 'cid', 'dee', 'eve'] as const;
const EXPIRES_AT_MS = 1_000;

const person = fc.constantFrom(...PEOPLE);
const role = fc.constantFrom('finance', 'owner', 'auditor');

const openRequest = fc.record({
  assignees: fc.array(
    fc.oneof(
      role.map((r) => ({ role: r })),
      person.map((userId) => ({ userId })),
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
  quorum: fc.integer({ min: 1, max: 4 }),
  parties: fc.uniqueArray(person, { maxLength: 3 }),
});

const attempt = fc.record({
  responderId: person,
  roles: fc.uniqueArray(role, { maxLength: 2 }),
  decision: fc.oneof(
    { weight: 4, arbitrary: fc.constant('approve' as const) },
    { weight: 1, arbitrary: fc.constant('reject' as const) },
  ),
  note: fc.constant(null),
  afterMs: fc.integer({ min: 0, max: 120 }),
});

interface Step {
  readonly before: ApprovalRequest;
  readonly after: ApprovalRequest;
  readonly answer: Answer;
  readonly now: Date;
  readonly verdict: Verdict;
}

/** Everything that happens to a request while people answer it one after another. */
const story = fc
  .record({ open: openRequest, attempts: fc.array(attempt, { maxLength: 12 }) })
  .map(({ open, attempts }) => {
    let request: ApprovalRequest = {
      ...open,
      id: 'apr',
      organizationId: 'org',
      intentId: 'int',
      agentId: 'agent',
      status: 'open',
      votes: [],
      requestedAt: new Date(0),
      expiresAt: new Date(EXPIRES_AT_MS),
      resolvedAt: null,
    };
    let nowMs = 0;
    return attempts.map(({ afterMs, ...answer }): Step => {
      nowMs += afterMs;
      const [before, now] = [request, new Date(nowMs)];
      const verdict = judgeAnswer(before, answer, now);
      if (verdict.kind === 'counted') request = withVote(before, { ...answer, respondedAt: now }, verdict.resolution);
      return { before, after: request, answer, now, verdict };
    });
  });

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Checks every step of many stories. */
function expectAlways(check: (step: Step) => void): void {
  fc.assert(
    fc.property(story, (steps) => {
      for (const step of steps) check(step);
    }),
    { numRuns: 1_000 },
  );
}

describe('an answer', () => {
  it('counts only while the request is open and its time has not run out', () => {
    expectAlways(({ before, verdict, now }) => {
      if (verdict.kind === 'counted') expect([before.status, now < before.expiresAt]).toEqual(['open', true]);
    });
  });

  it('never counts for a party to the request, however the id is written', () => {
    expectAlways(({ after }) => {
      for (const vote of after.votes) expect(after.parties.some((party) => same(party, vote.responderId))).toBe(false);
    });
  });

  it('never counts for somebody who was not asked', () => {
    expectAlways(({ before, answer, verdict }) => {
      if (verdict.kind !== 'counted') return;
      const asked = before.assignees.some((assignee) =>
        'role' in assignee ? answer.roles.includes(assignee.role) : same(assignee.userId, answer.responderId),
      );
      expect(asked).toBe(true);
    });
  });

  it('is one a person: the same again changes nothing, the opposite is refused', () => {
    expectAlways(({ before, after, answer, verdict }) => {
      const earlier = before.votes.find((vote) => same(vote.responderId, answer.responderId));
      if (!earlier) return;
      expect(after).toBe(before);
      if (earlier.decision === answer.decision) expect(verdict).toEqual({ kind: 'repeated' });
      else expect(verdict).toMatchObject({ kind: 'refused', code: 'wrong_state' });
    });
  });

  it('of a party that may still be given is refused as self-approval, whatever their roles', () => {
    expectAlways(({ before, answer, now, verdict }) => {
      if (before.status !== 'open' || now >= before.expiresAt) return;
      if (before.parties.some((party) => same(party, answer.responderId))) {
        expect(verdict).toMatchObject({ kind: 'refused', code: 'self_approval' });
      }
    });
  });
});

describe('a request', () => {
  it('is approved by exactly its quorum, rejected by the first who says so, and open until then', () => {
    expectAlways(({ after }) => {
      const rejections = after.votes.filter((vote) => vote.decision === 'reject').length;
      const approvals = after.votes.length - rejections;
      const status = rejections > 0 ? 'rejected' : approvals === after.quorum ? 'approved' : 'open';
      expect(after.status).toBe(status);
      expect(rejections).toBeLessThanOrEqual(1);
      expect(approvals).toBeLessThanOrEqual(after.quorum);
      expect(after.resolvedAt).toEqual(status === 'open' ? null : after.votes.at(-1)?.respondedAt);
    });
  });

  it('never changes once it is resolved, and says what it came to', () => {
    expectAlways(({ before, after, answer, verdict }) => {
      if (before.status === 'open') return;
      expect(after).toBe(before);
      if (before.votes.some((vote) => same(vote.responderId, answer.responderId))) return;
      expect(verdict).toEqual({
        kind: 'refused',
        code: 'wrong_state',
        detail: `the request is already ${before.status}`,
      });
    });
  });
});
