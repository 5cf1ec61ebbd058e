import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApprovalFilter } from '../src/domain/approval-list.ts';
import { applyDecisions } from '../src/usecases/apply-decisions.ts';
import { listApprovals } from '../src/usecases/list-approvals.ts';
import { respond } from '../src/usecases/respond.ts';
import { type ApprovalDatabase, openApprovalDatabase } from './approval-database.ts';
import { decision } from './decisions.ts';
import { answer, approve } from './people.ts';

let db: ApprovalDatabase;

beforeAll(async () => {
  db = await openApprovalDatabase();
});
afterAll(() => db.close());

const WHOLE = { limit: 500, offset: 0, after: null };

function finance(organizationId: string, status: ApprovalFilter['status'] = 'open'): ApprovalFilter {
  return { organizationId, userId: randomUUID(), roles: ['finance'], status };
}

async function openMany(organizationId: string, minutes: readonly number[]): Promise<void> {
  await applyDecisions(
    db.database,
    minutes.map((expiresInMinutes) => decision({ organizationId, terms: { expiresInMinutes } })),
  );
}

function minutesOf(approvals: readonly { requestedAt: Date; expiresAt: Date }[]): number[] {
  return approvals.map(({ requestedAt, expiresAt }) => (expiresAt.getTime() - requestedAt.getTime()) / 60_000);
}

describe('the list of open requests', () => {
  it('comes by expiry ascending, whole, with its length', async () => {
    const organizationId = randomUUID();
    await openMany(organizationId, [30, 10, 20]);
    const page = await listApprovals(db.database, finance(organizationId), WHOLE);
    expect(minutesOf(page.approvals)).toEqual([10, 20, 30]);
    expect(page).toMatchObject({ total: 3, next: null });
  });

  it('comes in pages that hold each request once, by cursor and by offset, equal deadlines included', async () => {
    const organizationId = randomUUID();
    await openMany(organizationId, [5, 5, 5, 5, 7, 6, 5]);
    const filter = finance(organizationId);
    const whole = (await listApprovals(db.database, filter, WHOLE)).approvals.map(({ id }) => id);
    const byCursor: string[] = [];
    let after = null;
    do {
      const page = await listApprovals(db.database, filter, { limit: 3, offset: 0, after });
      expect(page.total).toBe(7);
      byCursor.push(...page.approvals.map(({ id }) => id));
      after = page.next;
    } while (after);
    expect(byCursor).toEqual(whole);
    const byOffset = await listApprovals(db.database, filter, { limit: 3, offset: 3, after: null });
    expect(byOffset.approvals.map(({ id }) => id)).toEqual(whole.slice(3, 6));
  });

  it('shows a person what is assigned to them or to one of their roles, and no more', async () => {
    const organizationId = randomUUID();
    const userId = randomUUID();
    await applyDecisions(db.database, [
      decision({ organizationId, terms: { assignees: [{ userId: userId.toUpperCase() }], expiresInMinutes: 1 } }),
      decision({ organizationId, terms: { assignees: [{ role: 'owner' }, { role: 'admin' }], expiresInMinutes: 2 } }),
      decision({ organizationId, terms: { assignees: [{ role: 'finance' }], expiresInMinutes: 3 } }),
    ]);
    const seen = async (filter: Partial<ApprovalFilter>) => {
      const page = await listApprovals(db.database, { ...finance(organizationId), ...filter }, WHOLE);
      expect(page.total).toBe(page.approvals.length);
      return minutesOf(page.approvals);
    };
    expect(await seen({ userId, roles: ['admin'] })).toEqual([1, 2]);
    expect(await seen({ roles: ['finance', 'owner'] })).toEqual([2, 3]);
    expect(await seen({ roles: ['viewer'] })).toEqual([]);
    expect(await seen({ roles: ['finance'], organizationId: randomUUID() })).toEqual([]);
  });
});

describe('the history', () => {
  it('comes by status, the latest resolution first, in pages', async () => {
    const organizationId = randomUUID();
    await openMany(organizationId, [1, 2, 3, 4]);
    const { approvals } = await listApprovals(db.database, finance(organizationId), WHOLE);
    for (const [index, request] of approvals.entries()) {
      await respond(db.database, index === 1 ? answer(request, 'reject') : approve(request));
    }
    const filter = finance(organizationId, 'approved');
    const first = await listApprovals(db.database, filter, { limit: 2, offset: 0, after: null });
    expect(minutesOf(first.approvals)).toEqual([4, 3]);
    expect(first.total).toBe(3);
    const second = await listApprovals(db.database, filter, { limit: 2, offset: 0, after: first.next });
    expect(minutesOf(second.approvals)).toEqual([1]);
    expect(second.next).toBeNull();
    const rejected = await listApprovals(db.database, finance(organizationId, 'rejected'), WHOLE);
    expect(minutesOf(rejected.approvals)).toEqual([2]);
    expect((await listApprovals(db.database, finance(organizationId), WHOLE)).approvals).toEqual([]);
  });
});
