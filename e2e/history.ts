/**
 * `npm run test:simulate -- FILE`: proves on a file of card purchases that totals reconcile and that a simulation predicts
 * what the whole system decides.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { prove } from './src/history/prove.ts';
import { readPurchases } from './src/history/purchases.ts';
import { startHistorySystem } from './src/history/system.ts';

const HELP = `npm run test:simulate: simulation against the whole system, on a file of card purchases

Usage: npm run test:simulate -- FILE [--rows N]

Starts the whole system with a clock that follows the file, submits every purchase over the API at its own date under five
policies, daily and monthly limits and wallets, reconciles the totals three ways, simulates a stricter set over that history,
lets a second organisation really decide by that set, and compares the two intent by intent. Ends with code 1 when
anything differs, or when the simulation took a minute or more. The file is a CSV (date, card, merchant, category, amount),
plain or gzip. KAFKA_BROKERS names a Kafka to use instead of the bus in PostgreSQL.

  --rows N    the first purchases only
  --help      this text
`;

const { values, positionals } = parseArgs({
  options: { rows: { type: 'string' }, help: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [file] = positionals;
if (values.help || file === undefined) {
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 1);
}

const LONGEST_SECONDS = 60;
const say = (text: string) => process.stdout.write(`${text}\n`);
const pounds = (pence: number) => `£${(pence / 100).toLocaleString('en', { minimumFractionDigits: 2 })}`;

const purchases = (await readPurchases(file)).slice(0, values.rows === undefined ? undefined : Number(values.rows));
const [from, to] = [purchases[0], purchases.at(-1)].map((purchase) => purchase?.at.toISOString().slice(0, 10));
say(`${purchases.length} purchases from ${from} to ${to}; load average ${loadavg()[0]?.toFixed(2)}`);
const brokers = process.env['KAFKA_BROKERS'];
const system = await startHistorySystem(brokers === undefined ? {} : { KAFKA_BROKERS: brokers });
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void system.stop().finally(() => process.exit(1)));
}
try {
  const { totals, unreconciled, simulation, differences, firstDifference, seconds } = await prove(
    system,
    purchases,
    shown,
  );
  const { intents, decisions, days, months, walletDecisions, wallets, analytics } = totals;
  const rate = (taken: number) => `${taken.toFixed(0)} s (${Math.round(purchases.length / taken)} a second)`;
  say(
    `through the system under five policies in ${rate(seconds.past)}, under the stricter set in ${rate(seconds.real)}`,
  );
  say(`decisions  ${intents}: ${pounds(decisions.spent)} approved, ${pounds(decisions.held)} held`);
  say(
    `budgets    by day ${pounds(days.spent)} and ${pounds(days.held)}, by month ${pounds(months.spent)} and ${pounds(months.held)}`,
  );
  say(
    `ledger     ${pounds(wallets.spent)} and ${pounds(wallets.held)}; decisions of those agents ${pounds(walletDecisions.spent)} and ${pounds(walletDecisions.held)}`,
  );
  say(`analytics  ${pounds(analytics.spent)} and ${pounds(analytics.held)}`);
  check('the totals reconcile', unreconciled);
  say(
    `simulated ${simulation.intents} intents in ${simulation.seconds.toFixed(1)} s; ${simulation.changed} have another outcome`,
  );
  const late = simulation.seconds < LONGEST_SECONDS ? [] : [`it took ${simulation.seconds.toFixed(1)} s`];
  check(`the simulation takes less than ${LONGEST_SECONDS} s`, late);
  check(
    'the prediction is what the system decided, intent by intent',
    differences === 0 ? [] : [`${differences} differ`, ...(firstDifference ?? [])],
  );
} finally {
  await system.stop();
}

function check(what: string, faults: readonly string[]): void {
  say(`${faults.length === 0 ? 'ok' : 'FAILED'}: ${what}`);
  for (const fault of faults) say(`  ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

function shown(what: string): (count: number) => void {
  let next = 0;
  return (count) => {
    if (count < next) return;
    next = count + 10_000;
    process.stderr.write(`… ${count} of ${purchases.length} ${what}\n`);
  };
}
