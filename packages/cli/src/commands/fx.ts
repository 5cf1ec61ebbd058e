import { quantity } from '@aegis/verify/format/quantity';
import { type Api, createApi } from '../api.ts';
import { type Command, CommandError, parseOptions } from '../command.ts';
import { logIn, readDemoFacts } from '../credentials.ts';
import { startProgress } from '../progress.ts';
import { openSource, type SourceRow } from '../replay/source.ts';

const HELP = `aegis fx import: records exchange rates from a CSV file

Usage: npx aegis fx import FILE [options]

The first line names the columns: currency,rate,effectiveAt (plain or gzip). A rate says what one unit of the currency is
worth in the base currency; effectiveAt is a time such as 2026-03-05T00:00:00Z, and empty means now. Rates are sent 500 at
a time; importing a file again changes nothing.

Needs a person with org:manage: --email and the password in AEGIS_PASSWORD. Without --email it is the administrator of
the demonstration that npm start set up.

  --base-url URL    where the API is (default: what npm start wrote; with --email http://localhost:8080)
  --email EMAIL     who records the rates
  --data-dir DIR    where npm start keeps its data (default: AEGIS_DATA_DIR or .aegis)
  --help            this text
`;

const RATES_A_CALL = 500;

export const fx: Command = {
  help: HELP,
  async run(args, env) {
    const { values, positionals } = parseOptions('fx', args, {
      'base-url': { type: 'string' },
      email: { type: 'string' },
      'data-dir': { type: 'string', default: env['AEGIS_DATA_DIR'] ?? '.aegis' },
    });
    const [action, file] = positionals;
    if (action !== 'import' || file === undefined || positionals.length > 2) throw new CommandError(HELP);
    const source = await openSource(file);
    for (const column of ['currency', 'rate']) {
      if (!source.headers.includes(column)) throw new CommandError(`${file} has no column ${column}.`);
    }
    const api = await openApi(values, env['AEGIS_PASSWORD']);
    const progress = startProgress(source.rows, 'rates');
    try {
      let sent = 0;
      for await (const rows of inGroups(source.read(), RATES_A_CALL)) {
        await send(api, rows);
        sent += rows.length;
        progress.update(sent, '');
      }
    } finally {
      progress.finish();
      await api.close();
    }
    process.stdout.write(`${quantity(source.rows, 'rate is', 'rates are')} on record.\n`);
  },
};

async function openApi(
  { 'base-url': url, email, 'data-dir': dataDir }: { 'base-url'?: string; email?: string; 'data-dir': string },
  password: string | undefined,
): Promise<Api> {
  if (email !== undefined) {
    if (!password) throw new CommandError('AEGIS_PASSWORD is missing.\nSee: aegis fx --help');
    const baseUrl = url ?? 'http://localhost:8080';
    return createApi(baseUrl, await logIn(baseUrl, email, password), 1);
  }
  const { baseUrl: own, adminEmail, adminPassword } = await readDemoFacts(dataDir);
  // The demonstration's password is for its own system alone.
  if (url !== undefined && url !== own) throw new CommandError('--base-url needs --email');
  return createApi(own, await logIn(own, adminEmail, adminPassword), 1);
}

/** A row at fault is named by its line in the file. */
async function send(api: Api, rows: readonly SourceRow[]): Promise<void> {
  const rates = rows.map(({ cells: { currency, rate, effectiveAt } }) => ({
    currency: currency?.trim(),
    rate: rate?.trim(),
    ...(effectiveAt?.trim() ? { effectiveAt: effectiveAt.trim() } : {}),
  }));
  try {
    await api.call({ method: 'PUT', path: '/v1/fx-rates', body: { rates } });
  } catch (error) {
    const lines = `lines ${rows[0]?.number} to ${rows.at(-1)?.number}; rates[0] is line ${rows[0]?.number}`;
    throw error instanceof Error ? new CommandError(`${error.message}\n(${lines})`, { cause: error }) : error;
  }
}

async function* inGroups<T>(items: AsyncIterable<T>, size: number): AsyncIterable<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    if (group.push(item) < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
