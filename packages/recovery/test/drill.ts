import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryDataDir } from '@aegis/testkit/data-dir';
import { eventually } from '@aegis/testkit/eventually';
import { outcomeOf, type Outcome } from '@aegis/testkit/run';
import { type DemoFacts, startSystem, type System } from '@aegis/testkit/system';
import { connectTo, type Session } from './session.ts';

export interface DrillOptions {
  /** Acknowledged before the backup begins, and again after it: what a backup cannot hold. */
  readonly intents: number;
  /** The bus; it outlives the loss. Default: in the PostgreSQL that is lost. */
  readonly brokers?: readonly string[];
  readonly onStep?: (what: string) => void;
}

/** Something the drill claims to hold. */
export interface Claim {
  readonly what: string;
  readonly holds: boolean;
  readonly found: string;
}

export interface DrillReport {
  readonly claims: readonly Claim[];
  /** What was measured, by what it is: seconds, rows, megabytes. */
  readonly figures: Readonly<Record<string, string>>;
}

const ROOT = join(import.meta.dirname, '../../..');
const CLI = join(ROOT, 'packages/cli/bin/aegis.mjs');
const VERIFIER = join(ROOT, 'packages/verify/bin/aegis-verify.mjs');
const WORKERS = 16;

/**
 * Loses a whole system under load and brings it back from a backup that was taken while it worked, in an empty place.
 * Everything is asked for from outside: commands, the API, the offline verifier.
 */
