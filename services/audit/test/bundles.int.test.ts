import { createHash, randomUUID } from 'node:crypto';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { checkBundle } from '@aegis/verify/bundle/check-bundle';
import { parseManifestKey } from '@aegis/verify/format/export/manifest-signature';
import { parseVerifierKey } from '@aegis/verify/format/note';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededNumbers, tamper } from '../../../packages/verify/test/tamper.ts';
import { memorySource } from '../../../packages/verify/test/sample-bundle.ts';
import { appendEntries } from '../src/usecases/append-entries.ts';
import { callerOf, type RunningAudit, startAudit } from './audit-service.ts';
import { prepare } from './chain.ts';
import { decided, delivered, responded, submitted } from './events.ts';
import { unzip } from './unzip.ts';

/** Changes of a bundle that must be found; 1,000 take about a minute. */
const CHANGES = Number(process.env.AEGIS_TEST_BUNDLE_CHANGES ?? 150);
const timeoutMs = 60_000;

let audit: RunningAudit;

beforeAll(async () => {
  audit = await startAudit();
});
afterAll(async () => {
  await audit.close();
});

async function fill(organizationId: string, rounds: number): Promise<void> {
  const events = Array.from({ length: rounds }, () =>
    [submitted, decided, responded].map((make) => delivered(make({ organizationId }))),
  ).flat();
  await appendEntries(audit.database, ALL_ORGANIZATIONS, events.map(prepare));
}

type Asked = Partial<Parameters<RunningAudit['client']['export']>[0]>;

async function collect(messages: ReturnType<RunningAudit['client']['export']>) {
  const chunks: Buffer[] = [];
  let file = null;
  for await (const message of messages) {
    file ??= message.file;
    chunks.push(message.content);
  }
  if (!file) throw new Error('the export has no name');
  return { file, content: Buffer.concat(chunks) };
}

function exportBundle(organizationId: string, asked: Asked = {}) {
  const question = { caller: callerOf(organizationId), format: 'csv', standard: 'generic', bundle: true, ...asked };
  return collect(audit.client.export(question, { timeoutMs }));
}

async function keysOf(organizationId: string, keptCheckpoint: string | null = null) {
  const caller = callerOf(organizationId);
  const { keys } = await audit.transparency.listKeys({ caller });
  const { jwkJson } = await audit.exports.getManifestKey({ caller });
  return {
    verifiers: keys.map(({ vkey }) => parseVerifierKey(vkey)),
    manifestKey: parseManifestKey(jwkJson),
    keptCheckpoint,
  };
}

const manifestOf = (files: ReadonlyMap<string, Buffer>) =>
  JSON.parse(files.get('manifest.json')?.toString() ?? '') as Record<string, never> & {
    readonly gaps: { field: string }[];
    readonly profile: Record<string, unknown>;
  };

async function ownEntries(organizationId: string) {
  return audit.sql<{ type: string; data: Record<string, unknown> }>(
    `SELECT type, leaf::json -> 'data' AS data FROM entries WHERE organization_id = $1 AND type LIKE 'export.%' ORDER BY seq`,
    [organizationId],
  );
}

