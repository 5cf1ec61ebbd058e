/**
 * `npm run test:simulate -- FILE`: replays a CSV of card purchases (date, card, merchant, category, amount; plain or gzip)
 * through the policy service's consumer on a real, durable PostgreSQL, each purchase at its own date, under five policies,
 * daily and monthly limits and wallets; reconciles the totals three ways; simulates a stricter set over that history; has
 * a second organisation really decide by that set; and compares the two intent by intent. Prints figures, and fails when
 * anything differs.
 */
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { startPostgres } from '@aegis/testkit/postgres';
import { createPolicyDatabase } from './policy-database.ts';
import { compareWith, decideAll, FIVE_POLICIES, openBooks, type Purchase, reconcile, STRICTER } from './history-run.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Name a CSV file: npm run test:simulate -- FILE');

const say = (text: string) => process.stdout.write(`${text}\n`);
const purchases = readPurchases(await readFile(file));
const cards = [...new Set(purchases.map(({ card }) => card))];
say(`${purchases.length} purchases of ${cards.length} cards; load average ${loadavg()[0]?.toFixed(2)}`);

const server = await startPostgres();
const store = await createPolicyDatabase(server.url);
const database = store.open({ maxConnections: 4 });
let failed = false;
try {
  const past = await openBooks(store, database, cards, FIVE_POLICIES);
  await timed('decided by five policies', () => decideAll(past, database, purchases, shown('decided')));
  const totals = await reconcile(store, past);
  const { decisions, months, days, ledger } = totals;
  say(`decisions: ${decisions.count}; approved ${pounds(decisions.spent)}, held ${pounds(decisions.held)}`);
  say(
    `budgets:   by month ${pounds(months.spent)} and ${pounds(months.held)}, by day ${pounds(days.spent)} and ${pounds(days.held)}`,
  );
  say(
    `wallets:   spent ${pounds(ledger.spent)}, held ${pounds(ledger.held)}; by decisions ${pounds(ledger.by_decisions)} and ${pounds(ledger.held_by_decisions)}`,
  );
  check('the totals reconcile', [
    [decisions.spent, months.spent],
    [decisions.spent, days.spent],
    [decisions.held, months.held],
    [decisions.held, days.held],
    [ledger.spent, ledger.by_decisions],
    [ledger.held, ledger.held_by_decisions],
  ]);

  const strict = await openBooks(store, database, cards, STRICTER);
  await timed('decided by the stricter set', () => decideAll(strict, database, purchases, shown('decided')));
  const result = await compareWith(store, database, past, STRICTER, strict, shown('simulated'));
  say(`simulated ${result.intents} intents in ${result.seconds.toFixed(1)} s: ${result.changed} with another outcome`);
  say(`differences between the prediction and the decisions: ${result.differences}`);
  if (result.firstDifference) say(result.firstDifference.join('\n'));
  check('the prediction is what was decided', [
    [result.differences, 0],
    [result.intents, purchases.length],
  ]);
} finally {
  await store.close();
  await server.stop();
}
if (failed) process.exitCode = 1;

function readPurchases(bytes: Buffer): Purchase[] {
  const text = bytes.readUInt16BE() === 0x1f8b ? gunzipSync(bytes) : bytes;
  const rows = parse<Record<string, string>>(text, { columns: true, bom: true });
  const given = rows.flatMap(({ date = '', card = '', merchant = '', category = '', amount = '' }) => {
    // Refunds are no intents.
    if (!/^\d+(\.\d{1,2})?$/.test(amount) || Number(amount) === 0) return [];
    const [whole = '', fraction = ''] = amount.split('.');
    const amountMinor = BigInt(whole + fraction.padEnd(2, '0'));
    return [{ date, card, merchant: merchant || null, category: category || null, amountMinor }];
  });
  const days = Map.groupBy(given, ({ date }) => date);
  // The file tells the day: its purchases are spread over working hours, in their order.
  return [...days]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([date, list]) =>
      list.map((purchase, index) => {
        const minutes = 8 * 60 + Math.floor((index * 600) / list.length);
        return { ...purchase, createdAt: new Date(Date.parse(`${date}T00:00:00Z`) + minutes * 60_000).toISOString() };
      }),
    );
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1_000;
  say(`${what} in ${seconds.toFixed(1)} s (${Math.round(purchases.length / seconds)} a second)`);
}

function shown(what: string): (count: number) => void {
  let next = 0;
  return (count) => {
    if (count < next) return;
    next = count + 10_000;
    process.stderr.write(`… ${count} of ${purchases.length} ${what}\n`);
  };
}

function pounds(minor: string): string {
  return `£${(Number(minor) / 100).toLocaleString('en', { minimumFractionDigits: 2 })}`;
}

function check(what: string, pairs: readonly (readonly [unknown, unknown])[]): void {
  const wrong = pairs.filter(([one, other]) => String(one) !== String(other));
  say(`${wrong.length === 0 ? 'ok' : 'FAILED'}: ${what}`);
  if (wrong.length > 0) failed = true;
}
