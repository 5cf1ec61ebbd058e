import { randomUUID } from 'node:crypto';
import type { Actor } from '@aegis/contracts/actor';
import { createEvent, encodeEvent } from '@aegis/contracts/events/envelope';
import { storeErased } from '@aegis/contracts/events/erasure';
import { ERASING_STORES } from '@aegis/contracts/events/registry';
import { newId } from '@aegis/contracts/ids';
import { ALL_ORGANIZATIONS, createDatabase, type Database } from '@aegis/postgres/database';
import { systemClock } from '@aegis/runtime/clock';
import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditMigrations } from '../src/migrations.ts';
import { createSaltPool } from '../src/salt-pool.ts';
import { insertSettings } from '../src/store/audit-settings.ts';
import { deleteDisclosures } from '../src/store/retention.ts';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { applyRetention, expireDisclosures } from '../src/usecases/privacy/apply-retention.ts';
import { completeErasure } from '../src/usecases/privacy/complete-erasure.ts';
import { silent, verified } from './audit-database.ts';
import { type RunningAudit, startAudit } from './audit-service.ts';
import { prepare } from './chain.ts';
import { AUDITOR, delivered, responded, submitted } from './events.ts';

let audit: RunningAudit;
let retention: Database;
let organizationId: string;

beforeAll(async () => {
  audit = await startAudit();
  const { schema, otherRoles } = auditMigrations;
  retention = createDatabase({ url: audit.url, schema, role: otherRoles[0], maxConnections: 1, log: silent });
});
afterAll(async () => {
  await retention.close();
  await audit.close();
});
beforeEach(() => {
  organizationId = randomUUID();
});

const dependencies = () => ({
  database: audit.database,
  nextSalt: createSaltPool(),
  clock: systemClock,
  log: silent,
});
const never = new AbortController().signal;

const append = (...events: Parameters<typeof delivered>[0][]) =>
  appendEntries(
    audit.database,
    ALL_ORGANIZATIONS,
    events.map((event) => prepare(delivered(event))),
  );

function erasure(scope: { intentIds?: string[]; userId?: string }) {
  const erasureId = newId('era');
  const requested = createEvent({
    source: 'gateway',
    type: 'privacy.erase_requested',
    time: new Date(),
    subject: erasureId,
    organizationId,
    actor: AUDITOR,
    data: { erasureId, intentIds: [], userId: null, createdFrom: null, createdTo: null, ...scope },
  });
  const answers = ERASING_STORES.map((store) => encodeEvent(storeErased(store, requested, new Date())));
  return { erasureId, requested: encodeEvent(requested), answers };
}

const disclosed = async () =>
  (
    await audit.sql<{ seq: string }>('SELECT seq FROM disclosures WHERE organization_id = $1 ORDER BY seq', [
      organizationId,
    ])
  ).map(({ seq }) => Number(seq));
const typesOf = async () =>
  (
    await audit.sql<{ type: string }>('SELECT type FROM entries WHERE organization_id = $1 ORDER BY seq', [
      organizationId,
    ])
  ).map(({ type }) => type);
/** How many entries each of the log's own entries of this type says that it deleted from. */
const told = async (type: string) =>
  (
    await audit.sql<{ entries: number }>(
      `SELECT (leaf::json -> 'data' ->> 'entries')::int AS entries FROM entries
       WHERE organization_id = $1 AND type = $2 ORDER BY seq`,
      [organizationId, type],
    )
  ).map(({ entries }) => entries);
const setRetention = (version: number, settings: { days?: number; legalHold?: boolean }) =>
  audit.database.tx({ organizationId }, (tx) => insertSettings(tx, organizationId, version, { retention: settings }));