describe('a bundle', () => {
  it.each(['generic', 'rbi', 'eu_ai_act', 'sox'])('for %s is verified offline, in both formats', async (standard) => {
    const organizationId = randomUUID();
    await fill(organizationId, 20);
    for (const format of ['csv', 'json']) {
      const { file, content } = await exportBundle(organizationId, { format, standard });
      expect(file).toMatchObject({
        mediaType: 'application/zip',
        name: `aegis-audit-${standard}-${file.exportId}.zip`,
      });
      const files = await unzip(content);
      expect([...files.keys()]).toEqual([
        `records.${format}`,
        'leaves.ndjson',
        'disclosures.ndjson',
        'checkpoint',
        'proof.json',
        'VERIFY.md',
        'manifest.json',
        'manifest.jws',
      ]);
      const report = await checkBundle(memorySource(files), await keysOf(organizationId));
      expect(report.faults).toEqual([]);
      expect(report.isSigned).toBe(true);
      const own = await ownEntries(organizationId);
      expect(own.at(-1)).toMatchObject({
        type: 'export.completed',
        data: {
          exportId: file.exportId,
          bytes: content.length,
          sha256: createHash('sha256').update(content).digest('hex'),
          manifestSha256: createHash('sha256')
            .update(files.get('manifest.json') ?? '')
            .digest('hex'),
        },
      });
    }
  });

  it('of a time is cut where its neighbours say, and of no time at all is empty', async () => {
    const organizationId = randomUUID();
    for (let round = 0; round < 3; round += 1) await fill(organizationId, 2);
    const times = await audit.sql<{ at: Date }>(
      'SELECT DISTINCT recorded_at AS at FROM entries WHERE organization_id = $1 ORDER BY 1',
      [organizationId],
    );
    const [from, to] = [times[1]?.at.toISOString() ?? '', times[2]?.at.toISOString() ?? ''];
    const keys = await exportBundle(organizationId, { from, to }).then(async ({ content }) => {
      const files = await unzip(content);
      const known = await keysOf(organizationId);
      expect((await checkBundle(memorySource(files), known)).faults).toEqual([]);
      expect(manifestOf(files)).toMatchObject({
        range: { from, to, begin: 6, end: 12, tz: 'UTC', time_basis: 'recorded_at' },
      });
      return known;
    });
    const empty = await unzip((await exportBundle(organizationId, { from, to: from })).content);
    expect(await checkBundle(memorySource(empty), keys)).toMatchObject({ faults: [], entries: 0 });
  });

  it('says of what an empty time leaves untold that there was no entry, and not that somebody did not tell it', async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 2);
    const from = '2020-01-01T00:00:00.000Z';
    const reasonsOf = async (standard: string) => {
      const { content } = await exportBundle(organizationId, { standard, from, to: from });
      return manifestOf(await unzip(content)).gaps;
    };
    const reason = 'the export shows no entry that would tell it';
    expect(await reasonsOf('rbi')).toEqual(
      expect.arrayContaining([
        { field: 'profile.trail_enabled_from', reason },
        { field: 'profile.trail_enabled_to', reason },
      ]),
    );
    expect(await reasonsOf('eu_ai_act')).toContainEqual({ field: 'profile.log_retention_until', reason });
  });

  it('holds its disclosures as VERIFY.md describes them, those of whole data and of erased values too', async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 2);
    const event = submitted({ organizationId });
    const unknown = {
      ...event,
      headers: { ...event.headers, ce_type: 'vault.opened' },
      value: '{"by":"Anna","x":1.5}',
    };
    await appendEntries(audit.database, ALL_ORGANIZATIONS, [prepare(delivered(unknown))]);
    await audit.sql('DELETE FROM disclosures WHERE organization_id = $1 AND seq = 0', [organizationId]);
    const files = await unzip((await exportBundle(organizationId)).content);
    const linesOf = <T>(name: string) =>
      (files.get(name)?.toString() ?? '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as T);
    type Texts = Record<string, string>;
    const leaves = new Map(linesOf<{ seq: number; sd?: Texts }>('leaves.ndjson').map((leaf) => [leaf.seq, leaf]));
    const shown = new Map<number, Texts>();
    for (const line of linesOf<{ disclosures: Texts; seq: number }>('disclosures.ndjson')) {
      expect(Object.keys(line)).toEqual(['disclosures', 'seq']);
      shown.set(line.seq, line.disclosures);
      for (const [path, text] of Object.entries(line.disclosures)) {
        const digest = createHash('sha256').update(text, 'ascii').digest('base64url');
        expect(digest).toBe(leaves.get(line.seq)?.sd?.[path]);
        const [salt, named, value] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
        expect([typeof salt, named]).toEqual(['string', path]);
        if (path === '/data') expect(value).toBe(unknown.value);
      }
    }
    const withDigests = [...leaves].filter(([, leaf]) => leaf.sd !== undefined).map(([seq]) => seq);
    expect(withDigests).toContain(0);
    expect([...shown.keys()]).toEqual(withDigests.filter((seq) => seq !== 0));
    expect([...shown.values()].flatMap((disclosures) => Object.keys(disclosures))).toContain('/data');
  });

  it('holds stubs for what its filter leaves out', async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 10);
    const { content } = await exportBundle(organizationId, { type: 'approval.responded', format: 'json' });
    const files = await unzip(content);
    const records = JSON.parse(files.get('records.json')?.toString() ?? '') as {
      row_status: string;
      event_type: string;
    }[];
    expect(records.map((row) => row.row_status)).toEqual(
      Array.from({ length: 10 }, () => ['withheld', 'withheld', 'present']).flat(),
    );
    expect(files.get('leaves.ndjson')?.toString()).not.toContain('intent.submitted');
    expect((await checkBundle(memorySource(files), await keysOf(organizationId))).faults).toEqual([]);
  });

  it('shows what the leaves say its filter is for, whatever the columns for look-ups say', async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 4);
    const [last] = await audit.sql<{ end: Date }>(
      `SELECT max(recorded_at) + interval '1 ms' AS end FROM entries WHERE organization_id = $1`,
      [organizationId],
    );
    const to = last?.end.toISOString() ?? '';
    const shown = async () => {
      const { content } = await exportBundle(organizationId, { to, type: 'approval.responded', format: 'json' });
      return (await unzip(content)).get('records.json')?.toString();
    };
    const before = await shown();
    await audit.tamper(
      `UPDATE entries SET type = CASE type WHEN 'approval.responded' THEN 'nothing.happened' ELSE 'approval.responded' END
       WHERE organization_id = $1`,
      [organizationId],
    );
    expect(await shown()).toBe(before);
    expect(before).toContain('"event_type":"approval.responded"');
  });

  it('proves that the log goes on from a checkpoint that was kept, and none is made for another log', async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 5);
    const { note } = await audit.transparency.getCheckpoint({ caller: callerOf(organizationId) });
    await fill(organizationId, 5);
    const files = await unzip((await exportBundle(organizationId, { prior: note })).content);
    const report = await checkBundle(memorySource(files), await keysOf(organizationId, note));
    expect(report).toMatchObject({ faults: [], priorSize: 15 });
    const other = await audit.transparency.getCheckpoint({ caller: callerOf(randomUUID()) });
    await expect(exportBundle(organizationId, { prior: other.note })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('tells the settings of the organisation, and lists what they leave out', async () => {
    const organizationId = randomUUID();
    const caller = callerOf(organizationId);
    await fill(organizationId, 2);
    const before = manifestOf(await unzip((await exportBundle(organizationId, { standard: 'sox' })).content));
    expect(before.gaps.map(({ field }) => field)).toEqual(
      expect.arrayContaining([
        'change_ticket',
        'profile.issuer',
        'profile.control_matrix_sha256',
        'profile.ipe.environment',
        'profile.population_reconciliation.reviewer',
      ]),
    );
    const control = { controlId: 'C-1', owner: 'CFO', type: 'auto', domain: 'operations', eventTypes: ['intent.*'] };
    const settings = { controlMatrix: [control], sox: { issuer: 'Example plc', reviewer: 'A. Auditor' } };
    const stored = await audit.exports.putSettings({ caller, settingsJson: JSON.stringify(settings) });
    expect(stored.version).toBe(1);
    expect(await audit.exports.putSettings({ caller, settingsJson: JSON.stringify(settings) })).toEqual(stored);
    const files = await unzip((await exportBundle(organizationId, { standard: 'sox' })).content);
    const after = manifestOf(files);
    expect(after.profile).toMatchObject({
      issuer: 'Example plc',
      population_reconciliation: { delta: 0, reviewer: 'A. Auditor' },
    });
    const untold = after.gaps.map(({ field }) => field);
    expect(untold).toContain('profile.ipe.environment');
    expect(untold).not.toContain('profile.issuer');
    expect(untold).not.toContain('profile.population_reconciliation.reviewer');
    expect(files.get('records.csv')?.toString()).toContain('"C-1","CFO"');
    expect((await checkBundle(memorySource(files), await keysOf(organizationId))).faults).toEqual([]);
    const [event] = await audit.sql(
      `SELECT leaf::json -> 'data' AS data FROM entries WHERE organization_id = $1 AND type = 'audit_settings.updated'`,
      [organizationId],
    );
    expect(event).toMatchObject({ data: { version: 1, beforeSha256: null } });
  });

  it('tells who was named in a change of the settings until that is erased, which no leaf does', async () => {
    const organizationId = randomUUID();
    const caller = callerOf(organizationId);
    const name = async (reviewer: string) =>
      audit.exports.putSettings({ caller, settingsJson: JSON.stringify({ sox: { reviewer } }) });
    await name('Jo Doe');
    await name('Max Roe');
    const told = await unzip((await exportBundle(organizationId, { standard: 'rbi', format: 'json' })).content);
    const records = JSON.parse(told.get('records.json')?.toString() ?? '') as object[];
    expect(records.slice(0, 2)).toMatchObject([
      { field: 'sox', old_value: 'null', new_value: '{"reviewer":"Jo Doe"}', row_status: 'present' },
      { field: 'sox', old_value: '{"reviewer":"Jo Doe"}', new_value: '{"reviewer":"Max Roe"}', row_status: 'present' },
    ]);
    expect(told.get('leaves.ndjson')?.toString()).not.toMatch(/Doe|Roe/);
    expect((await checkBundle(memorySource(told), await keysOf(organizationId))).faults).toEqual([]);
    await audit.tamper('DELETE FROM disclosures WHERE organization_id = $1', [organizationId]);
    const erased = await unzip((await exportBundle(organizationId, { standard: 'rbi', format: 'json' })).content);
    expect(erased.get('records.json')?.toString()).not.toMatch(/Doe|Roe/);
    expect((await checkBundle(memorySource(erased), await keysOf(organizationId))).faults).toEqual([]);
  });
});

