import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Checks } from './checks.ts';
import { endToEnd } from './processes/end-to-end.ts';
import { kill } from './processes/kill.ts';
import { rolling } from './processes/rolling.ts';
import { upgrade } from './processes/upgrade.ts';

const HELP = `npm run test:processes: the five services as processes of their own, on real stores, with mutual TLS between them

Usage: npm run test:processes [-- options]

Each replica has an address of its own on loopback and is found by name, as pods are. PostgreSQL and Kafka are real;
ClickHouse is its own engine behind its HTTP interface. Needs Linux, Java and Maven, or KAFKA_BROKERS.

  --only PART    one of the parts below (default: all)
  --rate N       intents a second of the load (default 200; upgrade takes a quarter, as suites run meanwhile)
  --down N       kill: seconds that what was killed stays away (default 35)
  --previous REF upgrade: the commit to come from (default HEAD~1)
  --report FILE  write how many tests and checks passed and failed, as JSON
  --write        put the tables into docs/resilience.md
  --help         this text

e2e      the end-to-end suite passes through the gateway; strangers get no answer over gRPC; SIGTERM ends each with 0
rolling  two replicas of each service under load; each is replaced in turn. No request fails
kill     each service and each store is killed (SIGKILL) under load and started again; with Prometheus, which alerts see it
upgrade  from another commit under load: both versions work side by side, and the end-to-end suites pass meanwhile

The load is intents, the answers of a person to one in twenty, and reads that every service has to answer. It goes through a
stand-in for an ingress, which passes over a gateway that cannot be connected to and never sends a request twice. After each
part, every accepted intent must be final in the gateway, decided, logged and counted, once: each store is asked itself.
Ends with 1 when something does not hold. AEGIS_KEEP_LOGS=1 keeps what the processes printed.
`;

const PARTS = { e2e: endToEnd, rolling, kill, upgrade };

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rate: { type: 'string', default: '200' },
    down: { type: 'string', default: '35' },
    previous: { type: 'string', default: 'HEAD~1' },
    report: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
// Processes that were started end with this one: launchers see to it at `exit`.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.exitCode = await main();

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const parts = Object.entries(PARTS).filter(([name]) => values.only === undefined || values.only === name);
  if (parts.length === 0) {
    process.stderr.write(`--only must be one of ${Object.keys(PARTS).join(', ')}, not ${values.only}.\n`);
    return 2;
  }
  const [rate, downSeconds] = [Number(values.rate), Number(values.down)];
  if (!(rate > 0 && downSeconds > 0)) {
    process.stderr.write(`--rate and --down must be numbers above 0, not ${values.rate} and ${values.down}.\n`);
    return 2;
  }
  const settings = { rate, downSeconds, previous: values.previous, write: values.write };
  const checks = new Checks();
  for (const [name, part] of parts) {
    console.log(`\n${name}`);
    await part(checks, settings);
  }
  if (values.report !== undefined) await writeFile(values.report, JSON.stringify(checks.report()));
  return checks.exitCode;
}
