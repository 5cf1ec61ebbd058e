import { findKafka } from '@aegis/testkit/kafka';
import { type DrillReport, runDrill } from './drill.ts';

const HELP = `Loses a whole system under load and brings it back from a backup in an empty place; then proves that nothing is
missing which the backup held, and that what was lost since is told. On embedded engines: nothing else is needed.

Usage: npm run drill:restore [-- options]

  --intents N   acknowledged before the backup, and again after it (default 20000)
  --kafka       on a real Kafka, which outlives the loss (Docker, or Java and Maven)
`;

const { argv } = process;
if (argv.includes('--help')) {
  process.stdout.write(HELP);
  process.exit(0);
}
const at = argv.indexOf('--intents');
const intents = at === -1 ? 20_000 : Number(argv[at + 1]);
if (!Number.isInteger(intents) || intents < 1) {
  process.stderr.write(`--intents must be a whole number from 1\n\n${HELP}`);
  process.exit(2);
}
const kafka = argv.includes('--kafka') ? await (await findKafka())?.start() : undefined;
const { claims, figures } = await rehearse();
for (const { what, holds, found } of claims) process.stdout.write(`${holds ? 'ok    ' : 'FAILED'} ${what}: ${found}\n`);
process.stdout.write('\n');
for (const [what, figure] of Object.entries(figures)) process.stdout.write(`${what}: ${figure}\n`);
if (claims.some(({ holds }) => !holds)) process.exitCode = 1;

async function rehearse(): Promise<DrillReport> {
  try {
    const onStep = (what: string) => void process.stderr.write(`… ${what}\n`);
    return await runDrill({ intents, onStep, ...(kafka && { brokers: kafka.brokers }) });
  } finally {
    await kafka?.stop();
  }
}
