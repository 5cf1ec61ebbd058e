import { randomUUID } from 'node:crypto';
import { newId } from '@aegis/contracts/ids';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { systemClock } from '@aegis/runtime/clock';
import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSaltPool } from '../src/salt-pool.ts';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { putSettings, readSettings } from '../src/usecases/export/settings.ts';
import { createSchedule, deleteSchedule, setScheduleStatus } from '../src/usecases/schedules/change-schedules.ts';
import { type AuditDatabase, openAuditDatabase, verified } from './audit-database.ts';
import { prepare } from './chain.ts';
import { AUDITOR, delivered, submitted } from './events.ts';

let db: AuditDatabase;
let organizationId: string;

beforeAll(async () => {
  db = await openAuditDatabase();
});
afterAll(() => db.close());
beforeEach(() => {
  organizationId = randomUUID();
});

const dependencies = () => ({ database: db.database, nextSalt: createSaltPool(), clock: systemClock, hasPlace: true });
const put = (issuer: string) => putSettings(dependencies(), organizationId, AUDITOR, { sox: { issuer } });
const typesOf = async () =>
  (
    await db.sql<{ type: string }>('SELECT type FROM entries WHERE organization_id = $1 ORDER BY seq', [organizationId])
  ).map(({ type }) => type);

const terms = {
  name: 'Every day',
  format: 'csv',
  standard: 'generic',
  part: 'records',
  differences: 'refuse',
  cadence: 'daily',
  timeZone: 'UTC',
} as const;

function schedule(scheduleId = newId('exs')) {
  const command = { organizationId, actor: AUDITOR, scheduleId };
  return {
    create: () => createSchedule(dependencies(), command, terms),
    pause: () => setScheduleStatus(dependencies(), command, 'paused'),
    resume: () => setScheduleStatus(dependencies(), command, 'active'),
    remove: () => deleteSchedule(dependencies(), command),
    status: async () =>
      (
        await db.sql<{ status: string }>(
          'SELECT status FROM export_schedules WHERE organization_id = $1 AND schedule_id = $2',
          [organizationId, scheduleId],
        )
      )[0]?.status,
  };
}

describe('a change that breaks off before the log tells of it is not made, and told once when it is asked for again:', () => {
  it('settings', async () => {
    await put('Example plc');
    await db.withoutAppending(() => expect(put('Other plc')).rejects.toThrow('permission denied for table entries'));
    expect((await readSettings(db.database, organizationId)).settings).toEqual({ sox: { issuer: 'Example plc' } });
    expect(await put('Other plc')).toMatchObject({ version: 2, settings: { sox: { issuer: 'Other plc' } } });
    expect(await put('Other plc')).toMatchObject({ version: 2 });
    expect(await typesOf()).toEqual(['audit_settings.updated', 'audit_settings.updated']);
  });

  it('a schedule that is made, paused, resumed and deleted', async () => {
    const { status, ...changes } = schedule();
    const told: string[] = [];
    for (const [change, type, after] of [
      ['create', 'export_schedule.created', 'active'],
      ['pause', 'export_schedule.paused', 'paused'],
      ['resume', 'export_schedule.resumed', 'active'],
      ['remove', 'export_schedule.deleted', 'deleted'],
    ] as const) {
      const before = await status();
      await db.withoutAppending(() => expect(changes[change]()).rejects.toThrow('permission denied for table entries'));
      expect(await status()).toBe(before);
      expect(await typesOf()).toEqual(told);
      await changes[change]();
      told.push(type);
      expect([await status(), await typesOf()]).toEqual([after, told]);
    }
  });
});

describe('changes at the same moment', () => {
  it('are told once each: of the settings one wins, and a schedule is made, paused and deleted once', async () => {
    const puts = await Promise.allSettled(['One', 'Two', 'Three', 'Four'].map(put));
    const won = puts.filter(({ status }) => status === 'fulfilled').length;
    expect(won).toBeGreaterThan(0);
    expect((await readSettings(db.database, organizationId)).version).toBe(won);
    const { create, pause, remove } = schedule();
    const thrice = (change: () => Promise<unknown>) => Promise.allSettled([change(), change(), change()]);
    for (const change of [create, pause, remove]) await thrice(change);
    expect(await typesOf()).toEqual([
      ...Array.from({ length: won }, () => 'audit_settings.updated'),
      'export_schedule.created',
      'export_schedule.paused',
      'export_schedule.deleted',
    ]);
  });

  it('keep nobody from appending while they wait for each other', async () => {
    const { create, pause, status } = schedule();
    await create();
    await db.sql('BEGIN');
    await db.sql('SELECT FROM export_schedules WHERE organization_id = $1 FOR UPDATE', [organizationId]);
    const paused = pause();
    await eventually(async () => {
      const waiting = await db.sql(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(waiting).toHaveLength(1);
    });
    await appendEntries(db.database, ALL_ORGANIZATIONS, [prepare(delivered(submitted({ organizationId })))]);
    expect(await status()).toBe('active');
    await db.sql('COMMIT');
    await paused;
    expect(await typesOf()).toEqual(['export_schedule.created', 'intent.submitted', 'export_schedule.paused']);
    expect((await verified(db.database, organizationId)).result?.fault).toBeNull();
  });
});
