import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type Api, ApiError, createApi } from '../api.ts';
import { type Command, parseOptions, wholeNumber } from '../command.ts';
import { createTemporaryKey, logIn, readDemoFacts } from '../credentials.ts';
import { DEMO_POLICIES } from '../demo/policies.ts';
import { demoStream } from '../demo/stream.ts';
import { startProgress } from '../progress.ts';
import { openAgentDirectory } from '../replay/agents.ts';

const HELP = `aegis demo: submits a realistic stream of intents to the demonstration's organisation

Usage: npm run demo [-- options]

Creates policies that allow, deny and ask (once), registers five agents, submits a seeded stream of purchases and
prints what was decided. Needs a running system: npm start.

  --count N        intents to submit, 1 to 100000 (default 400)
  --seed N         the same seed gives the same purchases (default: drawn, and printed)
  --concurrency N  requests in flight at once, 1 to 256 (default 16)
  --help           this text
`;

const SCOPES = ['intents:write', 'intents:write:any', 'intents:read', 'agents:read', 'agents:write'];
const WAIT = { prefer: 'wait=30' };
const outcomeSchema = z.object({
  id: z.string(),
  status: z.string(),
  amount: z.number(),
  matchedPolicy: z.string().nullish(),
});

export const demo: Command = {
  help: HELP,
  async run(args, env) {
    const { values } = parseOptions('demo', args, {
      count: { type: 'string', default: '400' },
      seed: { type: 'string' },
      concurrency: { type: 'string', default: '16' },
    });
    const count = wholeNumber('count', values.count, 1, 100_000);
    const concurrency = wholeNumber('concurrency', values.concurrency, 1, 256);
    const drawn = String(Math.floor(Math.random() * 1_000_000));
    const seed = wholeNumber('seed', values.seed ?? drawn, 0, 2 ** 31);

    const facts = await readDemoFacts(env['AEGIS_DATA_DIR'] ?? '.aegis');
    const admin = createApi(facts.baseUrl, await logIn(facts.baseUrl, facts.adminEmail, facts.adminPassword), 1);
    const created = await createMissingPolicies(admin);
    await admin.close();

    const key = await createTemporaryKey(facts, 'aegis demo', SCOPES);
    const api = createApi(facts.baseUrl, key.secret, concurrency);
    try {
      process.stderr.write(
        `Seed ${seed}; ${created} of ${DEMO_POLICIES.length} policies created, the others were there.\n`,
      );
      const tally = await submitStream(api, { seed, count, concurrency });
      process.stdout.write(table(tally));
      process.stdout.write(
        `\nOpen approvals: curl -s ${facts.baseUrl}/v1/approvals -H "Authorization: Bearer $TOKEN" (log in as ${facts.adminEmail})\n`,
      );
    } finally {
      await api.close();
      await key.revoke();
    }
  },
};

async function createMissingPolicies(api: Api): Promise<number> {
  const page = z.object({ data: z.array(z.object({ name: z.string() })) });
  const { data } = page.parse(await api.call({ method: 'GET', path: '/v1/policies' }));
  const present = new Set(data.map((policy) => policy.name));
  const missing = DEMO_POLICIES.filter((policy) => !present.has(policy.name));
  for (const policy of missing) await api.call({ method: 'POST', path: '/v1/policies', body: policy });
  return missing.length;
}

interface Row {
  count: number;
  amountByCurrency: Map<string, number>;
}
type Tally = Map<string, Row>;

async function submitStream(
  api: Api,
  { seed, count, concurrency }: { seed: number; count: number; concurrency: number },
): Promise<Tally> {
  const agents = await openAgentDirectory(api, 'demo');
  const purchases = demoStream(seed, count);
  const progress = startProgress(count, 'intents');
  const tally: Tally = new Map();
  let done = 0;

  async function worker(): Promise<void> {
    for (const { agent, amount, ...rest } of purchases) {
      const agentId = await agents.idOf(agent);
      const json = `{"amount":${amount},${JSON.stringify({ agentId, ...rest }).slice(1)}`;
      const answer = outcomeSchema.parse(await api.call({ method: 'POST', path: '/v1/intents', json, headers: WAIT }));
      const outcome = answer.status === 'pending' ? await decided(api, answer.id) : answer;
      record(tally, `${outcome.status} — ${outcome.matchedPolicy ?? ''}`, rest.currency, outcome.amount);
      done += 1;
      progress.update(done, '');
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker));
  progress.finish();
  return tally;
}

async function decided(api: Api, id: string) {
  for (let attempt = 0; attempt < 10; attempt++) {
    const intent = outcomeSchema.parse(await api.call({ method: 'GET', path: `/v1/intents/${id}?wait=10` }));
    if (intent.status !== 'pending') return intent;
    await delay(100);
  }
  throw new ApiError(`${id} is still pending: look at /readyz and the logs of the system.`);
}

function record(tally: Tally, outcome: string, currency: string, amount: number): void {
  const row = tally.get(outcome) ?? { count: 0, amountByCurrency: new Map<string, number>() };
  row.count += 1;
  row.amountByCurrency.set(currency, (row.amountByCurrency.get(currency) ?? 0) + amount);
  tally.set(outcome, row);
}

function table(tally: Tally): string {
  const rows = [...tally].toSorted(([, a], [, b]) => b.count - a.count);
  const width = Math.max(...rows.map(([outcome]) => outcome.length));
  return rows
    .map(([outcome, { count, amountByCurrency }]) => {
      const amounts = [...amountByCurrency].map(([currency, amount]) =>
        amount.toLocaleString('en', { style: 'currency', currency }),
      );
      return `${outcome.padEnd(width)}  ${String(count).padStart(6)}  ${amounts.join(' + ')}\n`;
    })
    .join('');
}
