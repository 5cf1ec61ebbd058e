import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@aegis/contracts/ids';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { eventually } from '@aegis/testkit/eventually';
import { checkBundle } from '@aegis/verify/bundle/check-bundle';
import { parseVerifierKey } from '@aegis/verify/format/note';
import { openZip } from '@aegis/verify/source/zip';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportDirectory } from '../src/export-directory.ts';
import { selectLogKeys } from '../src/store/log-keys.ts';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { runSchedules } from '../src/usecases/schedules/run-schedules.ts';
import { callerOf, type RunningAudit, startAudit } from './audit-service.ts';
import { prepare } from './chain.ts';
import { delivered, responded, submitted } from './events.ts';
import { runDependencies } from './run-dependencies.ts';

const RUNNER = join(import.meta.dirname, 'schedule-runner.ts');
/** Kills by SIGKILL at random points. */
const KILLS = Number(process.env.AEGIS_TEST_SCHEDULE_KILLS ?? 3);
const never = new AbortController().signal;

let audit: RunningAudit;
let directory: string;
let organizationId: string;

beforeAll(async () => {
  // The service itself has no directory's time: its sweeps would race the tests' own.
  audit = await startAudit({ schedules: { directory: tmpdir(), intervalMs: 3_600_000, leaseMs: 60_000 } });
});
afterAll(() => audit.close());
beforeEach(async () => {
  organizationId = randomUUID();
  directory = await mkdtemp(join(tmpdir(), 'aegis-exports-'));
  await audit.sql('UPDATE export_schedules SET status = $1', ['deleted']);
  return () => rm(directory, { recursive: true, force: true });
});

const terms = {
  name: 'Every day',
  format: 'csv',
  standard: 'generic',
  bundle: true,
  differences: 'refuse',
  cadence: 'daily',
  timeZone: 'Asia/Kolkata',
};

async function create(changes: Partial<typeof terms> = {}) {
  const request = { caller: callerOf(organizationId), scheduleId: newId('exs'), terms: { ...terms, ...changes } };
  return audit.schedules.createSchedule(request);
}

async function append(count: number): Promise<void> {
  const events = Array.from({ length: count }, () => [submitted({ organizationId }), responded({ organizationId })]);
  await appendEntries(
    audit.database,
    ALL_ORGANIZATIONS,
    events.flat().map((event) => prepare(delivered(event))),
  );
}

/** Lets the schedule have begun so many days ago, with entries of those days. */
async function begunDaysAgo(scheduleId: string, days: number): Promise<void> {
  await audit.tamper(
    `UPDATE export_schedules SET next_from = (next_from::date - $2::int)::text, due_at = due_at - make_interval(days => $2)
     WHERE schedule_id = $1`,
    [scheduleId, days],
  );
}

const run = (place = exportDirectory(directory), leaseMs?: number) =>
  runSchedules(runDependencies(audit.database, place, leaseMs), never);

async function runsOf(scheduleId: string, limit = 100) {
  return (await audit.schedules.listRuns({ caller: callerOf(organizationId), scheduleId, page: { limit, offset: 0 } }))
    .runs;
}

async function filesOf(scheduleId: string): Promise<string[]> {
  return (await readdir(join(directory, organizationId, scheduleId))).toSorted();
}

const ownTypes = async () =>
  (
    await audit.sql<{ type: string }>(
      `SELECT type FROM entries WHERE organization_id = $1 AND (type LIKE 'export%') ORDER BY seq`,
      [organizationId],
    )
  ).map(({ type }) => type);

/** Every file is that of its run, verifies offline, and nothing else lies there. */
async function expectWhole(scheduleId: string, periods: number): Promise<void> {
  const runs = await runsOf(scheduleId);
  expect(runs.map(({ status }) => status)).toEqual(Array.from({ length: periods }, () => 'completed'));
  expect(await filesOf(scheduleId)).toEqual(
    runs.map(({ periodFrom, periodTo }) => `${periodFrom}--${periodTo}.zip`).toSorted(),
  );
  const keys = await audit.database.read({ organizationId }, (tx) => selectLogKeys(tx, organizationId));
  for (const { file = '', sha256, bytes, exportId } of runs) {
    const content = await readFile(join(directory, file));
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    expect(content.length).toBe(Number(bytes));
    const source = await openZip(join(directory, file));
    const verifiers = keys.map(({ vkey }) => parseVerifierKey(vkey));
    const report = await checkBundle(source, { verifiers, manifestKey: null, keptCheckpoint: null });
    await source.close();
    expect(report.faults).toEqual([]);
    expect(report.manifest?.export_id).toBe(exportId);
  }
  const exports = await audit.sql('SELECT export_id FROM exports WHERE organization_id = $1', [organizationId]);
  expect(exports).toHaveLength(periods);
}

