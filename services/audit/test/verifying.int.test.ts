import { randomUUID } from 'node:crypto';
import { ALL_ORGANIZATIONS, createDatabase } from '@aegis/postgres/database';
import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { leafHash } from '@aegis/verify/format/hashing';
import { auditMigrations } from '../src/migrations.ts';
import { LinkCheck } from '../src/domain/link-check.ts';
import { selectDisclosedLeaves, selectLeafRows, selectLinkPage } from '../src/store/entries.ts';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { verifyChain } from '../src/usecases/verify-chain.ts';
import { type AuditDatabase, openAuditDatabase, silent, verified } from './audit-database.ts';
import { prepare } from './chain.ts';
import { decided, delivered, submitted } from './events.ts';

/** More than one page of a check. */
const SIZE = 1_203;

let db: AuditDatabase;
let organizationId: string;

beforeAll(async () => {
  db = await openAuditDatabase();
});
afterAll(() => db.close());

beforeEach(async () => {
  organizationId = randomUUID();
  const events = Array.from({ length: SIZE }, (_, index) =>
    delivered((index % 2 === 0 ? submitted : decided)({ organizationId })),
  );
  await appendEntries(db.database, ALL_ORGANIZATIONS, events.map(prepare));
});

const faultNow = async () => (await verified(db.database, organizationId)).result?.fault ?? null;
const tamper = (statement: string, ...values: unknown[]) => db.tamper(statement, [organizationId, ...values]);

describe('a check of the whole chain', () => {
  it('reports as it goes and ends with the checksum of the last entry', async () => {
    const reports = [];
    for await (const report of verifyChain(
      { database: db.database, place: null },
      organizationId,
      new AbortController().signal,
    ))
      reports.push(report);
    const [last] = await db.sql<{ head: string }>(
      `SELECT encode(leaf_hash, 'hex') AS head FROM entries WHERE organization_id = $1 ORDER BY seq DESC LIMIT 1`,
      [organizationId],
    );
    expect(reports.map((report) => report.checked)).toEqual([500, 1_000, SIZE, SIZE]);
    expect(reports.slice(0, -1).every((report) => report.result === null)).toBe(true);
    expect(reports.at(-1)).toEqual({ checked: SIZE, size: SIZE, result: { fault: null, head: last?.head } });
  });

  it('of an organisation without entries finds nothing wrong', async () => {
    expect(await verified(db.database, randomUUID())).toMatchObject({ checked: 0, size: 0, result: { fault: null } });
  });

  it('stops when the caller is gone', async () => {
    const controller = new AbortController();
    const reports = verifyChain({ database: db.database, place: null }, organizationId, controller.signal);
    await reports.next();
    controller.abort(new Error('gone'));
    await expect(reports.next()).rejects.toThrow('gone');
  });

  it('goes on while entries are appended', async () => {
    const reports = verifyChain({ database: db.database, place: null }, organizationId, new AbortController().signal);
    await reports.next();
    await appendEntries(db.database, ALL_ORGANIZATIONS, [prepare(delivered(submitted({ organizationId })))]);
    let last;
    for await (const report of reports) last = report;
    expect(last).toMatchObject({ size: SIZE, result: { fault: null } });
  });
});

describe('reading the log', () => {
  it('takes each row once a reading, even where the planner believes that every organisation has a few', async () => {
    const own = await openAuditDatabase();
    const append = (organization: string, count: number) => {
      const events = Array.from({ length: count }, () => delivered(submitted({ organizationId: organization })));
      return appendEntries(own.database, ALL_ORGANIZATIONS, events.map(prepare));
    };
    for (let small = 0; small < 60; small += 1) await append(randomUUID(), 2);
    await own.sql('ANALYZE');
    await append(organizationId, 3_000);
    const reads = async () => {
      const [row] = await own.sql<{ entries: number; disclosures: number }>(
        `SELECT sum(seq_tup_read + idx_tup_fetch) FILTER (WHERE relname LIKE 'entries%')::integer AS entries,
                sum(seq_tup_read + idx_tup_fetch) FILTER (WHERE relname LIKE 'disclosures%')::integer AS disclosures
         FROM pg_stat_user_tables WHERE schemaname = 'audit'`,
      );
      return row ?? { entries: 0, disclosures: 0 };
    };
    const reader = createDatabase({ ...auditMigrations, url: own.url, log: silent });
    expect((await verified(reader, organizationId)).result?.fault).toBeNull();
    const range = { from: 0, to: 3_000 };
    const links = await reader.read({ organizationId }, (tx) => selectLinkPage(tx, organizationId, range));
    expect(new LinkCheck().takePage(links)).toBe(true);
    const leaves = await reader.read({ organizationId }, (tx) => selectDisclosedLeaves(tx, organizationId, range));
    expect(leaves.filter(({ disclosures }) => Object.keys(disclosures).length > 0)).toHaveLength(3_000);
    // A session hands in its counts at the latest when it ends.
    await reader.close();
    const counted = await eventually(async () => {
      const now = await reads();
      if (now.entries < 3 * 3_000 || now.disclosures < 2 * 3_000)
        throw new Error(`counted so far: ${JSON.stringify(now)}`);
      return now;
    });
    expect(counted.entries).toBeLessThan(4 * 3_000);
    expect(counted.disclosures).toBeLessThan(3 * 3_000);
    await own.close();
  });
});

