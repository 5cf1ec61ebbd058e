import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSaltPool } from '@aegis/audit/salt-pool';
import { selectRange } from '@aegis/audit/store/entries';
import { createLogSigners } from '@aegis/audit/usecases/log-signer';
import { MAX_SCANNED } from '@aegis/audit/usecases/scan-entries';
import { searchEntries } from '@aegis/audit/usecases/search-entries';
import { verifyChain } from '@aegis/audit/usecases/verify-chain';
import { startEmbeddedPostgres } from '@aegis/engines/postgres';
import { systemClock } from '@aegis/runtime/clock';
import { createSecretBox } from '@aegis/runtime/secret-box';
import { temporaryDataDir } from '@aegis/testkit/data-dir';
import { appendAll, appendRates, perSecond } from './audit/append.ts';
import { growBigTree, proofTimes } from './audit/big-tree.ts';
import { openAuditDatabase } from './audit/database.ts';
import { copyRate, type ExportFigures, measureExport, measureVerifier } from './audit/export.ts';
import { followRate, goTlog, hashRate, treeRate, verifyRate } from './audit/hashing.ts';
import { startPopulations } from './audit/populations.ts';
import { publish, type Row } from './report.ts';
import { median, percentile } from './statistics.ts';

const HELP = `bench:audit: what the audit log costs beside what it cannot do without

Usage: npm run bench:audit [-- options]

Appending beside INSERTs of the same rows in the same batches; checking, and growing the tree, beside bare SHA-256 and
Go's transparency log library over the same leaves; a proof in a large log; an export beside COPY, without and with the
comparison with the operational database, and its check. In one run, in turns, on durable PostgreSQL; medians. Checking,
proving and exporting at several lengths of the log.

  --entries N   entries appended a round (default 10000)
  --rounds N    rounds (default 5)
  --tree N      entries of the log that proofs are made in (default 10000000)
  --export N    entries exported (default 100000)
  --help        this text
`;

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    tree: { type: 'string', default: '10000000' },
    export: { type: 'string', default: '100000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const [entries, rounds, treeSize, exported] = [values.entries, values.rounds, values.tree, values.export].map(
  Number,
) as [number, number, number, number];

/** Leaves held in memory for what is measured there. */
const MAX_HASHED = 10_000;
/** COPY and export take turns, as the machine is not the same from one minute to the next. */
const EXPORT_TURNS = 3;

const loadBefore = loadavg();
const dir = await temporaryDataDir('aegis-bench-');
const postgres = await startEmbeddedPostgres({ dir: join(dir, 'postgres'), password: 'bench' });
const db = await openAuditDatabase(postgres.url);
const populations = await startPopulations(db);
const nextSalt = createSaltPool();
const origin = 'bench.localhost';
const keys = { configured: null, previous: null, box: createSecretBox(db.secretKey) };
const signers = createLogSigners({ database: db.database, nextSalt, clock: systemClock, keys, origin });
const signing = { database: db.database, clock: systemClock, signers, origin, place: null };
const rows: Row[] = [];
const ratios: Record<string, number> = {};
const add = (name: string, value: number, unit: string) => rows.push({ name, value, unit });

try {
  const size = (rounds + 1) * entries;
  const organizationId = await measureAppending();
  await measureHashing(organizationId);
  await measureChecking(organizationId, size);
  await measureProofs();
  await measureExporting(organizationId, size);
  await measureSearching(organizationId);
  publish({ name: 'audit', rows, ratios, parameters: { entries, rounds, treeSize, exported } }, loadBefore);
} finally {
  await populations.stop();
  await db.close();
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}

async function measureAppending(): Promise<string> {
  const organizationId = randomUUID();
  const [appends, inserts]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    note(round === 0 ? 'warming up' : `appending, round ${round} of ${rounds}`);
    // In turns, batch by batch, and nothing is kept: a service keeps no more than its last batch either.
    const { append, floor } = await appendRates(db, nextSalt, organizationId, entries);
    if (round === 0) continue;
    appends.push(append);
    inserts.push(floor);
  }
  add('append, batches of 1,000', median(appends), '/s');
  add('floor: INSERT of the same rows, ready made', median(inserts), '/s');
  ratios['append_vs_insert'] = median(appends) / median(inserts);
  return organizationId;
}

async function measureHashing(organizationId: string): Promise<void> {
  note('hashing');
  const range = { from: 0, to: Math.min(MAX_HASHED, entries) };
  const written = await db.database.read({ organizationId }, (tx) => selectRange(tx, organizationId, range));
  const leaves = written.map(({ leaf }) => leaf);
  const [hashes, trees, follows, checks]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let round = 0; round <= rounds; round += 1) {
    const hash = hashRate(leaves);
    const [tree, follow, check] = [treeRate(leaves).rate, followRate(written), verifyRate(organizationId, written)];
    if (round === 0) continue;
    hashes.push(hash);
    trees.push(tree);
    follows.push(follow);
    checks.push(check);
  }
  add('floor: bare SHA-256 of the leaves, one core', median(hashes), '/s');
  add('hashing the leaves and growing the tree, one core', median(trees), '/s');
  add('following the links and growing the tree, one core', median(follows), '/s');
  add('checking leaves, links, disclosures and tree in memory, one core', median(checks), '/s');
  // Every leaf's bytes, every link and the tree; and what a whole check looks at besides.
  ratios['verify_vs_sha256'] = median(follows) / median(hashes);
  ratios['whole_check_vs_sha256'] = median(checks) / median(hashes);
  const go = await goTlog(leaves);
  if (!go) {
    note('NO GO TOOLCHAIN HERE: append_vs_go_tlog is left out');
    return;
  }
  if (go.root !== treeRate(leaves).root.toString('base64')) throw new Error('Go arrives at another root');
  add('Go sumdb/tlog over the same leaves, same root, one core', go.perSecond, '/s');
  ratios['append_vs_go_tlog'] = median(trees) / go.perSecond;
}

