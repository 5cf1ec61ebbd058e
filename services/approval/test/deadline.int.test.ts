import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '@aegis/contracts/problems';
import { eventually } from '@aegis/testkit/eventually';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startExpiryTimer } from '../src/inbound/expiry-timer.ts';
import { applyDecisions } from '../src/usecases/apply-decisions.ts';
import { expireRequests } from '../src/usecases/expire-requests.ts';
import { respond } from '../src/usecases/respond.ts';
import { type ApprovalDatabase, openApprovalDatabase, silent } from './approval-database.ts';
import { decision } from './decisions.ts';
import { approve } from './people.ts';

/** Races to run; 10,000 take some minutes. */
const RACES = Number(process.env.AEGIS_TEST_RACES ?? 600);
const RACES_AT_ONCE = 30;
const JITTER_MS = 5;

let db: ApprovalDatabase;

beforeAll(async () => {
  db = await openApprovalDatabase();
});
afterAll(() => db.close());

interface Opened {
  readonly id: string;
  readonly organizationId: string;
}

/** Opens requests that all expire `inMs` from now, by the database's clock. */
async function openExpiring(count: number, inMs: number): Promise<Opened[]> {
  const organizationId = randomUUID();
  await applyDecisions(
    db.database,
    Array.from({ length: count }, () => decision({ organizationId })),
  );
  return db.sql<Opened>(
    `UPDATE approval_requests SET expires_at = date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => $2)
     WHERE organization_id = $1 RETURNING id, organization_id AS "organizationId"`,
    [organizationId, inMs / 1000],
  );
}

interface Ending {
  readonly id: string;
  readonly status: string;
  readonly votes: number;
  readonly answeredInTime: boolean | null;
  readonly resolvedAfterDeadline: boolean;
  readonly resolutions: string[];
}

async function endings(organizationId: string): Promise<Ending[]> {
  return db.sql<Ending>(
    `WITH said AS (
       SELECT headers::json ->> 'ce_subject' AS id, array_agg(value::json ->> 'outcome') AS outcomes
       FROM outbox WHERE headers::json ->> 'ce_type' = 'approval.resolved' GROUP BY 1
     )
     SELECT r.id, r.status, count(v)::integer AS votes, bool_and(v.responded_at < r.expires_at) AS "answeredInTime",
            r.resolved_at >= r.expires_at AS "resolvedAfterDeadline", coalesce(said.outcomes, '{}') AS resolutions
     FROM approval_requests r LEFT JOIN approval_responses v ON v.approval_id = r.id LEFT JOIN said ON said.id = r.id
     WHERE r.organization_id = $1 GROUP BY r.organization_id, r.id, said.outcomes`,
    [organizationId],
  );
}

/** How the organisation's requests ended, once none of them is open. */
function allEnded(organizationId: string): Promise<Ending[]> {
  return eventually(async () => {
    const all = await endings(organizationId);
    expect(all.filter((ending) => ending.status === 'open')).toEqual([]);
    return all;
  });
}

function answered(request: Opened): Promise<'approved' | 'late'> {
  return respond(db.database, approve(request)).then(
    () => 'approved' as const,
    (error: unknown) => {
      if (error instanceof ProblemError && error.code === 'wrong_state') return 'late' as const;
      throw error;
    },
  );
}

function timerOn(database = db.database, sweepMs = 60_000) {
  return startExpiryTimer({ expire: () => expireRequests(database), sweepMs, log: silent });
}