describe('links computed in the database', () => {
  const pageOf = (from: number, to: number) =>
    db.database.read({ organizationId }, (tx) => selectLinkPage(tx, organizationId, { from, to }));
  const rowsOf = (from: number, to: number) =>
    db.database.read({ organizationId }, (tx) => selectLeafRows(tx, organizationId, { from, to }));

  it('are those of the rows, whatever characters the leaves hold', async () => {
    const event = decided({ organizationId });
    const value = event.value.replace('"Small cloud bills"', JSON.stringify('Größe, "☁️", \\ 雲'));
    await appendEntries(db.database, ALL_ORGANIZATIONS, [prepare(delivered({ ...event, value }))]);
    const [byPage, byRow] = [new LinkCheck(), new LinkCheck()];
    for (const [from, to] of [
      [0, 1],
      [1, 700],
      [700, SIZE + 1],
    ] as const) {
      expect(byPage.takePage(await pageOf(from, to))).toBe(true);
      for (const row of await rowsOf(from, to)) expect(byRow.next(row)).toBeNull();
      expect(byPage.position).toEqual(byRow.position);
    }
    expect(byPage.position.size).toBe(SIZE + 1);
  });

  it.each([
    ['a leaf', `UPDATE entries SET leaf = replace(leaf, 'INR', 'USD') WHERE organization_id = $1 AND seq = $2`],
    [
      'a leaf with its checksum',
      `UPDATE entries SET leaf = replace(leaf, 'INR', 'USD'),
         leaf_hash = sha256(decode('00', 'hex') || convert_to(replace(leaf, 'INR', 'USD'), 'UTF8'))
       WHERE organization_id = $1 AND seq = $2`,
    ],
    ['a checksum', `UPDATE entries SET leaf_hash = sha256('x') WHERE organization_id = $1 AND seq = $2`],
    ['a missing entry', 'DELETE FROM entries WHERE organization_id = $1 AND seq = $2'],
    ['another place', 'UPDATE entries SET seq = seq + 5000 WHERE organization_id = $1 AND seq = $2'],
  ])('leave %s to a look at the rows', async (_, statement) => {
    await tamper(statement, 40);
    const check = new LinkCheck();
    expect(check.takePage(await pageOf(0, 100))).toBe(false);
    expect(check.position.size).toBe(0);
    const faults = (await rowsOf(0, 100)).map((row) => check.next(row)).filter((fault) => fault !== null);
    expect(faults[0]?.seq).toBeGreaterThanOrEqual(40);
    expect(faults[0]?.seq).toBeLessThanOrEqual(41);
  });
});