export async function runDrill({ intents, brokers, onStep = () => undefined }: DrillOptions): Promise<DrillReport> {
  const claims: Claim[] = [];
  const figures: Record<string, string> = {};
  const claim = (what: string, holds: boolean, found: unknown) => claims.push({ what, holds, found: String(found) });
  const place = await temporaryDataDir('aegis-drill-');
  const [first, second] = [join(place, 'first'), join(place, 'second')];
  const [backup, outside, vault] = [join(place, 'backup'), join(place, 'checkpoints'), join(place, 'vault')];
  for (const dir of [first, second]) await mkdir(dir, { mode: 0o711 });
  await mkdir(vault);
  const bus = { KAFKA_BROKERS: brokers?.join(',') ?? '' };
  const aegis = (args: readonly string[], dataDir: string): Promise<Outcome> =>
    outcomeOf(process.execPath, [CLI, ...args], { env: { DATABASE_URL: '', ...bus, AEGIS_DATA_DIR: dataDir } });
  const start = (dataDir: string, checkpoints: string) =>
    startSystem({
      dataDir,
      env: { ...bus, AUDIT_CHECKPOINT_DIR: checkpoints, AUDIT_CHECKPOINT_INTERVAL_SECONDS: '1' },
    });
  let system: System | null = null;
  try {
    onStep(`a system works on ${intents} intents`);
    system = await start(first, outside);
    await cp(join(first, 'secrets.json'), join(vault, 'secrets.json'));
    await cp(join(first, 'demo.json'), join(vault, 'demo.json'));
    const demo = await aegis(['demo', '--count', '200', '--seed', '7'], first);
    claim('policies allow, deny and ask', demo.code === 0, `exit code ${demo.code}`);
    const load = startLoad(system.facts, 2 * intents);
    await eventually(() => load.acknowledged.length >= intents, { timeoutMs: 300_000 });
    const before = [...load.acknowledged];
    const auditor = await connectTo(system.facts);
    const keys = (await auditor.get('/v1/audit/keys')).data.map(({ vkey }: { vkey: string }) => vkey);
    await writeFile(join(vault, 'old.checkpoint'), await auditor.text('/v1/audit/checkpoint'));

    onStep('a backup is taken under load');
    const taken = await aegis(['backup', '--to', backup], first);
    figures['backup'] = lastLine(taken);
    claim('a backup is taken while intents are submitted', taken.code === 0, lastLine(taken));
    const during = load.acknowledged.length;
    await eventually(() => load.acknowledged.length >= during + WORKERS, { timeoutMs: 300_000 });
    await eventually(() => load.acknowledged.length >= 2 * intents, { timeoutMs: 300_000 });
    const last = await auditor.text('/v1/audit/checkpoint');
    await writeFile(join(vault, 'new.checkpoint'), last);
    const grown = sizeOf(last);
    await eventually(async () => (await keptSize(outside)) >= grown, { timeoutMs: 60_000 });

    onStep('everything is lost: the process, PostgreSQL, ClickHouse');
    await Promise.all([system.kill(), load.ended]);
    await stopPostgres(first);
    await rm(first, { recursive: true });
    figures['acknowledged in all'] = String(load.acknowledged.length);

    onStep('it is restored into an empty place');
    for (const file of await readdir(vault))
      if (file.endsWith('.json')) await cp(join(vault, file), join(second, file));
    const restored = await aegis(['restore', '--from', backup, '--without-check'], second);
    claim('the backup is restored', restored.code === 0, lastLine(restored));
    // Nothing of what follows would tell more.
    if (restored.code !== 0) return { claims, figures };
    figures['restore'] = lastLine(restored);
    const analytics = await aegis(['restore', '--analytics'], second);
    claim('the facts of analytics can be computed again', analytics.code === 0, lastLine(analytics));
    figures['analytics'] = lastLine(analytics);
    const check = (...args: string[]) => aegis(['restore', '--check', ...args], second);
    const whole = await check();
    claim('every log is whole, and every wallet and budget adds up', whole.code === 0, lastLine(whole));
    figures['proof'] = lastLine(whole);
    const short = await check('--checkpoints', outside);
    const told =
      short.code === 1 && /the log ends here, but a checkpoint attests more.* \(\S+ had \d+\)/.test(short.stdout);
    claim('checkpoints kept outside tell that the log lost its end', told, short.stdout.split('\n')[0]);

    onStep('the restored system refuses to sign beside the checkpoints that it lost');
    system = await start(second, outside);
    const refused = await (await connectTo(system.facts)).answer('/v1/audit/checkpoint');
    claim(
      'nothing is signed that contradicts a checkpoint kept outside',
      refused.status === 409 && refused.text.includes('log_contradicts_checkpoint'),
      `HTTP ${refused.status}`,
    );
    await system.stop();

    onStep('it works again, by a decision of people to begin new checkpoints');
    const began = performance.now();
    system = await start(second, join(place, 'new-checkpoints'));
    figures['ready again'] = `${((performance.now() - began) / 1_000).toFixed(1)} s`;
    const session = await connectTo(system.facts);
    const pending = await settled(() => session.total('/v1/intents?status=pending'), 0);
    claim('every intent is decided', pending === 0, `${pending} pending`);
    const intentsThere = await readIntents(session);
    const lost = before.filter((id) => !intentsThere.has(id));
    claim(
      'what was acknowledged before the backup is there',
      lost.length === 0,
      `${before.length - lost.length} of ${before.length}`,
    );
    const after = load.acknowledged.filter((id) => !intentsThere.has(id)).length;
    figures['lost with the time since the backup'] = `${after} of ${load.acknowledged.length - before.length}`;
    // What the relay had not yet published when the process was killed.
    if (brokers)
      claim('what Kafka had is there too', after <= 4 * WORKERS, `${after} of ${load.acknowledged.length} lost`);
    await compareTotals(session, intentsThere, claim);

    onStep('an auditor follows the log from checkpoints of before');
    const follow = (from: string) => followLog(session, keys, { vault, from });
    const old = await follow('old.checkpoint');
    claim('it begins with the log of before the backup, unchanged', old.code === 0, lastLine(old));
    const again = startLoad(system.facts, Infinity);
    await eventually(async () => (await logSize(session)) > grown, { timeoutMs: 300_000 });
    again.stop();
    await again.ended;
    const fork = await follow('new.checkpoint');
    claim('grown again, it is told apart from the log that was lost', fork.code === 1, lastLine(fork));
    await settled(() => session.total('/v1/intents?status=pending'), 0);
    const ledger = await aegis(['ledger', 'check'], second);
    claim('the ledger adds up after further work', ledger.code === 0, lastLine(ledger));
    const code = await system.stop();
    system = null;
    claim('the restored system stops cleanly', code === 0, `exit code ${code}`);
    return { claims, figures };
  } finally {
    await system?.stop();
    await stopPostgres(first);
    await rm(place, { recursive: true, force: true });
  }
}

/** What a command said at last; of one that broke, its error. */
function lastLine({ code, stdout, stderr }: Outcome): string {
  const error = code === 0 ? undefined : /^.*Error: .*$/m.exec(stderr)?.[0];
  return error ?? (stdout.trim() || stderr.trim()).split('\n').at(-1) ?? '';
}

interface Load {
  /** Ids of intents that were answered with 202. */
  readonly acknowledged: string[];
  stop(): void;
  /** Resolves when it was stopped, or the connection broke. */
  readonly ended: Promise<unknown>;
}

/** Submits one unit of the base currency at a time, so that sums can be told; past the limit only now and then. */
function startLoad({ baseUrl, agentKey, agentId }: DemoFacts, limit: number): Load {
  const acknowledged: string[] = [];
  let stopped = false;
  const body = JSON.stringify({ agentId, amount: 1, currency: 'GBP', reason: 'drill', merchant: randomUUID() });
  const headers = { authorization: `Bearer ${agentKey}`, 'content-type': 'application/json' };
  const worker = async () => {
    while (!stopped) {
      const response = await fetch(new URL('/v1/intents', baseUrl), { method: 'POST', headers, body }).catch(
        () => null,
      );
      if (response === null) return;
      const answer = (await response.json().catch(() => null)) as { id?: string } | null;
      if (response.status === 202 && answer?.id !== undefined) acknowledged.push(answer.id);
      // Refused for a moment; or enough, and on with a trickle.
      if (response.status !== 202 || acknowledged.length > limit) await sleep(100);
    }
  };
  return {
    acknowledged,
    stop: () => void (stopped = true),
    ended: Promise.all(Array.from({ length: WORKERS }, worker)),
  };
}

