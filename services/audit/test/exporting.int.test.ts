import { createHash, randomUUID } from 'node:crypto';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { eventually } from '@aegis/testkit/eventually';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE_COLUMNS } from '@aegis/verify/format/export/columns';
import { STANDARDS } from '@aegis/verify/format/export/profile';
import { PROFILES } from '@aegis/verify/format/export/profiles';
import { leafHash } from '@aegis/verify/format/hashing';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { exportLog } from '../src/usecases/export/export-log.ts';
import { verified } from './audit-database.ts';
import { exportDependencies, wholeLog } from './export-dependencies.ts';
import { callerOf, type RunningAudit, startAudit } from './audit-service.ts';
import { prepare } from './chain.ts';
import { AUDITOR, decided, delivered, responded, submitted } from './events.ts';

/** Entries of the export whose memory is watched; 200,000 take a minute. */
const LARGE = Number(process.env.AEGIS_TEST_EXPORT_ENTRIES ?? 30_000);
const MAX_GROWTH_BYTES = 48 * 1024 * 1024;
const timeoutMs = 60_000;

let audit: RunningAudit;

beforeAll(async () => {
  audit = await startAudit();
});
afterAll(() => audit.close());

async function fill(organizationId: string, count: number, reason?: string): Promise<void> {
  const events = Array.from({ length: count }, () =>
    delivered(submitted({ organizationId, ...(reason && { reason }) })),
  );
  await appendEntries(audit.database, ALL_ORGANIZATIONS, events.map(prepare));
}

interface Asked {
  readonly format?: string;
  readonly standard?: string;
  readonly from?: string;
  readonly to?: string;
}

const request = (organizationId: string, { format = 'csv', standard = 'generic', ...range }: Asked = {}) => ({
  caller: callerOf(organizationId),
  format,
  standard,
  ...range,
});

async function download(organizationId: string, asked: Asked = {}) {
  const messages = audit.client.export(request(organizationId, asked), { timeoutMs });
  const chunks: Buffer[] = [];
  let file = null;
  for await (const message of messages) {
    file ??= message.file;
    chunks.push(message.content);
  }
  const content = Buffer.concat(chunks);
  return { file, content, text: content.toString('utf8') };
}

interface OwnEntry {
  readonly type: string;
  readonly leaf: { actor: object; causation_id?: string; id: string; subject: object; data: Record<string, unknown> };
}

/** What the log says about exports. */
function ownEntries(organizationId: string): Promise<OwnEntry[]> {
  return audit.sql<OwnEntry>(
    `SELECT type, leaf::json AS leaf FROM entries WHERE organization_id = $1 AND type LIKE 'export.%' ORDER BY seq`,
    [organizationId],
  );
}

async function lastOwnEntry(organizationId: string, type: string): Promise<OwnEntry> {
  return eventually(async () => {
    const own = (await ownEntries(organizationId)).at(-1);
    if (own?.type !== type) throw new Error(`the last one is ${own?.type}`);
    return own;
  });
}