describe('whoever changes the database behind its back is found out', () => {
  const AMOUNT = `replace(leaf, '"amountMinor":"500000"', '"amountMinor":"400000"')`;
  const HASH = `sha256(decode('00', 'hex') || convert_to(${AMOUNT}, 'UTF8'))`;

  it.each([
    ['the leaf', `UPDATE entries SET leaf = ${AMOUNT} WHERE organization_id = $1 AND seq = $2`, 'checksum', 0],
    [
      'the leaf and its checksum',
      `UPDATE entries SET leaf = ${AMOUNT}, leaf_hash = ${HASH} WHERE organization_id = $1 AND seq = $2`,
      'link',
      1,
    ],
    [
      'the checksum',
      `UPDATE entries SET leaf_hash = sha256('x') WHERE organization_id = $1 AND seq = $2`,
      'checksum',
      0,
    ],
    ['an entry away', 'DELETE FROM entries WHERE organization_id = $1 AND seq = $2', 'missing', 0],
    ['who did it', `UPDATE entries SET actor_id = 'x' WHERE organization_id = $1 AND seq = $2`, 'columns', 0],
    ['what it was about', 'UPDATE entries SET intent_id = NULL WHERE organization_id = $1 AND seq = $2', 'columns', 0],
    ['when', `UPDATE entries SET recorded_at = '2020-01-01' WHERE organization_id = $1 AND seq = $2`, 'columns', 0],
    [
      'what was disclosed',
      `UPDATE disclosures SET disclosures = jsonb_set(disclosures, '{/data/reason}', '"WyJzIiwiL2RhdGEvcmVhc29uIiwieCJd"')
       WHERE organization_id = $1 AND seq = $2`,
      'disclosure',
      0,
    ],
    [
      'the disclosures into nonsense',
      `UPDATE disclosures SET disclosures = '[5]' WHERE organization_id = $1 AND seq = $2`,
      'disclosure',
      0,
    ],
  ] as const)('changing %s', async (_, statement, kind, behind) => {
    // From the end to the start, because only the first fault is named.
    for (const seq of [1_000, 500, 0]) {
      await tamper(statement, seq);
      expect(await faultNow()).toEqual({ seq: seq + behind, kind });
    }
  });

  it('swapping two entries', async () => {
    await tamper(
      `UPDATE entries e SET leaf = o.leaf, leaf_hash = o.leaf_hash FROM entries o
       WHERE e.organization_id = $1 AND o.organization_id = $1 AND (e.seq, o.seq) IN ((7, 700), (700, 7))`,
    );
    expect(await faultNow()).toEqual({ seq: 7, kind: 'position' });
  });

  it('cutting off the end', async () => {
    await tamper('DELETE FROM entries WHERE organization_id = $1 AND seq >= 1100');
    expect(await faultNow()).toEqual({ seq: 1_100, kind: 'missing' });
  });

  it('moving the head back', async () => {
    await tamper(
      `UPDATE chain_heads h SET size = 1100, head = encode(e.leaf_hash, 'hex') FROM entries e
       WHERE h.organization_id = $1 AND e.organization_id = $1 AND e.seq = 1099`,
    );
    expect(await faultNow()).toEqual({ seq: 1_100, kind: 'beyond' });
  });

  it('taking the head away', async () => {
    await tamper('DELETE FROM chain_heads WHERE organization_id = $1');
    expect(await faultNow()).toEqual({ seq: 0, kind: 'beyond' });
  });

  it.each([
    ['a hash in a tile', `hashes = overlay(hashes placing '\\x00' from 32 * 7 + 1)`, { seq: 256 + 7, kind: 'tile' }],
    ['the root of a tile', `root = sha256('x')`, { seq: 256, kind: 'tile' }],
  ] as const)('changing %s of the tree', async (_, change, fault) => {
    await tamper(`UPDATE tiles SET ${change} WHERE organization_id = $1 AND index = 1`);
    expect(await faultNow()).toEqual(fault);
  });

  it('taking a tile away, or putting one in', async () => {
    await tamper(`INSERT INTO tiles SELECT organization_id, 1, 0, root, hashes FROM tiles
                  WHERE organization_id = $1 AND index = 0`);
    expect(await faultNow()).toEqual({ seq: SIZE - 1, kind: 'tree' });
    await tamper('DELETE FROM tiles WHERE organization_id = $1 AND index = 2');
    expect(await faultNow()).toEqual({ seq: 512, kind: 'tile' });
  });

  it('changing the end of the tree', async () => {
    await tamper(`UPDATE chain_heads SET tree = set_byte(tree, 0, 255 - get_byte(tree, 0)) WHERE organization_id = $1`);
    expect(await faultNow()).toEqual({ seq: SIZE - 1, kind: 'tree' });
  });

  it('writing another head', async () => {
    await tamper(`UPDATE chain_heads SET head = repeat('a', 64) WHERE organization_id = $1`);
    expect(await faultNow()).toEqual({ seq: SIZE - 1, kind: 'head' });
  });

  it('rewriting the last entry with its checksum', async () => {
    const [last] = await db.sql<{ leaf: string }>('SELECT leaf FROM entries WHERE organization_id = $1 AND seq = $2', [
      organizationId,
      SIZE - 1,
    ]);
    const leaf = (last?.leaf ?? '').replace('"amountMinor":"500000"', '"amountMinor":"1"');
    await tamper(
      `UPDATE entries SET leaf = $2, leaf_hash = decode($3, 'hex') WHERE organization_id = $1 AND seq = ${SIZE - 1}`,
      leaf,
      leafHash(leaf),
    );
    expect(await faultNow()).toEqual({ seq: SIZE - 1, kind: 'head' });
  });

  it('but not erasing what may be erased', async () => {
    await tamper(`UPDATE disclosures SET disclosures = disclosures - '/data/reason' WHERE organization_id = $1`);
    await tamper('DELETE FROM disclosures WHERE organization_id = $1 AND seq < 500');
    expect(await faultNow()).toBeNull();
  });
});