/** The killed process' PostgreSQL goes on without it; here it has to go with the machine. */
async function stopPostgres(dataDir: string): Promise<void> {
  const pidFile = await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(pidFile.split('\n')[0]);
  if (!pid) return;
  process.kill(pid, 'SIGQUIT');
  await eventually(() => !isAlive(pid), { timeoutMs: 20_000 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function logSize(session: Session): Promise<number> {
  return sizeOf(await session.text('/v1/audit/checkpoint'));
}

/** The entries that a checkpoint attests: its second line. */
function sizeOf(checkpoint: string): number {
  return Number(checkpoint.split('\n')[1]);
}

/** Of the largest checkpoint that audit kept outside. */
async function keptSize(outside: string): Promise<number> {
  const files = (await readdir(outside, { recursive: true })).filter((name) => name.endsWith('.checkpoint'));
  const notes = await Promise.all(files.map((name) => readFile(join(outside, name), 'utf8')));
  return Math.max(0, ...notes.map(sizeOf));
}

interface StoredIntent {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly agentId: string;
}

async function readIntents(session: Session): Promise<Map<string, StoredIntent>> {
  const intents = new Map<string, StoredIntent>();
  for await (const page of pages<StoredIntent>(session, '/v1/intents?limit=100'))
    for (const intent of page) intents.set(intent.id, intent);
  return intents;
}

async function* pages<T>(session: Session, list: string): AsyncGenerator<readonly T[]> {
  for (let cursor: string | null = ''; cursor !== null;) {
    const { data, pagination } = await session.get(`${list}${cursor && `&cursor=${cursor}`}`);
    yield data;
    cursor = pagination.nextCursor ?? null;
  }
}

/** Of a long log the list tells no total. */
async function countEntries(session: Session, type: string): Promise<number> {
  let count = 0;
  for await (const page of pages(session, `/v1/audit?type=${type}&limit=100`)) count += page.length;
  return count;
}

/** Four services hold the same history, each its own part of it. */
async function compareTotals(
  session: Session,
  intents: ReadonlyMap<string, StoredIntent>,
  claim: (what: string, holds: boolean, found: unknown) => void,
): Promise<void> {
  const submitted = await settled(() => countEntries(session, 'intent.submitted'), intents.size);
  claim(
    'the log has every intent that the gateway has, once',
    submitted === intents.size,
    `${submitted} of ${intents.size}`,
  );
  // Minor units: a sum of fractions would not be exact.
  const spent = (some: Iterable<StoredIntent>) =>
    [...some]
      .filter(({ status }) => status === 'approved')
      .reduce((sum, { amount }) => sum + Math.round(amount * 100), 0);
  const expected = spent(intents.values());
  const analysed = () => session.get('/v1/analytics/spend?days=1').then(({ total }) => Math.round(total * 100));
  const counted = await settled(analysed, expected);
  claim(
    'analytics has the sum of what the gateway holds as approved',
    counted === expected,
    `${counted / 100} of ${expected / 100}`,
  );
  let budgets = 0;
  for (const agentId of new Set([...intents.values()].map((intent) => intent.agentId)))
    budgets += Math.round((await session.get(`/v1/agents/${agentId}`)).spentToday * 100);
  claim('the budgets have the same sum', budgets === expected, `${budgets / 100} of ${expected / 100}`);
}

/** What follows within moments: the number that was read last, as soon as it is the one expected. */
async function settled(read: () => Promise<number>, expected: number): Promise<number> {
  let last = NaN;
  await eventually(async () => (last = await read()) === expected, { timeoutMs: 120_000, intervalMs: 250 }).catch(
    () => undefined,
  );
  return last;
}

async function followLog(
  session: Session,
  keys: readonly string[],
  { vault, from }: { readonly vault: string; readonly from: string },
): Promise<Outcome> {
  const kept = join(vault, from);
  const size = sizeOf(await readFile(kept, 'utf8'));
  const proof = await session.get(`/v1/audit/consistency?from=${size}`);
  const files = { to: join(vault, `${from}.to`), proof: join(vault, `${from}.proof.json`) };
  await writeFile(files.to, proof.checkpoint);
  await writeFile(files.proof, JSON.stringify(proof));
  const vkeys = keys.flatMap((key) => ['--vkey', key]);
  return outcomeOf(process.execPath, [
    VERIFIER,
    'follow',
    ...vkeys,
    '--from',
    kept,
    '--to',
    files.to,
    '--proof',
    files.proof,
  ]);
}