/** From the database, at two lengths of the log: the cost of an entry must not grow. */
async function measureChecking(organizationId: string, size: number): Promise<void> {
  note('checking the whole log');
  const short = randomUUID();
  await appendAll(db.database, nextSalt, short, Math.ceil(size / 10));
  for (const [id, count] of [
    [short, Math.ceil(size / 10)],
    [organizationId, size],
  ] as const) {
    const startedAt = performance.now();
    const controller = new AbortController();
    for await (const { result } of verifyChain({ database: db.database, place: null }, id, controller.signal)) {
      if (result?.fault) throw new Error(`the log is broken: ${JSON.stringify(result.fault)}`);
    }
    add(`whole check from the database, ${count.toLocaleString('en')} entries`, perSecond(count, startedAt), '/s');
  }
}

async function measureProofs(): Promise<void> {
  for (const size of [treeSize / 10_000, treeSize / 100, treeSize].map(Math.ceil)) {
    note(`growing a tree of ${size.toLocaleString('en')}`);
    const startedAt = performance.now();
    const organizationId = await growBigTree(db, size);
    const grown = perSecond(size, startedAt);
    const times = await proofTimes(db, signing, organizationId);
    const named = size.toLocaleString('en');
    add(`proof of one entry in ${named}, p50`, median(times), 'ms');
    add(`proof of one entry in ${named}, p99`, percentile(times, 99), 'ms');
    if (size < treeSize) continue;
    add(`growing and storing the tree of ${named}`, grown, '/s');
    rows.push({ name: 'proof_ms_at_10m', value: median(times), unit: 'ms', note: `in ${named} entries` });
    const { append } = await appendRates(db, nextSalt, organizationId, entries);
    add(`append behind ${named} entries`, append, '/s');
  }
}

/** At two lengths of the log: neither the cost of an entry nor the memory may grow. */
async function measureExporting(organizationId: string, size: number): Promise<void> {
  const short = randomUUID();
  await appendAll(db.database, nextSalt, short, Math.ceil(exported / 10));
  await appendAll(db.database, nextSalt, organizationId, Math.max(exported - size, 0));
  for (const [id, count] of [
    [short, Math.ceil(exported / 10)],
    [organizationId, Math.max(exported, size)],
  ] as const) {
    const named = count.toLocaleString('en');
    await populations.copyFromLog(id);
    const [exports, compared, copies]: [ExportFigures[], ExportFigures[], number[]] = [[], [], []];
    for (let turn = 1; turn <= EXPORT_TURNS; turn += 1) {
      note(`exporting ${named} entries, turn ${turn} of ${EXPORT_TURNS}`);
      copies.push(await copyRate(db, id, count));
      exports.push(await measureExport(db, id, count));
      compared.push(await measureExport(db, id, count, populations.address));
    }
    const rates = exports.map(({ entriesPerSecond }) => entriesPerSecond);
    const comparedRates = compared.map(({ entriesPerSecond }) => entriesPerSecond);
    const rssMb = Math.max(...[...exports, ...compared].map((one) => one.rssMb));
    add(`export of ${named} entries as CSV (${Math.round((exports[0]?.bytes ?? 0) / 1e6)} MB)`, median(rates), '/s');
    add(`slowest of the ${EXPORT_TURNS} exports of ${named} entries`, Math.min(...rates), '/s');
    add(`export of ${named} entries, compared with the operational database`, median(comparedRates), '/s');
    add(`floor: COPY … TO of ${named} entries with their disclosures`, median(copies), '/s');
    add(`resident memory of the service after exporting ${named}, peak`, rssMb, 'MB');
    note(`verifying a bundle of ${named} entries`);
    const verifier = await measureVerifier(db, id, count);
    add(`aegis-verify of a bundle of ${named} entries`, verifier.entriesPerSecond, '/s');
    add(`resident memory of aegis-verify with ${named}, peak`, verifier.rssMb, 'MB');
    if (id === short) continue;
    rows.push({ name: 'export_rss_mb', value: rssMb, unit: 'MB', note: `with ${named} entries` });
    ratios['export_vs_copy'] = median(rates) / median(copies);
    ratios['compared_export_vs_copy'] = median(comparedRates) / median(copies);
  }
}

/** The dearest page there is: nothing is found within what one page reads. */
async function measureSearching(organizationId: string): Promise<void> {
  note('searching');
  const query = { organizationId, filter: {}, from: null, to: null, limit: 20, offset: 0, before: null };
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    await searchEntries(db.database, query, 'a text that nobody wrote');
    times.push(performance.now() - startedAt);
  }
  add(`search for a text, the dearest page (${MAX_SCANNED.toLocaleString('en')} entries read)`, median(times), 'ms');
}

function note(text: string): void {
  process.stderr.write(`… ${text}\n`);
}
