import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ALL_ORGANIZATIONS } from '@aegis/postgres/database';
import { findTool, pythonWith } from '@aegis/testkit/tools';
import canonicalize from 'canonicalize';
import { compactVerify, importJWK, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerOf, type RunningAudit, startAudit } from '../../../../services/audit/test/audit-service.ts';
import { prepare } from '../../../../services/audit/test/chain.ts';
import { decided, delivered, responded, submitted } from '../../../../services/audit/test/events.ts';
import { appendEntries } from '../../../../services/audit/src/usecases/append-entries.ts';
import { parseProof } from '../../src/format/proof-text.ts';
import { openZip } from '../../src/source/zip.ts';

const run = promisify(execFile);
/** The published test vector of the formats: two leaves, and the checkpoint over them. */
const VECTOR = {
  vkey: 'audit.example.com/org/acme+f6c35dff+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4',
  origin: 'audit.example.com/org/acme',
  checkpoint: `audit.example.com/org/acme
2
xaZQf5LEorE40S4T7eaIxl4/xJWo5cOcbZ/5XN0d8/o=

— audit.example.com/org/acme 9sNd/zhu+2lrsPAj0UgP4w5ssI3WqhEgdy5z1vOl1xUaTdh6GQgM5prdqqqw9ojk77jEe+tAt9wEfKDhQ4WF8EO2kg4=
`,
  leaves: [
    '{"actor":{"id":"agt_1","type":"agent"},"data":{"amount_minor":"500000","currency":"INR","exponent":2},"occurred_at":"2026-03-05T10:00:00.000Z","org":"acme","prev":"0000000000000000000000000000000000000000000000000000000000000000","recorded_at":"2026-03-05T10:00:00.000Z","seq":0,"subject":{"id":"int_9f3a2b","type":"intent"},"type":"intent.created","v":"aegis.audit/1"}',
    '{"actor":{"id":"usr_7","type":"human"},"data":{"decision":"approve"},"occurred_at":"2026-03-05T10:00:01.000Z","org":"acme","prev":"305c1072d63f0d10378bfdd766508103b4d912c4cf95358cf0b803173c078839","recorded_at":"2026-03-05T10:00:01.000Z","seq":1,"subject":{"id":"int_9f3a2b","type":"intent"},"type":"approval.responded","v":"aegis.audit/1"}',
  ],
};

const go = await findTool('go');
const python = await findTool('python');
const here = import.meta.dirname;
/** Texts that a spreadsheet, a CSV reader or another JSON implementation could take amiss. */
const REASONS = ['=HYPERLINK("http://evil.example")', '+1', '-1+1', '@SUM(A1)', 'two\r\nlines, "quoted"', "'é😀\u2028"];

let audit: RunningAudit;
let folder: string;
let program: string;
/** Of the whole log, and of a bundle that is a part of it. */
let log: { checkpoint: string; leaves: string[]; canonical: string[] } & Record<string, unknown>;
let files: Map<string, string>;
let jwk: JWK;

beforeAll(async () => {
  audit = await startAudit();
  folder = await mkdtemp(join(tmpdir(), 'aegis-interop-'));
  program = join(folder, 'interop');
  if (go) await run(go, ['build', '-o', program, '.'], { cwd: join(here, 'go') });
  const organizationId = randomUUID();
  const caller = callerOf(organizationId);
  await fill(organizationId, 60);
  const { note: prior } = await audit.transparency.getCheckpoint({ caller });
  await fill(organizationId, 70);
  const [{ at: from }] = (await audit.sql(
    'SELECT recorded_at AS at FROM entries WHERE organization_id = $1 ORDER BY seq DESC LIMIT 1',
    [organizationId],
  )) as [{ at: Date }];
  await fill(organizationId, 40);
  const bundle = join(folder, 'bundle.zip');
  await writeFile(bundle, await bundleOf(organizationId, { from: from.toISOString(), prior }));
  files = await unpack(bundle);
  jwk = JSON.parse((await audit.exports.getManifestKey({ caller })).jwkJson) as JWK;
  log = await describeLog(organizationId);
  await writeFile(join(folder, 'log.json'), JSON.stringify(log));
});
afterAll(async () => {
  await audit.close();
  await rm(folder, { recursive: true, force: true });
});

async function fill(organizationId: string, rounds: number): Promise<void> {
  const events = Array.from({ length: rounds }, (_, index) => [
    delivered(submitted({ organizationId, reason: REASONS[index % REASONS.length] ?? '' })),
    delivered(decided({ organizationId })),
    delivered(responded({ organizationId, note: REASONS[(index + 1) % REASONS.length] ?? '' })),
  ]).flat();
  await appendEntries(audit.database, ALL_ORGANIZATIONS, events.map(prepare));
}

async function bundleOf(organizationId: string, asked: { from: string; prior: string }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const question = { caller: callerOf(organizationId), format: 'csv', standard: 'rbi', bundle: true, ...asked };
  for await (const { content } of audit.client.export(question, { timeoutMs: 60_000 })) chunks.push(content);
  return Buffer.concat(chunks);
}

