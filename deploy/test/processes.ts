import { parseArgs } from 'node:util';
import { Checks } from './checks.ts';
import { endToEnd } from './processes/end-to-end.ts';

const HELP = `npm run test:processes: the five services as processes of their own, on real stores, with mutual TLS between them

Usage: npm run test:processes [-- options]

Each replica has an address of its own on loopback and is found by name, as pods are. PostgreSQL and Kafka are real;
ClickHouse is its own engine behind its HTTP interface. Needs Linux, Java and Maven, or KAFKA_BROKERS.

  --only PART    one of: e2e (default: all)
  --help         this text

e2e      the end-to-end suite passes through the gateway; strangers get no answer over gRPC; SIGTERM ends each with 0

Ends with 1 when something does not hold.
`;

const PARTS = { e2e: endToEnd };

const { values } = parseArgs({
  options: { only: { type: 'string' }, help: { type: 'boolean', default: false } },
});
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
  const checks = new Checks();
  for (const [name, part] of parts) {
    console.log(`\n${name}`);
    await part(checks);
  }
  return checks.exitCode;
}