describe('an answer at the deadline', () => {
  it('and the expiry have one winner, which is the one that the event tells of', { timeout: 1_200_000 }, async () => {
    const timers = [timerOn(), timerOn(db.replica())];
    const wins = { approved: 0, late: 0 };
    for (let done = 0; done < RACES; done += RACES_AT_ONCE) {
      const requests = await openExpiring(RACES_AT_ONCE, 40);
      for (const timer of timers) timer.wakeWithin(38);
      const results = new Map<string, 'approved' | 'late'>();
      await Promise.all(
        requests.map(async (request, index) => {
          await sleep(40 - JITTER_MS + (2 * JITTER_MS * index) / RACES_AT_ONCE);
          results.set(request.id, await answered(request));
        }),
      );
      const ended = await allEnded(requests[0]?.organizationId ?? '');
      for (const { id, status, votes, answeredInTime, resolvedAfterDeadline, resolutions } of ended) {
        const result = results.get(id) ?? 'late';
        wins[result] += 1;
        if (result === 'approved') {
          expect({ status, votes, answeredInTime, resolutions }).toEqual({
            status: 'approved',
            votes: 1,
            answeredInTime: true,
            resolutions: ['approved'],
          });
        } else {
          expect({ status, votes, resolvedAfterDeadline, resolutions }).toEqual({
            status: 'expired',
            votes: 0,
            resolvedAfterDeadline: true,
            resolutions: ['expired'],
          });
        }
      }
    }
    await Promise.all(timers.map((timer) => timer.stop()));
    // A race that one side never wins is none.
    expect(wins.approved).toBeGreaterThan(0);
    expect(wins.late).toBeGreaterThan(0);
  });

  it('that waited for the lock until the deadline had passed is late', async () => {
    const [request] = await openExpiring(1, 150);
    if (!request) throw new Error('no request was opened');
    const holder = new pg.Client({ connectionString: db.url, options: '-c search_path=approval' });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM approval_requests WHERE id = $1 FOR UPDATE', [request.id]);
    const late = answered(request);
    await eventually(async () => {
      const [row] = await db.sql<{ passed: boolean; waiting: boolean }>(
        `SELECT clock_timestamp() >= expires_at AS passed,
                EXISTS (SELECT FROM pg_locks WHERE NOT granted) AS waiting FROM approval_requests WHERE id = $1`,
        [request.id],
      );
      return row?.passed === true && row.waiting;
    });
    await holder.query('COMMIT');
    await holder.end();
    expect(await late).toBe('late');
    expect((await endings(request.organizationId))[0]).toMatchObject({ status: 'open', votes: 0 });
  });

  it.each([
    ['ahead', 600_000],
    ['behind', -600_000],
  ])('goes by the database’s clock, though this process’ is ten minutes %s', async (_, skewMs) => {
    const [soon] = await openExpiring(1, 60_000);
    const [past] = await openExpiring(1, -1_000);
    if (!soon || !past) throw new Error('no request was opened');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + skewMs });
    try {
      expect(await answered(past)).toBe('late');
      await expireRequests(db.database);
      expect((await endings(past.organizationId))[0]).toMatchObject({ status: 'expired', resolvedAfterDeadline: true });
      expect((await endings(soon.organizationId))[0]).toMatchObject({ status: 'open' });
      expect(await answered(soon)).toBe('approved');
      expect((await endings(soon.organizationId))[0]).toMatchObject({ status: 'approved', answeredInTime: true });
    } finally {
      vi.useRealTimers();
    }
  });

  it('that waited for another vote counts with it', async () => {
    const organizationId = randomUUID();
    await applyDecisions(db.database, [decision({ organizationId, terms: { quorum: 2 } })]);
    const [request] = await db.sql<Opened>(
      'SELECT id, organization_id AS "organizationId" FROM approval_requests WHERE organization_id = $1',
      [organizationId],
    );
    if (!request) throw new Error('no request was opened');
    const statuses = await Promise.all([1, 2].map(() => respond(db.database, approve(request))));
    expect(statuses.map(({ status }) => status).toSorted()).toEqual(['approved', 'open']);
  });
});

describe('the expiry timer', () => {
  it('of two replicas expires each request once, in batches', async () => {
    const requests = await openExpiring(1_200, 0);
    const timers = [timerOn(), timerOn(db.replica())];
    const ended = await allEnded(requests[0]?.organizationId ?? '');
    await Promise.all(timers.map((timer) => timer.stop()));
    expect(ended).toHaveLength(1_200);
    for (const ending of ended) expect(ending.resolutions).toEqual(['expired']);
  });

  it('sleeps until the deadline it knows, and is woken for a nearer one', async () => {
    await openExpiring(1, 60_000);
    let looks = 0;
    const timer = startExpiryTimer({
      expire: () => {
        looks += 1;
        return expireRequests(db.database);
      },
      sweepMs: 60_000,
      log: silent,
    });
    await eventually(() => looks === 1);
    const [request] = await openExpiring(1, 120);
    timer.wakeWithin(120);
    await eventually(async () => (await endings(request?.organizationId ?? ''))[0]?.status === 'expired', {
      timeoutMs: 2_000,
    });
    await timer.stop();
    expect(looks).toBeLessThan(5);
  });

  it('closes by its sweep what a replica that is gone had opened', async () => {
    const timer = timerOn(db.database, 50);
    const [request] = await openExpiring(1, 0);
    await eventually(async () => (await endings(request?.organizationId ?? ''))[0]?.status === 'expired');
    await timer.stop();
  });

  it('passes over a request that is being answered, and is not kept from the others', async () => {
    const requests = await openExpiring(3, 0);
    const [held] = requests;
    const holder = new pg.Client({ connectionString: db.url, options: '-c search_path=approval' });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM approval_requests WHERE id = $1 FOR UPDATE', [held?.id]);
    const timer = timerOn();
    const statuses = async () =>
      (await endings(held?.organizationId ?? ''))
        .map(({ id, status }) => (id === held?.id ? `held ${status}` : status))
        .toSorted();
    await eventually(async () => expect(await statuses()).toEqual(['expired', 'expired', 'held open']));
    await holder.query('ROLLBACK');
    await holder.end();
    await eventually(async () => expect(await statuses()).toEqual(['expired', 'expired', 'held expired']));
    await timer.stop();
  });

  it('goes on after the database was away', async () => {
    let down = true;
    const timer = startExpiryTimer({
      expire: () => (down ? Promise.reject(new Error('Connection terminated')) : expireRequests(db.database)),
      sweepMs: 50,
      log: silent,
    });
    await eventually(() => !timer.check().ok);
    down = false;
    await eventually(() => timer.check().ok);
    await timer.stop();
  });
});