async function unpack(path: string): Promise<Map<string, string>> {
  const source = await openZip(path);
  const texts = new Map<string, string>();
  for (const name of source.names) {
    const chunks: Buffer[] = [];
    for await (const chunk of source.stream(name)) chunks.push(chunk);
    texts.set(name, Buffer.concat(chunks).toString());
  }
  await source.close();
  return texts;
}

/** The log as the bundle's checkpoint signs it, from the database and the files of the bundle. */
async function describeLog(organizationId: string): Promise<typeof log> {
  const manifestText = files.get('manifest.json') ?? '';
  const proof = JSON.parse(files.get('proof.json') ?? '') as Record<string, never> & {
    before: { proof: string };
    after: { proof: string };
  };
  const manifest = JSON.parse(manifestText) as {
    log: { origin: string; vkey: string; size: number };
    range: { begin: number; end: number };
  };
  const rows = await audit.sql<{ leaf: string }>(
    'SELECT leaf FROM entries WHERE organization_id = $1 AND seq < $2 ORDER BY seq',
    [organizationId, manifest.log.size],
  );
  const inclusions = [proof.before, proof.after].map(({ proof: text }) => {
    const { index, hashes } = parseProof(text);
    return { seq: index, hashes: hashes.map((hash) => hash.toString('base64')) };
  });
  return {
    vkey: manifest.log.vkey,
    origin: manifest.log.origin,
    checkpoint: files.get('checkpoint') ?? '',
    leaves: rows.map((row) => row.leaf),
    prior: proof['prior'],
    inclusions,
    begin: manifest.range.begin,
    end: manifest.range.end,
    left: proof['left'],
    right: proof['right'],
    canonical: [manifestText, files.get('proof.json') ?? ''],
  };
}

describe('a log and its bundle are accepted by', () => {
  it.runIf(go)(
    'Go: x/mod sumdb note and tlog, transparency-dev formats and merkle, gowebpki jcs',
    { timeout: 120_000 },
    async () => {
      const { stdout } = await run(program, [join(folder, 'log.json')]);
      expect(stdout).toMatch(/^ok sumdb \d{3} 2\nok merkle 180 510\nok jcs \d+\n$/);
    },
  );

  it.runIf(go)('Go, as are the two leaves and the checkpoint of the test vector', { timeout: 120_000 }, async () => {
    const around = { begin: 0, end: 2, left: [], right: [], inclusions: [], canonical: [] };
    const vector = { ...VECTOR, ...around, prior: { checkpoint: VECTOR.checkpoint, hashes: [] } };
    await writeFile(join(folder, 'vector.json'), JSON.stringify(vector));
    const { stdout } = await run(program, [join(folder, 'vector.json')]);
    expect(stdout).toBe('ok sumdb 2 0\nok merkle 0 2\nok jcs 2\n');
  });

  it.runIf(go)('Go, which refuses a log with one byte changed', { timeout: 120_000 }, async () => {
    const leaves = log.leaves.with(400, (log.leaves[400] ?? '').replace('"v":', '"w":'));
    await writeFile(join(folder, 'changed.json'), JSON.stringify({ ...log, leaves }));
    await expect(run(program, [join(folder, 'changed.json')])).rejects.toMatchObject({
      stderr: expect.stringContaining('another root'),
    });
  });

  it.runIf(python)(
    'Python: pymerkle, rfc8785, zipfile, a strict CSV reader and pandas',
    { timeout: 180_000 },
    async () => {
      const cache = join(here, '../../../../node_modules/.cache/aegis-interop');
      await mkdir(cache, { recursive: true });
      const interpreter = await pythonWith(python ?? '', join(here, 'python/requirements.txt'), cache);
      const { stdout } = await run(interpreter, [
        join(here, 'python/check.py'),
        join(folder, 'log.json'),
        join(folder, 'bundle.zip'),
      ]);
      expect(stdout).toMatch(/^ok pymerkle \d+\nok rfc8785 \d+\nok zipfile \d+\nok pandas 330 \d+\n$/);
    },
  );

  it('jose: the signature of the manifest, with the algorithm Ed25519', async () => {
    const key = await importJWK(jwk, 'Ed25519');
    const { payload, protectedHeader } = await compactVerify(files.get('manifest.jws') ?? '', key, {
      algorithms: ['Ed25519'],
    });
    expect(Buffer.from(payload).toString()).toBe(files.get('manifest.json'));
    expect(protectedHeader).toEqual({ alg: 'Ed25519', kid: jwk.kid, typ: 'aegis-export-manifest+jws' });
  });

  it('canonicalize: every leaf and the manifest are in canonical form', () => {
    for (const text of [...log.leaves, ...log.canonical]) expect(canonicalize(JSON.parse(text))).toBe(text);
  });

  it('unzip, which finds no fault', async () => {
    const { stdout } = await run('unzip', ['-t', join(folder, 'bundle.zip')]);
    expect(stdout).toContain('No errors detected');
  });
});