describe('an export', () => {
  it.each(STANDARDS)('for %s holds every entry, as CSV and as JSON alike', async (standard) => {
    const organizationId = randomUUID();
    const events = [submitted, decided, responded].map((make) => delivered(make({ organizationId })));
    await appendEntries(audit.database, ALL_ORGANIZATIONS, events.map(prepare));
    const csv = await download(organizationId, { standard });
    const [{ recorded_at: to }] = (await audit.sql(
      `SELECT min(recorded_at) AS recorded_at FROM entries WHERE organization_id = $1 AND type = 'export.requested'`,
      [organizationId],
    )) as [{ recorded_at: Date }];
    const json = await download(organizationId, { standard, format: 'json', to: to.toISOString() });
    const rows: Record<string, string>[] = parse(csv.content, { columns: true, record_delimiter: '\r\n' });
    const records = JSON.parse(json.text) as Record<string, string | number | null>[];
    const columns = { ...BASE_COLUMNS, ...PROFILES[standard].columns };
    expect(Object.keys(rows[0] ?? {})).toEqual(Object.keys(columns));
    expect(rows.map((row) => row['event_id'])).toEqual(events.map(({ headers }) => headers['ce_id']));
    expect(records.map((record) => Object.values(record).map((value) => String(value ?? '')))).toEqual(
      rows.map((row) => Object.values(row)),
    );
    expect(csv.file).toMatchObject({ mediaType: 'text/csv; charset=utf-8; header=present' });
    expect(csv.file?.name).toBe(`aegis-audit-${standard}-${csv.file?.exportId}.csv`);
    expect(json.file?.name).toMatch(new RegExp(`^aegis-audit-${standard}-exp_[0-9a-f]{32}\\.json$`));
  });

  it('stands in the log before its first byte, and with its digest after the last', async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 3);
    const to = '2100-01-01T05:30:00+05:30';
    const { file, content, text } = await download(organizationId, { standard: 'sox', to });
    const [requested, completed, ...more] = await ownEntries(organizationId);
    expect(more).toEqual([]);
    const exportId = file?.exportId;
    expect(requested).toMatchObject({
      type: 'export.requested',
      leaf: {
        actor: { type: 'human', id: AUDITOR.id, role: 'auditor', auth_method: 'jwt' },
        subject: { type: 'export', id: exportId },
        data: { exportId, format: 'csv', standard: 'sox', from: null, to: '2100-01-01T00:00:00.000Z' },
      },
    });
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(completed).toMatchObject({
      type: 'export.completed',
      leaf: { causation_id: requested?.leaf.id, data: { exportId, rows: 3, bytes: content.length, sha256 } },
    });
    expect(text).not.toContain('export.requested');
    expect((await verified(audit.database, organizationId)).result?.fault).toBeNull();
  });

  it('of an organisation without entries is a header', async () => {
    const organizationId = randomUUID();
    expect((await download(organizationId)).text).toBe(
      `${Object.keys(BASE_COLUMNS)
        .map((column) => `"${column}"`)
        .join(',')}\r\n`,
    );
    expect(JSON.parse((await download(randomUUID(), { format: 'json' })).text)).toEqual([]);
    expect((await ownEntries(organizationId)).map((own) => own.type)).toEqual(['export.requested', 'export.completed']);
  });

  it('takes the entries recorded from the first time on and before the second', async () => {
    const organizationId = randomUUID();
    for (let round = 0; round < 4; round += 1) {
      await fill(organizationId, 2);
      // The recorded times of two appends must differ, which they do from one millisecond to the next.
      const [{ now }] = (await audit.sql('SELECT clock_timestamp() AS now')) as [{ now: Date }];
      await eventually(async () => {
        const [{ later }] = (await audit.sql('SELECT clock_timestamp() AS later')) as [{ later: Date }];
        return later.getTime() > now.getTime() + 1;
      });
    }
    const times = await audit.sql<{ recorded_at: Date }>(
      'SELECT recorded_at FROM entries WHERE organization_id = $1 ORDER BY seq',
      [organizationId],
    );
    const at = (seq: number) => times[seq]?.recorded_at.toISOString() ?? '';
    const seqs = async (asked: Asked) => {
      const { text } = await download(organizationId, { format: 'json', ...asked });
      return (JSON.parse(text) as { seq: number; event_type: string }[])
        .filter((record) => !record.event_type.startsWith('export.'))
        .map((record) => record.seq);
    };
    expect(await seqs({ from: at(2), to: at(6) })).toEqual([2, 3, 4, 5]);
    expect(await seqs({ to: at(2) })).toEqual([0, 1]);
    expect(await seqs({ from: at(6) })).toEqual([6, 7]);
    expect(await seqs({ from: at(4), to: at(4) })).toEqual([]);
    expect(await seqs({ from: at(6), to: at(2) })).toEqual([]);
  });

  it.each([
    ['a format that does not exist', { format: 'pdf' }],
    ['a standard that does not exist', { standard: 'gdpr' }],
    ['a date without a zone', { from: '2026-01-01' }],
  ])('is not begun for %s', async (_, asked) => {
    const organizationId = randomUUID();
    await expect(download(organizationId, asked)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await ownEntries(organizationId)).toEqual([]);
  });

  it('that the reader gives up is recorded as aborted', async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 4_000, 'x'.repeat(1_000));
    let bytes = 0;
    for await (const { content } of audit.client.export(request(organizationId), { timeoutMs })) {
      bytes += content.length;
      if (bytes > 0) break;
    }
    const { leaf } = await lastOwnEntry(organizationId, 'export.aborted');
    expect(leaf.data).toMatchObject({ cause: 'the reader went away' });
    expect(leaf.data['rows']).toBeGreaterThan(0);
    expect(leaf.data['rows']).toBeLessThan(4_000);
    expect(leaf.causation_id).toBe((await ownEntries(organizationId))[0]?.leaf.id);
  });

  it('that is under way when the service stops is recorded as aborted', async () => {
    const own = await startAudit();
    const organizationId = randomUUID();
    const events = Array.from({ length: 4_000 }, () =>
      delivered(submitted({ organizationId, reason: 'x'.repeat(1_000) })),
    );
    await appendEntries(own.database, ALL_ORGANIZATIONS, events.map(prepare));
    const messages = own.client.export(request(organizationId), { timeoutMs });
    const reader = messages[Symbol.asyncIterator]();
    await reader.next();
    await own.service.stop();
    const [, aborted] = await own.sql<OwnEntry>(
      `SELECT type, leaf::json AS leaf FROM entries WHERE organization_id = $1 AND type LIKE 'export.%' ORDER BY seq`,
      [organizationId],
    );
    expect(aborted).toMatchObject({ type: 'export.aborted', leaf: { data: { cause: 'the reader went away' } } });
    await own.close();
  });

  it('whose time ran out before it began is recorded as aborted', async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 50);
    const signal = AbortSignal.abort(new Error('gone'));
    const pieces = exportLog(exportDependencies(audit.database), wholeLog(organizationId), signal);
    await expect(pieces.next()).rejects.toThrow('gone');
    expect((await lastOwnEntry(organizationId, 'export.aborted')).leaf.data).toMatchObject({ rows: 0 });
  });

  it('takes no more memory for many entries than for few', { timeout: 600_000 }, async () => {
    const organizationId = randomUUID();
    for (let filled = 0; filled < LARGE; filled += 1_000) await fill(organizationId, 1_000);
    let most = 0;
    const run = async (maxBytes: number) => {
      let bytes = 0;
      const pieces = exportLog(
        exportDependencies(audit.database),
        wholeLog(organizationId),
        new AbortController().signal,
      );
      for await (const piece of pieces) {
        bytes += 'content' in piece ? piece.content.length : 0;
        most = Math.max(most, process.memoryUsage.rss());
        if (bytes > maxBytes) break;
      }
      return bytes;
    };
    await run(2_000_000);
    const few = most;
    const bytes = await run(Number.POSITIVE_INFINITY);
    expect(bytes).toBeGreaterThan(LARGE * 500);
    expect(most - few).toBeLessThan(MAX_GROWTH_BYTES);
  });
});

