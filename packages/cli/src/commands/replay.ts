import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { quantity } from '@aegis/verify/format/quantity';
import { type Api, ApiError, createApi } from '../api.ts';
import { type Command, CommandError, parseOptions, wholeNumber } from '../command.ts';
import { createTemporaryKey, readDemoFacts } from '../credentials.ts';
import { startProgress } from '../progress.ts';
import { openAgentDirectory } from '../replay/agents.ts';
import { mapColumns } from '../replay/columns.ts';
import { openJournal } from '../replay/journal.ts';
import { type RunResult, submitRows } from '../replay/run.ts';
import { openSource } from '../replay/source.ts';

const HELP = `aegis replay: submits a file of card transactions as spend intents

Usage: aegis replay FILE [options]

FILE is CSV, plain or gzip, with a line of headers. Each card becomes an agent, each row an intent. Rows that the API
refuses are reported with their number and reason. A run that was stopped goes on where it was; every row carries an
Idempotency-Key, so none is submitted twice.

  --base-url URL        where the API is (default: what npm start wrote)
  --api-key KEY         a key with intents:write, intents:write:any, intents:read, agents:read and agents:write
                        (default: one made for this run in the demonstration's organisation, revoked at the end)
  --map FIELD=COLUMN    which column holds a field; may be repeated. Fields: agent, amount, currency, merchant,
                        merchantCategory, reason, metadata.NAME. Usual headers are known (card, amount, currency, ...)
  --currency CODE       for rows that name none (default GBP)
  --concurrency N       requests in flight at once, 1 to 1024 (default 128)
  --restart             submit from the first row again, as new intents
  --help                this text
`;

const SCOPES = ['intents:write', 'intents:write:any', 'intents:read', 'agents:read', 'agents:write', 'analytics:read'];
const DECISION_TIMEOUT_MS = 300_000;

export const replay: Command = {
  help: HELP,
  async run(args, env) {
    const { values, positionals } = parseOptions('replay', args, {
      'base-url': { type: 'string' },
      'api-key': { type: 'string' },
      map: { type: 'string', multiple: true, default: [] },
      currency: { type: 'string', default: 'GBP' },
      concurrency: { type: 'string', default: '128' },
      restart: { type: 'boolean', default: false },
    });
    const [file, ...surplus] = positionals;
    if (file === undefined || surplus.length > 0) throw new CommandError('Name one file.\nSee: aegis replay --help');
    const concurrency = wholeNumber('concurrency', values.concurrency, 1, 1024);
    const dataDir = env['AEGIS_DATA_DIR'] ?? '.aegis';

    const source = await openSource(file);
    const columns = mapColumns(source.headers, values.map);
    const access = await authenticate(dataDir, values['base-url'], values['api-key']);
    const api = createApi(access.baseUrl, access.key, Math.min(concurrency, 64));
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    try {
      const run = values.restart ? `-${Date.now()}` : '';
      const keyPrefix = `replay:${source.digest.slice(0, 24)}${run}`;
      const journalName = `${source.digest.slice(0, 24)}-${access.target}${run}`;
      const journal = await openJournal(join(dataDir, 'replay'), journalName);
      const startedAt = performance.now();
      const before = journal.state.accepted + journal.state.rejected;
      if (before > 0) process.stderr.write(`Going on after row ${journal.state.rowsDone}.\n`);
      const agents = await openAgentDirectory(api, keyPrefix);
      const progress = startProgress(source.rows, 'rows');
      const result = await submitRows({
        api,
        source,
        columns,
        agents,
        journal,
        progress,
        currency: values.currency,
        concurrency,
        keyPrefix,
        signal: stop.signal,
      });
      const submitted = result.accepted + result.rejected - before;
      const seconds = (performance.now() - startedAt) / 1000;
      if (!result.interrupted) await untilDecided(api);
      const decidedSeconds = (performance.now() - startedAt) / 1000;
      report(result, {
        submitted,
        seconds,
        decidedSeconds,
        agents: agents.registered(),
        rejectionsFile: journal.rejectionsFile,
      });
      if (result.interrupted) process.exitCode = 130;
    } finally {
      await api.close();
      await access.revoke();
    }
  },
};

interface Access {
  readonly baseUrl: string;
  readonly key: string;
  /** Names the journal: the same file may be replayed into several systems. */
  readonly target: string;
  revoke(): Promise<void>;
}

async function authenticate(dataDir: string, baseUrl: string | undefined, apiKey: string | undefined): Promise<Access> {
  if (apiKey !== undefined) {
    const url = baseUrl ?? (await readDemoFacts(dataDir)).baseUrl;
    const me = createApi(url, apiKey, 1);
    const { organization } = z
      .object({ organization: z.object({ id: z.string() }) })
      .parse(await me.call({ method: 'GET', path: '/v1/me' }));
    await me.close();
    return { baseUrl: url, key: apiKey, target: organization.id, revoke: async () => undefined };
  }
  const facts = await readDemoFacts(dataDir);
  if (baseUrl !== undefined && baseUrl !== facts.baseUrl) throw new CommandError('--base-url needs --api-key');
  const key = await createTemporaryKey(facts, 'aegis replay', SCOPES);
  return { baseUrl: facts.baseUrl, key: key.secret, target: facts.organizationId, revoke: () => key.revoke() };
}

/** Decisions follow within moments of the last row; until none is pending the summary would be of a moving thing. */
async function untilDecided(api: Api): Promise<void> {
  const deadline = performance.now() + DECISION_TIMEOUT_MS;
  const page = z.object({ data: z.array(z.unknown()) });
  for (;;) {
    const pending = page.parse(await api.call({ method: 'GET', path: '/v1/intents?status=pending&limit=1' }));
    if (pending.data.length === 0) return;
    if (performance.now() > deadline)
      throw new ApiError('Intents are still pending after five minutes: look at /readyz and the logs.');
    await delay(100);
  }
}

interface Figures {
  readonly submitted: number;
  readonly seconds: number;
  readonly decidedSeconds: number;
  readonly agents: number;
  readonly rejectionsFile: string;
}

function report(result: RunResult, figures: Figures): void {
  const count = (value: number) => value.toLocaleString('en');
  const lines = [
    `${result.interrupted ? 'Stopped' : 'Done'}: ${count(result.accepted)} accepted, ${count(result.rejected)} refused.`,
    `This run: ${quantity(figures.submitted, 'row')} in ${figures.seconds.toFixed(1)} s (${count(Math.round(figures.submitted / figures.seconds))}/s), ` +
      `all decided after ${figures.decidedSeconds.toFixed(1)} s; ${quantity(figures.agents, 'agent')} registered.`,
    ...[...result.reasons].map(
      ([code, { count: times, first }]) =>
        `  ${code}: ${quantity(times, 'row')}, first row ${first.row}: ${first.reason}`,
    ),
    ...(result.rejected > 0 ? [`Every refused row: ${figures.rejectionsFile}`] : []),
    ...(result.interrupted ? ['Run the same command again to go on.'] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