describe('a schedule', () => {
  it('begins with the period under way in its zone, and is recorded', async () => {
    const schedule = await create();
    const [now] = await audit.sql<{ date: string }>(
      `SELECT (clock_timestamp() AT TIME ZONE 'Asia/Kolkata')::date::text AS date`,
    );
    expect(schedule).toMatchObject({ terms, status: 'active', nextFrom: now?.date });
    expect(new Date(schedule.dueAt).toISOString()).toMatch(/T18:30:00\.000Z$/);
    await run();
    expect(await runsOf(schedule.scheduleId)).toEqual([]);
    expect(await ownTypes()).toEqual(['export_schedule.created']);
  });

  it('exports each period that is over once, into files for their owner alone that verify offline', async () => {
    const { scheduleId } = await create();
    await append(3);
    await begunDaysAgo(scheduleId, 3);
    await run();
    await run();
    await expectWhole(scheduleId, 3);
    const folder = join(directory, organizationId, scheduleId);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of await filesOf(scheduleId)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    const [requested] = await audit.sql(
      `SELECT leaf::json -> 'data' AS data FROM entries WHERE organization_id = $1 AND type = 'export.requested' LIMIT 1`,
      [organizationId],
    );
    expect(requested).toMatchObject({ data: { scheduleId, part: 'bundle' } });
  });

  it('has every entry in exactly one of its files, also those recorded at the stroke of midnight', async () => {
    const { scheduleId } = await create({ format: 'json', bundle: false });
    await append(6);
    // As if the entries had come over the last days: the first at a midnight in Kolkata, the others half a day apart.
    await audit.tamper(
      `UPDATE entries SET recorded_at =
         (date_trunc('day', clock_timestamp() AT TIME ZONE 'Asia/Kolkata') - interval '3 days') AT TIME ZONE 'Asia/Kolkata'
         + (seq / 2) * interval '12 hours' WHERE organization_id = $1`,
      [organizationId],
    );
    const seqs = await rangesOf(scheduleId, 3);
    expect(seqs).toEqual([
      [0, 4],
      [4, 8],
      [8, 12],
    ]);
  });

  /** Places that the runs of so many days ask for, oldest first; the leaves' own times tell others, so nothing is sent. */
  async function rangesOf(scheduleId: string, days: number): Promise<number[][]> {
    await begunDaysAgo(scheduleId, days);
    await run();
    const moments = await audit.sql<{ from: Date; to: Date }>(
      'SELECT from_at AS "from", to_at AS "to" FROM export_runs WHERE schedule_id = $1 ORDER BY 1',
      [scheduleId],
    );
    return Promise.all(
      moments.map(async ({ from, to }) => {
        const [row] = await audit.sql<{ begin: string; end: string }>(
          `SELECT first_seq_at($1, size, $2) AS begin, first_seq_at($1, size, $3) AS end
           FROM chain_heads WHERE organization_id = $1`,
          [organizationId, from, to],
        );
        return [Number(row?.begin), Number(row?.end)];
      }),
    );
  }

  it('does nothing while it is paused, and makes up for it when it is resumed', async () => {
    const { scheduleId } = await create();
    const command = { caller: callerOf(organizationId), scheduleId };
    expect(await audit.schedules.pauseSchedule(command)).toMatchObject({ status: 'paused' });
    await audit.schedules.pauseSchedule(command);
    await begunDaysAgo(scheduleId, 2);
    await run();
    expect(await runsOf(scheduleId)).toEqual([]);
    expect(await audit.schedules.resumeSchedule(command)).toMatchObject({ status: 'active' });
    await run();
    await expectWhole(scheduleId, 2);
    const changes = (await ownTypes()).filter((type) => type.startsWith('export_schedule.'));
    expect(changes).toEqual(['export_schedule.created', 'export_schedule.paused', 'export_schedule.resumed']);
  });

  it('that is deleted exports nothing and is not found, while its files stay', async () => {
    const { scheduleId } = await create();
    const command = { caller: callerOf(organizationId), scheduleId };
    await begunDaysAgo(scheduleId, 1);
    await run();
    await audit.schedules.deleteSchedule(command);
    await begunDaysAgo(scheduleId, 5);
    await run();
    expect(await filesOf(scheduleId)).toHaveLength(1);
    const missing = { code: 'not_found', message: 'no such export schedule' };
    await expect(audit.schedules.getSchedule(command)).rejects.toMatchObject(missing);
    await expect(audit.schedules.deleteSchedule(command)).rejects.toMatchObject(missing);
    await expect(audit.schedules.resumeSchedule(command)).rejects.toMatchObject(missing);
    await expect(runsOf(scheduleId)).rejects.toMatchObject(missing);
  });

  it('is the organisation’s alone, and lists come in pages', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.unshift((await create({ name: `No. ${count}` })).scheduleId);
    const caller = callerOf(organizationId);
    const first = await audit.schedules.listSchedules({ caller, page: { limit: 2, offset: 0 } });
    expect(first.schedules.map(({ scheduleId }) => scheduleId)).toEqual(ids.slice(0, 2));
    const cursor = first.page?.nextCursor ?? '';
    const rest = await audit.schedules.listSchedules({ caller, page: { limit: 2, offset: 0, cursor } });
    expect(rest.schedules.map(({ scheduleId }) => scheduleId)).toEqual(ids.slice(2));
    expect(rest.page?.hasMore).toBe(false);
    const foreign = { limit: 2, offset: 0, cursor: 'nonsense' };
    const refusal = { code: 'invalid_request', errors: [{ path: 'cursor' }] };
    await expect(audit.schedules.listSchedules({ caller, page: foreign })).rejects.toMatchObject(refusal);
    const runs = audit.schedules.listRuns({ caller, scheduleId: ids[0] ?? '', page: foreign });
    await expect(runs).rejects.toMatchObject(refusal);
    await expect(audit.exports.listExports({ caller, page: foreign })).rejects.toMatchObject(refusal);
    await begunDaysAgo(ids[0] ?? '', 5);
    await run();
    expect(await runsOf(ids[0] ?? '', 2)).toHaveLength(2);
    const other = callerOf(randomUUID());
    expect((await audit.schedules.listSchedules({ caller: other, page: null })).schedules).toEqual([]);
    const command = { caller: other, scheduleId: ids[0] ?? '' };
    await expect(audit.schedules.pauseSchedule(command)).rejects.toMatchObject({ code: 'not_found' });
    await expect(audit.schedules.listRuns({ ...command, page: null })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('asked for twice with one id is made once; one without a zone that exists is refused', async () => {
    const request = { caller: callerOf(organizationId), scheduleId: newId('exs'), terms };
    const [one, two] = await Promise.all([
      audit.schedules.createSchedule(request),
      audit.schedules.createSchedule(request),
    ]);
    expect(two).toEqual(one);
    await expect(create({ timeZone: 'Mars/Olympus' })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(create({ cadence: 'hourly' })).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('a run that fails', () => {
  const failedRun = async (scheduleId: string) => {
    const [first] = await runsOf(scheduleId);
    return first;
  };
  const tryAgainNow = () => audit.tamper('UPDATE export_runs SET next_attempt_at = clock_timestamp()');

  it('says why, in its list and in the log, and is tried again until it is completed', async () => {
    const { scheduleId } = await create();
    await append(2);
    await begunDaysAgo(scheduleId, 1);
    await writeFile(join(directory, organizationId), 'a file where a folder should be');
    await run();
    expect(await failedRun(scheduleId)).toMatchObject({
      status: 'failed',
      attempts: 1,
      error: 'the directory of exports cannot be used: ENOTDIR',
    });
    await run();
    expect(await failedRun(scheduleId)).toMatchObject({ attempts: 1 });
    expect((await ownTypes()).at(-1)).toBe('export_schedule.run_failed');
    await rm(join(directory, organizationId));
    await tryAgainNow();
    await run();
    await expectWhole(scheduleId, 1);
    expect(await failedRun(scheduleId)).toMatchObject({ attempts: 2 });
  });

  it('because the log was tampered with is refused as any export is, and holds up no other schedule', async () => {
    const { scheduleId } = await create();
    await append(2);
    await begunDaysAgo(scheduleId, 1);
    await audit.tamper(
      `UPDATE entries SET leaf_hash = sha256('x'), recorded_at = recorded_at - interval '1 day'
       WHERE organization_id = $1 AND seq = 2`,
      [organizationId],
    );
    organizationId = randomUUID();
    const other = await create();
    await begunDaysAgo(other.scheduleId, 1);
    await run();
    await expectWhole(other.scheduleId, 1);
    const [failed] = await audit.sql('SELECT status, error FROM export_runs WHERE schedule_id = $1', [scheduleId]);
    expect(failed).toMatchObject({ status: 'failed', error: expect.stringContaining('seq') });
  });
});

describe('the directory', () => {
  it('is never left: a link to elsewhere is refused, and what stands there is not touched', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'aegis-elsewhere-'));
    const { scheduleId } = await create();
    await begunDaysAgo(scheduleId, 1);
    await symlink(elsewhere, join(directory, organizationId));
    await run();
    expect(await runsOf(scheduleId)).toMatchObject([
      { status: 'failed', error: 'a link leads out of the directory of exports' },
    ]);
    expect(await readdir(elsewhere)).toEqual([scheduleId]);
    await rm(elsewhere, { recursive: true });
  });

  it('gets a file in place of a link of its name, not through it', async () => {
    const victim = join(directory, 'victim');
    await writeFile(victim, 'untouched');
    const { scheduleId } = await create();
    await begunDaysAgo(scheduleId, 1);
    const folder = join(directory, organizationId, scheduleId);
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700);
    const [planned] = await audit.sql<{ name: string }>(
      `SELECT next_from || '--' || (next_from::date + 1)::text || '.zip' AS name FROM export_schedules
       WHERE schedule_id = $1`,
      [scheduleId],
    );
    await symlink(victim, join(folder, planned?.name ?? ''));
    await run();
    await expectWhole(scheduleId, 1);
    expect(await readFile(victim, 'utf8')).toBe('untouched');
  });
});

describe('several replicas', () => {
  it('share the periods and export each once', { timeout: 120_000 }, async () => {
    const { scheduleId } = await create();
    await append(5);
    await begunDaysAgo(scheduleId, 12);
    await Promise.all([run(), run(), run()]);
    await eventually(async () =>
      expect((await runsOf(scheduleId)).every(({ status }) => status === 'completed')).toBe(true),
    );
    await expectWhole(scheduleId, 12);
    expect((await runsOf(scheduleId)).map(({ attempts }) => attempts)).toEqual(Array.from({ length: 12 }, () => 1));
  });

  async function start(halt: string, leaseMs = 500): Promise<{ child: ChildProcess; exited: Promise<unknown> }> {
    const args = [RUNNER, audit.url, directory, String(leaseMs), halt];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    if (child.stdout) await once(child.stdout, 'data');
    return { child, exited };
  }

  it.each(['before', 'after'])(
    'make up for one that is killed %s a file took its name: one export, one file',
    { timeout: 120_000 },
    async (halt) => {
      const { scheduleId } = await create();
      await append(5);
      await begunDaysAgo(scheduleId, 1);
      const { child, exited } = await start(halt);
      await eventually(async () => {
        const names = await filesOf(scheduleId);
        const isThere = names.some((name) => (halt === 'after' ? name.endsWith('.zip') : name.endsWith('.part')));
        const [part] = await audit.sql('SELECT FROM export_parts WHERE organization_id = $1', [organizationId]);
        expect([isThere, part !== undefined]).toEqual([true, true]);
      });
      // While it lives, it keeps its lease.
      await sleep(1_000);
      await run();
      expect(await runsOf(scheduleId)).toMatchObject([{ status: 'running', attempts: 1 }]);
      child.kill('SIGKILL');
      await exited;
      await eventually(async () => {
        await run();
        expect(await runsOf(scheduleId)).toMatchObject([{ status: 'completed', attempts: 2 }]);
      });
      await expectWhole(scheduleId, 1);
      const completed = (await ownTypes()).filter((type) => type === 'export.completed');
      expect(completed).toHaveLength(halt === 'after' ? 1 : 2);
    },
  );

  it('killed at any points leave one whole file of each period', { timeout: 300_000 }, async () => {
    const { scheduleId } = await create();
    await append(200);
    await begunDaysAgo(scheduleId, KILLS + 4);
    let fired = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const replicas = await Promise.all([start('never', 300), start('never', 300)]);
      const exits = replicas.map(({ exited }) => exited);
      await Promise.race([...exits, sleep(100 + Math.random() * 500)]);
      for (const { child } of replicas) if (child.kill('SIGKILL')) fired += 1;
      await Promise.all(exits);
    }
    expect(fired).toBeGreaterThan(0);
    await eventually(
      async () => {
        await run(exportDirectory(directory), 300);
        expect((await runsOf(scheduleId)).every(({ status }) => status === 'completed')).toBe(true);
      },
      { timeoutMs: 60_000 },
    );
    await expectRuns(scheduleId, KILLS + 4);
  });

  /** As `expectWhole`, but an export that was begun and not finished before a kill may stand beside those of the runs. */
  async function expectRuns(scheduleId: string, periods: number): Promise<void> {
    const runs = await runsOf(scheduleId);
    expect(new Set(runs.map(({ exportId }) => exportId)).size).toBe(periods);
    expect(await filesOf(scheduleId)).toEqual(
      runs.map(({ periodFrom, periodTo }) => `${periodFrom}--${periodTo}.zip`).toSorted(),
    );
    for (const { file = '', sha256 } of runs) {
      const content = await readFile(join(directory, file));
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
  }
});

describe('without a directory', () => {
  it('nothing can be scheduled, and the answer says what is missing', async () => {
    const bare = await startAudit();
    const request = { caller: callerOf(organizationId), scheduleId: newId('exs'), terms };
    await expect(bare.schedules.createSchedule(request)).rejects.toMatchObject({
      code: 'wrong_state',
      message: expect.stringContaining('AUDIT_EXPORT_DIR'),
    });
    await bare.close();
  });
});