describe('a bundle that is being sent while something in it is erased', () => {
  it('breaks off, the log says why, and the next one is whole', { timeout: 60_000 }, async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 2_000);
    const question = { caller: callerOf(organizationId), format: 'csv', standard: 'generic', bundle: true };
    const erase = () => audit.sql('DELETE FROM disclosures WHERE organization_id = $1', [organizationId]);
    const read = async () => {
      for await (const { content } of audit.client.export(question, { timeoutMs }))
        if (content.length > 0) await erase();
    };
    const cause = 'the disclosures changed while they were read: ask again';
    await expect(read()).rejects.toThrow(cause);
    const [, aborted] = await ownEntries(organizationId);
    expect(aborted).toMatchObject({ type: 'export.aborted', data: { cause } });
    const files = await unzip((await exportBundle(organizationId)).content);
    expect(files.get('records.csv')?.toString()).toContain('"erased"');
    expect((await checkBundle(memorySource(files), await keysOf(organizationId))).faults).toEqual([]);
  });
});

describe('an export asked for again', () => {
  const again = (organizationId: string, exportId: string, part: string, fromByte = 0) =>
    collect(
      audit.exports.exportAgain(
        { caller: callerOf(organizationId), exportId, part, fromByte: String(fromByte) },
        { timeoutMs },
      ),
    );

  it('has the same bytes, from any of them on, though the log has grown', { timeout: 60_000 }, async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 400);
    const first = await exportBundle(organizationId, { standard: 'eu_ai_act' });
    const { exportId } = first.file;
    await fill(organizationId, 100);
    const whole = await again(organizationId, exportId, 'bundle');
    expect(whole.content.equals(first.content)).toBe(true);
    expect(whole.file.totalBytes).toBe(String(first.content.length));
    for (const from of [1, 70_000, first.content.length - 1]) {
      const rest = await again(organizationId, exportId, 'bundle', from);
      expect(rest.content.equals(first.content.subarray(from))).toBe(true);
    }
    for (const from of [first.content.length, first.content.length + 1]) {
      const beyond = again(organizationId, exportId, 'bundle', from);
      await expect(beyond).rejects.toMatchObject({ code: 'range_not_satisfiable' });
    }
  });

  it.each(['bundle', 'records'])(
    'as %s never ends as if it were the rest of a file that another version wrote',
    async (part) => {
      const organizationId = randomUUID();
      await fill(organizationId, 10);
      const first = await exportBundle(organizationId, { bundle: part === 'bundle' });
      const { exportId } = first.file;
      // It came out shorter there, merely different, and longer.
      for (const change of [
        'bytes = bytes - 1',
        `bytes = bytes + 1, sha256 = 'of something else'`,
        'bytes = bytes + 5',
      ]) {
        await audit.tamper(`UPDATE export_parts SET ${change} WHERE export_id = $1`, [exportId]);
        const chunks: Buffer[] = [];
        const fetching = async () => {
          const request = { caller: callerOf(organizationId), exportId, part, fromByte: '1' };
          for await (const { content } of audit.exports.exportAgain(request, { timeoutMs })) chunks.push(content);
        };
        await expect(fetching()).rejects.toMatchObject({
          code: 'wrong_state',
          message: expect.stringContaining('version'),
        });
        expect(Buffer.concat(chunks).length).toBeLessThan(first.content.length - 2);
      }
    },
  );

  it('as the bundle of records that were streamed alone holds those records', async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 10);
    const records = await exportBundle(organizationId, { bundle: false });
    const files = await unzip((await again(organizationId, records.file.exportId, 'bundle')).content);
    expect(files.get('records.csv')?.equals(records.content)).toBe(true);
  });

  it.each(['privacy.erase_requested', 'privacy.erased', 'retention.applied'])(
    'is refused after %s, and to another organisation it does not exist',
    async (type) => {
      const organizationId = randomUUID();
      await fill(organizationId, 2);
      const { file } = await exportBundle(organizationId);
      await expect(again(randomUUID(), file.exportId, 'bundle')).rejects.toMatchObject({ code: 'not_found' });
      await audit.tamper(
        `INSERT INTO entries SELECT organization_id, seq + 1000, recorded_at, leaf_hash, 'evt_erased', $2, actor_id,
         subject_id, intent_id, leaf FROM entries WHERE organization_id = $1 AND seq = 0`,
        [organizationId, type],
      );
      await expect(again(organizationId, file.exportId, 'bundle')).rejects.toMatchObject({ code: 'wrong_state' });
    },
  );

  it('is listed, newest first, in pages', async () => {
    const organizationId = randomUUID();
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.unshift((await exportBundle(organizationId)).file.exportId);
    const caller = callerOf(organizationId);
    const page = { limit: 2, offset: 0 };
    const first = await audit.exports.listExports({ caller, page });
    expect(first.exports.map((one) => one.exportId)).toEqual(ids.slice(0, 2));
    const rest = await audit.exports.listExports({ caller, page: { ...page, cursor: first.page?.nextCursor ?? '' } });
    expect(rest.exports.map((one) => one.exportId)).toEqual(ids.slice(2));
    expect(rest.page?.hasMore).toBe(false);
  });
});

