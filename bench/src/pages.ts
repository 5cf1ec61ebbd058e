import { rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ListEntries, listEntries } from '@aegis/audit/usecases/list-entries';
import { listTimeline } from '@aegis/audit/usecases/list-timeline';
import { searchEntries } from '@aegis/audit/usecases/search-entries';
import { startEmbeddedPostgres } from '@aegis/engines/postgres';
import { temporaryDataDir } from '@aegis/testkit/data-dir';
import { openAuditDatabase } from './audit/database.ts';
import { agentOf, buildLog, intentOf, personOf, timeOf } from './pages/build-log.ts';
import { publish, type Row } from './report.ts';
import { percentile } from './statistics.ts';

const HELP = `bench:pages: how long a page of a long audit log takes

Usage: npm run bench:pages [-- options]

Builds a log of one organisation in a PostgreSQL of its own, and reads first, middle and last pages of it by each filter
and by filters together, those that nothing matches among them. 20 entries a page, the total counted as the API counts it.

  --entries N   entries of the log (default 10000000, about 9 GB of disk)
  --pages N     pages read of each kind (default 50)
  --help        this text
`;

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '10000000' },
    pages: { type: 'string', default: '50' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const [size, pages] = [Number(values.entries), Number(values.pages)];

type Asked = Partial<Pick<ListEntries, 'from' | 'to' | 'filter'>> & { readonly text?: string };

/** What is asked for, by the number of the page. */
const KINDS: Readonly<Record<string, (page: number) => Asked>> = {
  everything: () => ({}),
  'a type that is 40 % of all': () => ({ filter: { type: 'intent.decided' } }),
  'a type that is one in 100,000': () => ({ filter: { type: 'policy.created' } }),
  'an actor that is 40 % of all': () => ({ filter: { actorId: 'policy' } }),
  'an agent': (page) => ({ filter: { actorId: agentOf(page * 7) } }),
  'a person': (page) => ({ filter: { actorId: personOf(page) } }),
  'a subject': (page) => ({ filter: { subjectId: intentOf(page * 101) } }),
  'an intent': (page) => ({ filter: { intentId: intentOf(page * 101) } }),
  'an hour': (page) => hour(page),
  'a type within an hour': (page) => ({ ...hour(page), filter: { type: 'intent.submitted' } }),
  'a type and an agent': (page) => ({ filter: { type: 'intent.submitted', actorId: agentOf(page * 7) } }),
  'a common type and a common actor that never meet': () => ({
    filter: { type: 'intent.submitted', actorId: 'policy' },
  }),
  'a type and an agent that never meet': (page) => ({ filter: { type: 'intent.decided', actorId: agentOf(page) } }),
  'a type and an actor that does not exist': () => ({ filter: { type: 'intent.decided', actorId: 'nobody' } }),
  'a text that stands in one of nine thousand': (page) => ({ text: `"${page}"` }),
  'a text that nobody wrote': () => ({ text: 'no such text' }),
};

const PLACES = ['first', 'middle', 'last'] as const;

function hour(page: number): Asked {
  const begin = Math.floor(((page * 37) % 100) * (size / 100));
  return { from: timeOf(begin, size), to: timeOf(begin + 3_600, size) };
}

/** `before` of a page: none, about the middle, or so near the beginning that it is the last one. */
function placeOf(place: (typeof PLACES)[number], page: number): number | null {
  if (place === 'first') return null;
  return place === 'middle' ? Math.floor(size / 2) + page : 15 + (page % 5);
}

const loadBefore = loadavg();
const dir = await temporaryDataDir('aegis-bench-pages-');
const settings = { fsync: 'off', shared_buffers: '1GB', max_wal_size: '8GB' };
const postgres = await startEmbeddedPostgres({ dir: join(dir, 'postgres'), password: 'bench', settings });
const db = await openAuditDatabase(postgres.url);
const rows: Row[] = [];
let slowest = 0;

try {
  const startedAt = performance.now();
  const organizationId = await buildLog(db.operator, size, (done) => {
    process.stderr.write(`\r${done.toLocaleString('en')} entries`);
  });
  process.stderr.write(`\rbuilt in ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
  for (const [kind, ask] of Object.entries(KINDS)) {
    for (const place of PLACES) {
      const times = await timesOf((page) => read(organizationId, ask(page), placeOf(place, page)));
      report(`${place} page: ${kind}`, times);
    }
  }
  report(
    'timeline of an intent',
    await timesOf((page) => {
      const query = { organizationId, intentId: intentOf(page * 101), after: null, limit: 20 };
      return listTimeline(db.database, query);
    }),
  );
  rows.push({ name: 'the slowest p99 of all', value: slowest, unit: 'ms' });
  publish({ name: 'pages', rows, ratios: {}, parameters: { entries: size, pages } }, loadBefore);
} finally {
  await db.close();
  await postgres.stop();
  await rm(dir, { recursive: true });
}

function read(organizationId: string, { text, filter = {}, from = null, to = null }: Asked, before: number | null) {
  const query = { organizationId, filter, from, to, limit: 20, offset: 0, before };
  return text === undefined ? listEntries(db.database, query) : searchEntries(db.database, query, text);
}

async function timesOf(work: (page: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let page = 0; page < pages; page += 1) {
    const startedAt = performance.now();
    await work(page);
    times.push(performance.now() - startedAt);
  }
  return times;
}

function report(name: string, times: readonly number[]): void {
  const [p50, p99] = [percentile(times, 50), percentile(times, 99)];
  slowest = Math.max(slowest, p99);
  rows.push({ name, value: p50, unit: 'ms', note: `p99 ${p99.toFixed(1)} ms` });
  process.stderr.write(`${name}: ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms\n`);
}