describe('an erasure', () => {
  it('of an intent takes out what is disclosed of it once every store has answered, and nothing else', async () => {
    const intentId = newId('int');
    await append(submitted({ organizationId, intentId }), submitted({ organizationId }));
    const { requested, answers } = erasure({ intentIds: [intentId] });
    await audit.bus.publish([requested, ...answers.slice(0, 2)]);
    await eventually(async () => expect(await typesOf()).toHaveLength(5));
    expect(await disclosed()).toEqual([0, 1]);
    await audit.bus.publish(answers);
    await eventually(async () => expect(await typesOf()).toContain('privacy.erased'));
    expect(await disclosed()).toEqual([1]);
    await audit.bus.publish([requested, ...answers]);
    expect((await typesOf()).filter((type) => type === 'privacy.erased')).toHaveLength(1);
    expect((await verified(audit.database, organizationId)).result?.fault).toBeNull();
  });

  it('of a person takes out what they wrote, and what is about them', async () => {
    const person: Actor = { type: 'human', id: randomUUID(), role: 'finance', authMethod: 'jwt' };
    const note = responded({ organizationId });
    const written = { ...note, headers: { ...note.headers, ce_actor: JSON.stringify(person) } };
    await append(written, responded({ organizationId }));
    const { erasureId, requested, answers } = erasure({ userId: person.id });
    await append(requested, ...answers);
    await completeErasure(dependencies(), organizationId, erasureId);
    expect(await disclosed()).toEqual([1]);
  });

  it('takes what arrives late as well, and says so', async () => {
    const intentId = newId('int');
    const { erasureId, requested, answers } = erasure({ intentIds: [intentId] });
    await append(requested, ...answers);
    await completeErasure(dependencies(), organizationId, erasureId);
    await append(submitted({ organizationId, intentId }));
    expect(await disclosed()).toHaveLength(1);
    await applyRetention(dependencies(), never);
    expect(await disclosed()).toEqual([]);
    await applyRetention(dependencies(), never);
    expect(await told('privacy.erased')).toEqual([0, 1]);
  });

  it('that breaks off before the log tells of it has deleted nothing, and is completed later', async () => {
    const intentId = newId('int');
    const { erasureId, requested, answers } = erasure({ intentIds: [intentId] });
    await append(submitted({ organizationId, intentId }), requested, ...answers);
    const complete = () => completeErasure(dependencies(), organizationId, erasureId);
    await audit.withoutAppending(() => expect(complete()).rejects.toThrow('permission denied for table entries'));
    expect(await disclosed()).toEqual([0]);
    await Promise.all([complete(), complete(), complete()]);
    expect(await disclosed()).toEqual([]);
    expect(await told('privacy.erased')).toEqual([1]);
  });

  it('waits for the end of a legal hold', async () => {
    const intentId = newId('int');
    await setRetention(1, { legalHold: true });
    const { erasureId, requested, answers } = erasure({ intentIds: [intentId] });
    await append(submitted({ organizationId, intentId }), requested, ...answers);
    await completeErasure(dependencies(), organizationId, erasureId);
    expect(await disclosed()).toEqual([0]);
    await setRetention(2, { legalHold: false });
    await applyRetention(dependencies(), never);
    expect(await disclosed()).toEqual([]);
    expect(await typesOf()).toContain('privacy.erased');
  });

  it('reaches no other organisation', async () => {
    const [here, intentId] = [organizationId, newId('int')];
    await append(submitted({ organizationId, intentId }));
    organizationId = randomUUID();
    const { erasureId, requested, answers } = erasure({ intentIds: [intentId] });
    await append(requested, ...answers);
    await completeErasure(dependencies(), organizationId, erasureId);
    organizationId = here;
    expect(await disclosed()).toEqual([0]);
  });
});

describe('retention', () => {
  const age = (seqs: number, years: number) =>
    audit.tamper(
      `UPDATE entries SET recorded_at = recorded_at - make_interval(years => $3) WHERE organization_id = $1 AND seq < $2`,
      [organizationId, seqs, years],
    );
  const expire = () => expireDisclosures(dependencies(), organizationId, never);

  beforeEach(() => append(...Array.from({ length: 6 }, () => submitted({ organizationId }))));

  it('deletes nothing before its time, seven years unless told otherwise, and says what it deleted', async () => {
    await age(4, 6);
    expect(await expire()).toBe(0);
    await age(2, 2);
    expect(await expire()).toBe(2);
    expect(await disclosed()).toEqual([2, 3, 4, 5]);
    expect((await typesOf()).at(-1)).toBe('retention.applied');
    await setRetention(1, { days: 184 });
    expect(await expire()).toBe(2);
    expect(await disclosed()).toEqual([4, 5]);
    expect(await expire()).toBe(0);
  });

  it('that breaks off deletes nothing that the log does not tell of', async () => {
    await age(2, 8);
    await audit.withoutAppending(() => expect(expire()).rejects.toThrow('permission denied for table entries'));
    expect(await disclosed()).toHaveLength(6);
    await Promise.all([expire(), expire()]);
    expect(await disclosed()).toEqual([2, 3, 4, 5]);
    expect(await told('retention.applied')).toEqual([2]);
  });

  it('deletes nothing under a legal hold', async () => {
    await age(4, 8);
    await setRetention(1, { legalHold: true });
    expect(await expire()).toBe(0);
    expect(await disclosed()).toHaveLength(6);
  });

  it('has a role that can delete nothing but what is disclosed, which the service itself cannot', async () => {
    for (const table of ['entries', 'tiles', 'checkpoints', 'log_keys', 'chain_heads']) {
      await expect(retention.tx({ organizationId }, (tx) => tx.query(`DELETE FROM ${table}`))).rejects.toThrow(
        'permission',
      );
    }
    await expect(retention.tx({ organizationId }, (tx) => tx.query(`UPDATE disclosures SET seq = 1`))).rejects.toThrow(
      'permission',
    );
    await expect(audit.database.tx({ organizationId }, (tx) => tx.query('DELETE FROM disclosures'))).rejects.toThrow(
      'permission',
    );
    const afterwards = audit.database.tx({ organizationId }, async (tx) => {
      await deleteDisclosures(tx, organizationId, [0]);
      await tx.query('DELETE FROM disclosures');
    });
    await expect(afterwards).rejects.toThrow('permission');
  });
});
