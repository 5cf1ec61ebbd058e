import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '@aegis/bus/port';
import { ALL_ORGANIZATIONS, createDatabase, type Database } from '@aegis/postgres/database';
import { startTcpProxy } from '@aegis/testkit/tcp-proxy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditMigrations } from '../src/migrations.ts';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { type AuditDatabase, openAuditDatabase, silent, verified } from './audit-database.ts';
import { prepare } from './chain.ts';
import { decided, delivered, responded, submitted } from './events.ts';

/** Events that each of the four writers appends; 50,000 take some minutes. */
const EVENTS_A_WRITER = Number(process.env.AEGIS_TEST_ENTRIES ?? 1_500);
const WRITERS = 4;
const BATCH = 25;
const KILL_EVERY_MS = 15;

let db: AuditDatabase;

beforeAll(async () => {
  db = await openAuditDatabase();
});
afterAll(() => db.close());

const append = (deliveries: readonly Delivery[], database: Database = db.database) =>
  appendEntries(database, ALL_ORGANIZATIONS, deliveries.map(prepare));

const intents = (organizationId: string, count: number) =>
  Array.from({ length: count }, () => delivered(submitted({ organizationId })));

async function eventIds(organizationId: string): Promise<string[]> {
  const rows = await db.sql<{ event_id: string }>(
    'SELECT event_id FROM entries WHERE organization_id = $1 ORDER BY seq',
    [organizationId],
  );
  return rows.map((row) => row.event_id);
}

const idsOf = (deliveries: readonly Delivery[]) => deliveries.map(({ headers }) => headers['ce_id'] ?? '');

describe('appending', () => {
  it('keeps the order of arrival', async () => {
    const organizationId = randomUUID();
    const events = [submitted, decided, responded].map((make) => delivered(make({ organizationId })));
    await append(events.slice(0, 1));
    await append(events.slice(1));
    expect(await eventIds(organizationId)).toEqual(idsOf(events));
    expect(await verified(db.database, organizationId)).toMatchObject({ checked: 3, size: 3, result: { fault: null } });
  });

  it('records an event once that is delivered five times, alone, within a batch and at the same moment', async () => {
    const organizationId = randomUUID();
    const [one, two, three] = intents(organizationId, 3) as [Delivery, Delivery, Delivery];
    expect(await append([one, one, two])).toHaveLength(2);
    expect(await append([two, one])).toHaveLength(0);
    const placed = await Promise.all(Array.from({ length: 5 }, () => append([one, three])));
    expect(placed.flat()).toHaveLength(1);
    expect(await eventIds(organizationId)).toEqual(idsOf([one, two, three]));
    expect((await verified(db.database, organizationId)).result?.fault).toBeNull();
  });

  it('records one event for each of two organisations that it names', async () => {
    const [here, there] = [randomUUID(), randomUUID()];
    const event = submitted({ organizationId: here });
    const copy = { ...event, headers: { ...event.headers, ce_org: there } };
    await append([delivered(event), delivered(copy)]);
    expect([await eventIds(here), await eventIds(there)]).toEqual([[event.headers['ce_id']], [event.headers['ce_id']]]);
  });

  it('gives every organisation a chain of its own, whatever the batch', async () => {
    const organizations = Array.from({ length: 7 }, () => randomUUID());
    const events = Array.from({ length: 70 }, (_, index) =>
      delivered(submitted({ organizationId: organizations[index % 7] ?? '' })),
    );
    await append(events);
    for (const organizationId of organizations) {
      expect(await verified(db.database, organizationId)).toMatchObject({ size: 10, result: { fault: null } });
      expect(await eventIds(organizationId)).toEqual(
        idsOf(events.filter(({ headers }) => headers['ce_org'] === organizationId)),
      );
    }
  });

  it('takes the locks of many organisations in one order, so that no two batches wait for each other', async () => {
    const conflicts: unknown[] = [];
    const ignore = () => undefined;
    const log = { debug: (fields: object) => conflicts.push(fields), info: ignore, warn: ignore, error: ignore };
    const database = createDatabase({ ...auditMigrations, url: db.url, log });
    const organizations = Array.from({ length: 12 }, () => randomUUID());
    const batches = Array.from({ length: 60 }, (_, round) => {
      const rotated = [...organizations.slice(round % 12), ...organizations.slice(0, round % 12)].slice(
        0,
        6 + (round % 7),
      );
      const order = round % 2 === 0 ? rotated : rotated.toReversed();
      return order.map((organizationId) => delivered(responded({ organizationId })));
    });
    await Promise.all(batches.map((batch) => append(batch, database)));
    await database.close();
    expect(conflicts).toEqual([]);
    for (const organizationId of organizations) {
      expect((await verified(db.database, organizationId)).result?.fault).toBeNull();
    }
  });

  it('never goes back in time, whatever the clock of the database does', async () => {
    const organizationId = randomUUID();
    await append(intents(organizationId, 1));
    await db.sql(`UPDATE chain_heads SET recorded_at = '2100-01-01' WHERE organization_id = $1`, [organizationId]);
    const [late] = await append(intents(organizationId, 1));
    expect(late?.recordedAt).toBe('2100-01-01T00:00:00.000Z');
    expect((await verified(db.database, organizationId)).result?.fault).toBeNull();
  });

  it('writes all of a batch or nothing', async () => {
    const organizationId = randomUUID();
    await append(intents(organizationId, 1));
    await db.tamper(`INSERT INTO disclosures VALUES ($1, 2, '{}')`, [organizationId]);
    await expect(append(intents(organizationId, 3))).rejects.toThrow(/disclosures/);
    expect(await verified(db.database, organizationId)).toMatchObject({ size: 1, result: { fault: null } });
  });

  it('is not done twice when the answer to COMMIT is lost', async () => {
    const organizationId = randomUUID();
    const events = intents(organizationId, 20);
    await append(events.slice(0, 1));
    const proxy = await startTcpProxy(db.url);
    const database = createDatabase({ ...auditMigrations, url: proxy.via(db.url), log: silent });
    let cuts = 0;
    proxy.judge((chunk) => {
      if (cuts > 0 || !chunk.includes('COMMIT')) return 'forward';
      cuts += 1;
      return 'cut-answer';
    });
    await expect(append(events, database)).rejects.toThrow();
    await append(events, database);
    await database.close();
    await proxy.stop();
    expect(cuts).toBe(1);
    expect(await eventIds(organizationId)).toEqual(idsOf(events));
    expect((await verified(db.database, organizationId)).result?.fault).toBeNull();
  });
});

