import { randomUUID } from 'node:crypto';
import { ALL_ORGANIZATIONS, createDatabase } from '@aegis/postgres/database';
import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditMigrations } from '../src/migrations.ts';
import { listEntries } from '../src/usecases/list-entries.ts';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { MAX_COUNTED, MAX_SCANNED } from '../src/usecases/scan-entries.ts';
import { searchEntries } from '../src/usecases/search-entries.ts';
import { type AuditDatabase, openAuditDatabase, silent } from './audit-database.ts';
import { prepare } from './chain.ts';
import { AGENT_ACTOR, decided, delivered, submitted } from './events.ts';

let db: AuditDatabase;

beforeAll(async () => {
  db = await openAuditDatabase();
});
afterAll(() => db.close());

const append = async (organizationId: string, count: number, reason: string, merchant = 'shop.example') => {
  for (let left = count; left > 0; left -= 1_000) {
    const events = Array.from({ length: Math.min(left, 1_000) }, () => submitted({ organizationId, reason, merchant }));
    await appendEntries(
      db.database,
      ALL_ORGANIZATIONS,
      events.map((event) => prepare(delivered(event))),
    );
  }
};

const search = (organizationId: string, text: string, before: number | null = null, limit = 20) =>
  searchEntries(db.database, { organizationId, filter: {}, from: null, to: null, limit, offset: 0, before }, text);
const seqs = async (...query: Parameters<typeof search>) => (await search(...query)).entries.map(({ seq }) => seq);

describe('a search for a text', () => {
  it('finds what stands in the data or is disclosed, in whatever case, and nothing of the entry’s frame', async () => {
    const organizationId = randomUUID();
    await append(organizationId, 1, 'Flug nach Zürich');
    await append(organizationId, 1, 'says "hello"\nand more', 'Bücher & Co');
    expect(await seqs(organizationId, 'ZÜRICH')).toEqual([0]);
    expect(await seqs(organizationId, 'bücher & co')).toEqual([1]);
    expect(await seqs(organizationId, '"Hello"\nAnd')).toEqual([1]);
    expect(await seqs(organizationId, 'inr')).toEqual([1, 0]);
    for (const frame of ['amountMinor', 'intent.submitted', 'recorded_at', organizationId]) {
      expect(await seqs(organizationId, frame)).toEqual([]);
    }
  });

  it('does not find what was erased, nor what is another organisation’s', async () => {
    const [organizationId, other] = [randomUUID(), randomUUID()];
    await append(organizationId, 2, 'a secret trip');
    await append(other, 1, 'a secret trip');
    await db.tamper('DELETE FROM disclosures WHERE organization_id = $1 AND seq = 0', [organizationId]);
    expect(await seqs(organizationId, 'secret')).toEqual([1]);
  });

  it('goes page by page to the end, each page a bounded number of entries', { timeout: 120_000 }, async () => {
    const organizationId = randomUUID();
    await append(organizationId, 1, 'the needle');
    await append(organizationId, MAX_SCANNED, 'hay');
    await append(organizationId, 3, 'a NEEDLE too');
    const first = await search(organizationId, 'needle', null, 2);
    expect(first).toMatchObject({ entries: [{ seq: MAX_SCANNED + 3 }, { seq: MAX_SCANNED + 2 }], total: null });
    const second = await search(organizationId, 'needle', first.next, 2);
    expect(second.entries.map(({ seq }) => seq)).toEqual([MAX_SCANNED + 1]);
    expect(second.next).toBeGreaterThan(0);
    expect(await search(organizationId, 'needle', second.next, 2)).toMatchObject({ entries: [{ seq: 0 }], next: null });
  });
});

