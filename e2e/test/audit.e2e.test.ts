import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Client,
  type Json,
  type NewAgent,
  newAgent,
  newPerson,
  personClient,
  submitDecided,
  untilAnswer,
} from '../src/client.ts';

let admin: Client;
let agent: NewAgent;
let intents: Json[];

beforeAll(async () => {
  [admin, agent] = await Promise.all([personClient('admin'), newAgent()]);
  const reasons = ['=HYPERLINK("http://evil.example")', 'plain', 'a "quoted", comma'];
  intents = await Promise.all(reasons.map((reason) => submitDecided(agent, { reason, merchant: '+44 shop' })));
  for (const { id } of intents)
    await untilAnswer(admin, `/v1/audit?intentId=${id}`, ({ body }) => body.data.length === 2);
});

async function wholeLog(): Promise<Json[]> {
  const entries: Json[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await admin.get(`/v1/audit?limit=100${cursor && `&cursor=${cursor}`}`);
    entries.push(...body.data);
    cursor = body.pagination.nextCursor ?? null;
  }
  return entries.toSorted((a, b) => Number(a.seq) - Number(b.seq));
}

describe('the audit log', () => {
  it('is one chain without gaps: each entry refers to the checksum before it', async () => {
    const log = await wholeLog();
    expect(log.length).toBeGreaterThan(10);
    expect(log.map(({ seq }) => Number(seq))).toEqual(log.map((_, index) => index));
    expect(log[0].previousChecksum).toBe('0'.repeat(64));
    for (const [index, entry] of log.slice(1).entries()) expect(entry.previousChecksum).toBe(log[index].checksum);
    const times: string[] = log.map(({ recordedAt }) => recordedAt);
    expect(times).toEqual(times.toSorted());
  });

  it('tells who did what to which intent', async () => {
    const { body } = await admin.get(`/v1/audit?intentId=${intents[0].id}&type=intent.submitted`);
    expect(body.data).toEqual([
      expect.objectContaining({
        id: expect.stringMatching(/^evt_/),
        type: 'intent.submitted',
        actor: expect.objectContaining({ type: 'agent' }),
        checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      }),
    ]);
    expect(body.data[0].data).toMatchObject({
      reason: intents[0].reason ?? '=HYPERLINK("http://evil.example")',
      merchant: '+44 shop',
    });
  });

  it('has the timeline of an intent, oldest first, page by page, each entry with its proof', async () => {
    const path = `/v1/audit/intents/${intents[0].id}/timeline`;
    const first = await admin.get(`${path}?limit=1`);
    expect(first.body).toMatchObject({
      data: [{ type: 'intent.submitted', erased: [] }],
      pagination: { hasMore: true },
    });
    const rest = await admin.get(`${path}?limit=1&cursor=${first.body.pagination.nextCursor}`);
    expect(rest.body).toMatchObject({ data: [{ type: 'intent.decided' }], pagination: { hasMore: false } });
    const { body: proof } = await admin.get(rest.body.data[0].proof);
    expect(proof).toMatchObject({ seq: rest.body.data[0].seq, checksum: rest.body.data[0].checksum });
    expect((await admin.get(`/v1/audit/intents/int_${'0'.repeat(32)}/timeline`)).status).toBe(404);
    const developer = await newPerson(['developer']);
    expect((await developer.client.get(path)).status).toBe(403);
  });

  it('verifies as a whole', async () => {
    const { text } = await admin.get('/v1/audit/verify');
    const result = JSON.parse(text.trim().split('\n').at(-1) ?? '');
    expect(result).toMatchObject({ intact: true });
    expect(Number(result.size)).toBeGreaterThan(10);
  });
});