describe('a tree that was tampered with', () => {
  it.each([
    ['the root of a tile', 'root', {}],
    ['a hash within a tile', 'hashes', { from: 'second' }],
  ])('in %s gives no export, not even its first byte', async (_, column, asked) => {
    const organizationId = randomUUID();
    await fill(organizationId, 60);
    await fill(organizationId, 60);
    const [second] = await audit.sql<{ at: Date }>(
      'SELECT max(recorded_at) AS at FROM entries WHERE organization_id = $1',
      [organizationId],
    );
    const flip = `${column} = set_byte(${column}, 5, (get_byte(${column}, 5) + 1) % 256)`;
    await audit.tamper(`UPDATE tiles SET ${flip} WHERE organization_id = $1`, [organizationId]);
    const range = 'from' in asked ? { from: second?.at.toISOString() ?? '' } : {};
    await expect(exportBundle(organizationId, range)).rejects.toMatchObject({ code: 'export_refused' });
    expect((await ownEntries(organizationId)).at(-1)).toMatchObject({ type: 'export.aborted', data: { rows: 0 } });
  });
});

describe('a bundle that was changed', () => {
  it('is found out, with the file named', { timeout: 600_000 }, async () => {
    const organizationId = randomUUID();
    await fill(organizationId, 30);
    const { note } = await audit.transparency.getCheckpoint({ caller: callerOf(organizationId) });
    await fill(organizationId, 30);
    const files = await unzip((await exportBundle(organizationId, { standard: 'rbi', prior: note })).content);
    const keys = await keysOf(organizationId, note);
    const seed = Number(process.env.AEGIS_TEST_SEED ?? Date.now() % 1e9);
    const next = seededNumbers(seed);
    for (let changed = 0; changed < CHANGES;) {
      const tampered = tamper(files, next);
      if (tampered === null) continue;
      changed += 1;
      const { faults } = await checkBundle(memorySource(tampered.files, 10_000), keys);
      const found = faults.some(({ place }) => place.startsWith(tampered.file));
      expect(
        found,
        `seed ${seed}, change ${changed}: ${tampered.kind} of ${tampered.file}: ${JSON.stringify(faults)}`,
      ).toBe(true);
    }
  });
});