describe('two filters each of which is common', () => {
  const organizationId = randomUUID();
  const query = { organizationId, from: null, to: null, limit: 20, offset: 0 };
  const never = { type: 'intent.submitted', actorId: 'policy' };
  const EACH = MAX_COUNTED + 500;

  beforeAll(async () => {
    for (let done = 0; done < EACH; done += 1_000) {
      const of = { organizationId };
      const count = Math.min(1_000, EACH - done);
      const events = Array.from({ length: count }, () => [submitted(of), decided(of)]).flat();
      await appendEntries(
        db.database,
        ALL_ORGANIZATIONS,
        events.map((event) => prepare(delivered(event))),
      );
    }
  }, 120_000);

  it('and never meet are found out page by page, none of which reads more than its share', async () => {
    let pages = 0;
    for (let before: number | null = null, more = true; more; pages += 1) {
      const page = await listEntries(db.database, { ...query, filter: never, before });
      expect(page).toMatchObject({ entries: [], total: null });
      before = page.next;
      more = before !== null;
    }
    expect(pages).toBe(Math.ceil(EACH / MAX_SCANNED));
    const searched = await searchEntries(db.database, { ...query, filter: never, before: null }, 'gpu');
    expect(searched).toMatchObject({ entries: [], next: expect.any(Number) });
  });

  it('and meet fill their pages, in order and without gaps', async () => {
    const filter = { type: 'intent.decided', actorId: 'policy' };
    const first = await listEntries(db.database, { ...query, filter, before: null });
    const second = await listEntries(db.database, { ...query, filter, before: first.next });
    const found = [...first.entries, ...second.entries].map(({ seq }) => seq);
    expect(found).toEqual(Array.from({ length: 40 }, (_, index) => 2 * EACH - 1 - 2 * index));
    await expect(listEntries(db.database, { ...query, filter, before: null, offset: 20 })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('beside one that is not go by its index, with a total', async () => {
    const [one] = (await listEntries(db.database, { ...query, filter: {}, before: null })).entries;
    const filter = { type: 'intent.decided', actorId: 'policy', intentId: one?.intentId ?? '' };
    expect(await listEntries(db.database, { ...query, filter, before: null })).toMatchObject({ total: 1, next: null });
  });
});

describe('a page of the list', () => {
  const PAGES = 30;
  // From about this length on, the planner would rather read and sort the whole range.
  const SIZE = 40_000;
  let own: AuditDatabase;
  const organizationId = randomUUID();

  beforeAll(async () => {
    own = await openAuditDatabase();
    for (let left = SIZE; left > 0; left -= 1_000) {
      const events = Array.from({ length: 1_000 }, () => submitted({ organizationId }));
      await appendEntries(
        own.database,
        ALL_ORGANIZATIONS,
        events.map((event) => prepare(delivered(event))),
      );
    }
  });
  afterAll(() => own.close());

  const tuplesRead = async () => {
    const [row] = await own.sql<{ tuples: number }>(
      `SELECT sum(seq_tup_read + idx_tup_fetch)::integer AS tuples FROM pg_stat_user_tables
       WHERE schemaname = 'audit' AND relname LIKE 'entries%'`,
    );
    return row?.tuples ?? 0;
  };

  it.each([
    ['of everything', {}],
    ['of one type', { type: 'intent.submitted' }],
    ['of one actor and type', { actorId: AGENT_ACTOR.id, type: 'intent.submitted' }],
  ])('%s reads no more than it shows and counts, however long the log', async (_, filter) => {
    const reader = createDatabase({ ...auditMigrations, url: own.url, log: silent });
    const before = await tuplesRead();
    const query = { organizationId, filter, from: null, to: null, limit: 20, offset: 0 };
    for (let page = 0, next: number | null = null; page < PAGES; page += 1) {
      ({ next } = await listEntries(reader, { ...query, before: next }));
    }
    // A session hands in its counts at the latest when it ends.
    await reader.close();
    const tuples = await eventually(async () => {
      const now = (await tuplesRead()) - before;
      if (now < PAGES * 20) throw new Error(`counted so far: ${now}`);
      return now;
    });
    expect(tuples).toBeLessThan(PAGES * (100 + Object.keys(filter).length * 10_100));
  });
});