describe('an export', () => {
  const combinations = ['generic', 'rbi', 'eu_ai_act', 'sox'].flatMap((standard) =>
    ['json', 'csv'].map((format) => [standard, format] as const),
  );

  it.each(combinations)('for %s as %s holds every entry of its range', async (standard, format) => {
    const before = (await wholeLog()).length;
    const answer = await admin.get(`/v1/audit/export?format=${format}&standard=${standard}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toContain(standard);
    const records: Json[] =
      format === 'csv'
        ? parse(answer.text, { columns: true, relax_quotes: false, record_delimiter: '\r\n' })
        : readJson(answer.text);
    // A change of several fields takes several rows of rbi, all with the entry's number.
    const numbers = records.map(({ seq }) => Number(seq));
    const distinct = standard === 'rbi' ? [...new Set(numbers)] : numbers;
    expect(distinct.length).toBeGreaterThanOrEqual(before);
    expect(distinct).toEqual(distinct.map((_, index) => index));
    for (const column of [
      'seq',
      'leaf_hash',
      'prev',
      'event_type',
      'occurred_at',
      'recorded_at',
      'actor_type',
      'intent_id',
      'amount_minor',
      'currency',
      'reason',
      'row_status',
    ]) {
      expect(Object.keys(records[0])).toContain(column);
    }
    const exported = await untilAnswer(admin, '/v1/audit?type=export.completed&limit=100', ({ body }) =>
      body.data.some((entry: Json) => entry.data.sha256 === createHash('sha256').update(answer.text).digest('hex')),
    );
    expect(exported.status).toBe(200);
  });

  async function exportedTwice(question: string) {
    const answer = await admin.get(`/v1/audit/export?${question}`);
    const link = /^<([^>]+)>; rel="describedby"/.exec(answer.headers.get('link') ?? '')?.[1] ?? '';
    return { answer, again: await admin.get(link), rest: await admin.get(link, { range: 'bytes=1000-' }) };
  }

  /**
   * Other tests erase something of the same organisation: a bundle that is being sent then breaks off, and one from before
   * cannot be had again.
   */
  async function exportedUndisturbed(question: string) {
    for (;;) {
      const found = await exportedTwice(question).catch((error: unknown) => {
        if (error instanceof TypeError) return null;
        throw error;
      });
      if (found !== null && found.again.status !== 409 && found.rest.status !== 409) return found;
    }
  }

  it('as a bundle is verified by the offline command with keys that came another way, and can be fetched again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aegis-e2e-bundle-'));
    const prior = (await admin.get('/v1/audit/checkpoint')).text;
    const question = `format=csv&standard=eu_ai_act&bundle=zip&from=2020-01-01&tz=Asia/Kolkata&prior=${encodeURIComponent(prior)}`;
    const { answer, again, rest } = await exportedUndisturbed(question);
    expect([answer.status, again.status, rest.status]).toEqual([200, 200, 206]);
    const [bundle, jwk, kept] = ['bundle.zip', 'key.json', 'checkpoint'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(bundle, answer.bytes);
    await writeFile(jwk, (await admin.get('/v1/audit/manifest-key')).text);
    await writeFile(kept, prior);
    const keys: Json[] = (await admin.get('/v1/audit/keys')).body.data;
    const run = promisify(execFile);
    const command = ['aegis-verify', bundle, '--vkey', keys.at(-1).vkey, '--jwk', jwk, '--from-checkpoint', kept];
    const { stdout } = await run('npx', command);
    expect(stdout).toMatch(/^VERIFIED\n/);
    expect(stdout).toMatch(/the operational database held the very same intents and amounts/);
    expect(again.bytes.equals(answer.bytes)).toBe(true);
    expect(rest.headers.get('content-range')).toBe(`bytes 1000-${answer.bytes.length - 1}/${answer.bytes.length}`);
    expect(rest.bytes.equals(answer.bytes.subarray(1000))).toBe(true);
    await rm(folder, { recursive: true });
  });

  it('resumed at its end or beyond answers 416 with its length, and the log says that nothing was sent', async () => {
    const resumed = async () => {
      const answer = await admin.get('/v1/audit/export?format=csv&standard=generic&from=2020-01-01');
      const id = answer.headers.get('x-export-id') ?? '';
      const { length } = answer.bytes;
      const from = (first: number) => admin.get(`/v1/audit/exports/${id}/records`, { range: `bytes=${first}-` });
      return { id, length, answers: [await from(length - 1), await from(length), await from(length + 1_000)] };
    };
    let { id, length, answers } = await resumed();
    // Another test erased something meanwhile.
    while (answers.some(({ status }) => status === 409)) ({ id, length, answers } = await resumed());
    expect(answers.map(({ status, headers }) => [status, headers.get('content-range')])).toEqual([
      [206, `bytes ${length - 1}-${length - 1}/${length}`],
      [416, `bytes */${length}`],
      [416, `bytes */${length}`],
    ]);
    expect(answers[1]?.headers.get('content-type')).toBe('application/problem+json');
    expect(answers[1]?.body).toMatchObject({ code: 'range_not_satisfiable', status: 416 });
    const cause = `the export has ${length} bytes: none is left from ${length} on`;
    const told = await admin.get(`/v1/audit?type=export.aborted&subject=${id}`);
    expect(told.body.data.map((entry: Json) => entry.data.cause)).toContain(cause);
  });

  it('tells what the organisation set of its duties', async () => {
    const settings = { sox: { issuer: 'Example plc' } };
    const answer = await admin.raw('PUT', '/v1/audit/settings', JSON.stringify(settings));
    expect(answer.status).toBe(200);
    expect((await admin.get('/v1/audit/settings')).body.settings).toEqual(settings);
    const unknown = await admin.raw('PUT', '/v1/audit/settings', JSON.stringify({ sox: { issuers: 'x' } }));
    expect(unknown.status).toBe(400);
    const list = await admin.get('/v1/audit/exports?limit=1');
    expect(list.body).toMatchObject({ data: [{ id: expect.stringMatching(/^exp_/) }], pagination: { limit: 1 } });
  });

  it('neutralises cells that a spreadsheet would run', async () => {
    const { text } = await admin.get('/v1/audit/export?format=csv&standard=generic');
    expect(text).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    expect(text).toContain(`"'+44 shop"`);
    expect(text.endsWith('\r\n')).toBe(true);
  });

  it('takes a half-open range of time', async () => {
    const at = new Date().toISOString();
    const { text } = await admin.get(`/v1/audit/export?format=json&standard=generic&from=${at}&to=${at}`);
    expect(readJson(text)).toEqual([]);
  });

  it.each([
    'format=xml&standard=generic',
    'format=csv&standard=pci',
    'format=csv',
    'standard=sox',
    'format=csv&standard=sox&from=soon',
  ])('refuses %s', async (query) => {
    expect((await admin.get(`/v1/audit/export?${query}`)).status).toBe(400);
  });

  it('needs audit:export', async () => {
    const viewer = await newPerson(['viewer']);
    const answer = await viewer.client.get('/v1/audit/export?format=csv&standard=generic');
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain('audit:export');
  });
});

describe('an export schedule', () => {
  const path = '/v1/audit/export-schedules';
  const terms = { name: 'For the auditors', format: 'csv', standard: 'sox', cadence: 'monthly' };

  it('is made, listed, paused, resumed and deleted, by the calendar of the organisation', async () => {
    const made = await admin.post(path, terms);
    expect(made.status).toBe(201);
    const { timeZone } = (await admin.get('/v1/organization')).body;
    expect(made.body).toMatchObject({ ...terms, bundle: 'zip', differences: 'refuse', timeZone, status: 'active' });
    expect(made.body.nextFrom).toMatch(/^\d{4}-\d\d-01$/);
    const own = `${path}/${made.body.id}`;
    expect(made.headers.get('location')).toBe(own);
    expect((await admin.get(`${path}?limit=1`)).body.data).toMatchObject([{ id: made.body.id }]);
    expect((await admin.post(`${own}/pause`)).body).toMatchObject({ status: 'paused' });
    expect((await admin.get(own)).body).toMatchObject({ status: 'paused' });
    expect((await admin.post(`${own}/resume`)).body).toMatchObject({ status: 'active' });
    expect((await admin.get(`${own}/runs`)).body).toMatchObject({ data: [], pagination: { hasMore: false } });
    expect((await admin.delete(own)).status).toBe(204);
    expect((await admin.get(own)).status).toBe(404);
    const { body } = await admin.get(`/v1/audit?subject=${made.body.id}`);
    expect(body.data.map(({ type }: Json) => type)).toEqual(
      ['deleted', 'resumed', 'paused', 'created'].map((change) => `export_schedule.${change}`),
    );
  });

  it('is refused with other words than it has, and without audit:export', async () => {
    for (const change of [{ cadence: 'hourly' }, { timeZone: 'Mars/Olympus' }, { name: '' }, { path: '/etc' }]) {
      expect((await admin.post(path, { ...terms, ...change })).status).toBe(400);
    }
    const viewer = await newPerson(['viewer']);
    expect((await viewer.client.post(path, terms)).status).toBe(403);
  });
});

/** JSON exports are an array, or one object a line. */
function readJson(text: string): Json[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) return JSON.parse(trimmed);
  return trimmed === '' ? [] : trimmed.split('\n').map((line) => JSON.parse(line));
}