describe('an export is refused', () => {
  /** Twenty entries; those at 10 and 11 rewritten, links and checksums included, so that only the 12th tells. */
  async function forge(organizationId: string): Promise<void> {
    await fill(organizationId, 20);
    const rows = await audit.sql<{ seq: string; leaf: string; leaf_hash: Buffer }>(
      'SELECT seq, leaf, leaf_hash FROM entries WHERE organization_id = $1 AND seq IN (10, 11) ORDER BY seq',
      [organizationId],
    );
    let link: [string, string] = ['', ''];
    for (const row of rows) {
      const leaf = row.leaf.replace('"amountMinor":"500000"', '"amountMinor":"1"').replace(...link);
      link = [row.leaf_hash.toString('hex'), leafHash(leaf)];
      await audit.tamper(
        `UPDATE entries SET leaf = $3, leaf_hash = decode($4, 'hex') WHERE organization_id = $1 AND seq = $2`,
        [organizationId, row.seq, leaf, leafHash(leaf)],
      );
    }
  }

  it('before its first byte, naming the entry, when the chain fails its check', async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 20);
    await audit.tamper(`UPDATE entries SET leaf_hash = sha256('x') WHERE organization_id = $1 AND seq = 12`, [
      organizationId,
    ]);
    let messages = 0;
    const reading = async () => {
      for await (const _ of audit.client.export(request(organizationId), { timeoutMs })) messages += 1;
    };
    await expect(reading()).rejects.toMatchObject({
      code: 'export_refused',
      message: expect.stringContaining('seq 12'),
    });
    expect(messages).toBe(0);
    const { leaf } = await lastOwnEntry(organizationId, 'export.aborted');
    expect(leaf.data).toMatchObject({ rows: 0, cause: expect.stringContaining('seq 12') });
  });

  it('also when the entries before it were exported already, and when the forgery is consistent in itself', async () => {
    const organizationId = randomUUID();
    await forge(organizationId);
    await expect(download(organizationId)).rejects.toMatchObject({ code: 'export_refused' });
    const [{ to }] = (await audit.sql('SELECT recorded_at AS to FROM entries WHERE organization_id = $1 AND seq = 0', [
      organizationId,
    ])) as [{ to: Date }];
    const none = await download(organizationId, { to: to.toISOString() }).catch((error: unknown) => error);
    expect(none).toMatchObject({ code: 'log_contradicts_checkpoint' });
  });

  it('when the forgery came after the check that it starts from', async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 20);
    await download(organizationId);
    await audit.tamper(
      `UPDATE disclosures SET disclosures = jsonb_set(disclosures, '{/data/reason}', '"forged"')
       WHERE organization_id = $1 AND seq = 4`,
      [organizationId],
    );
    await expect(download(organizationId)).rejects.toMatchObject({ message: expect.stringContaining('seq 4') });
  });
});