describe('four writers whose connections are killed at random', () => {
  /** A writer as the bus drives it: the same batch again until it is through. */
  async function write(database: Database, events: readonly Delivery[], failures: unknown[]): Promise<void> {
    for (let at = 0; at < events.length; at += BATCH) {
      for (let done = false; !done;) {
        try {
          await append(events.slice(at, at + BATCH), database);
          done = true;
        } catch (error) {
          failures.push(error);
        }
      }
    }
  }

  it('make one chain without gap or fork, with every event once', { timeout: 600_000 }, async () => {
    const organizationId = randomUUID();
    const other = randomUUID();
    const own = Array.from({ length: WRITERS }, () => intents(organizationId, EVENTS_A_WRITER / 2));
    const shared = [...intents(organizationId, EVENTS_A_WRITER / 2), ...intents(other, 100)];
    const applicationName = `writer-${randomUUID()}`;
    const failures: unknown[] = [];
    let kills = 0;
    let writing = true;
    const killer = async () => {
      while (writing) {
        const killed = await db.sql<{ pid: number }>(
          `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = $1 AND state <> 'idle' ORDER BY random() LIMIT 1`,
          [applicationName],
        );
        kills += killed.length;
        await sleep(Math.random() * 2 * KILL_EVERY_MS);
      }
    };
    const writers = own.map(async (events) => {
      const database = createDatabase({ ...auditMigrations, url: db.url, applicationName, log: silent });
      await Promise.all([write(database, events, failures), write(database, shared, failures)]);
      await database.close();
    });
    const killing = killer();
    await Promise.all(writers);
    writing = false;
    await killing;

    expect(kills).toBeGreaterThan(10);
    expect(failures.length).toBeGreaterThan(10);
    const mine = [...own.flat(), ...shared].filter(({ headers }) => headers['ce_org'] === organizationId);
    expect(await verified(db.database, organizationId)).toMatchObject({ size: mine.length, result: { fault: null } });
    expect(await verified(db.database, other)).toMatchObject({ size: 100, result: { fault: null } });
    const recorded = await eventIds(organizationId);
    expect(recorded.toSorted()).toEqual(idsOf(mine).toSorted());
    for (const events of own) {
      const order = new Map(recorded.map((id, seq) => [id, seq]));
      const places = idsOf(events).map((id) => order.get(id) ?? -1);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
  });
});

describe('the log in the database', () => {
  it.each([
    ['UPDATE', `UPDATE entries SET type = 'x' WHERE organization_id = $1`],
    ['DELETE', 'DELETE FROM entries WHERE organization_id = $1'],
  ])('refuses %s even to its owner', async (_, statement) => {
    const organizationId = randomUUID();
    await append(intents(organizationId, 1));
    await expect(db.sql(statement, [organizationId])).rejects.toThrow(/append-only/);
  });

  it.each(['entries', 'entries_0', 'entries_7'])('refuses TRUNCATE of %s even to its owner', async (table) => {
    await expect(db.sql(`TRUNCATE ${table}`)).rejects.toThrow(/append-only/);
  });

  it.each([
    `UPDATE entries SET type = 'x'`,
    'DELETE FROM entries',
    'TRUNCATE entries',
    'SELECT FROM entries_0',
    'INSERT INTO entries_0 DEFAULT VALUES',
    `UPDATE disclosures SET disclosures = '{}'`,
    'DELETE FROM disclosures',
    'DELETE FROM chain_heads',
    'DELETE FROM verified_positions',
    `UPDATE chain_heads SET organization_id = '${randomUUID()}'`,
    'ALTER TABLE entries DISABLE TRIGGER ALL',
  ])("refuses to the service's role: %s", async (statement) => {
    await expect(db.database.tx(ALL_ORGANIZATIONS, (tx) => tx.query(statement))).rejects.toThrow(
      /permission denied|must be owner/,
    );
  });

  it('shows an organisation nothing of another one, and lets it write nothing there', async () => {
    const [here, there] = [randomUUID(), randomUUID()];
    await append([...intents(here, 2), ...intents(there, 3)]);
    for (const table of ['entries', 'disclosures', 'chain_heads']) {
      const { rows } = await db.database.read({ organizationId: here }, (tx) =>
        tx.query<{ organization_id: string }>(`SELECT DISTINCT organization_id FROM ${table}`),
      );
      expect(rows).toEqual([{ organization_id: here }]);
    }
    const foreign = intents(there, 1).map(prepare);
    await expect(appendEntries(db.database, { organizationId: here }, foreign)).rejects.toThrow(/row-level security/);
    expect((await verified(db.database, there)).size).toBe(3);
  });
});
