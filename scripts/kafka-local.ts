import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isPortFree, kafkaJars, missingTools, startLocalKafka } from '@aegis/testkit/kafka-local';

const HELP = `npm run kafka:local: a real Apache Kafka 4.1 on this machine, without containers

Usage: npm run kafka:local [-- --port 9092]

Runs one broker in the foreground until Ctrl-C. The first start downloads it by Maven (43 MB) into .aegis/kafka, where its
data stay as well. Needs Java 17 or later and Maven. Use it with

  export KAFKA_BROKERS=localhost:9092

  --port PORT   the port that clients connect to (default 9092)
  --help        this text
`;

const DATA_DIR = join(import.meta.dirname, '../.aegis/kafka/broker');

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '9092' }, help: { type: 'boolean' } } });
  if (values.help) return say(HELP);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return complain(`--port must be from 1 to 65535, not ${values.port}.`);
  const missing = await missingTools();
  if (missing.length > 0) {
    return complain(
      `Kafka needs ${missing.join(' and ')}, which cannot be run here. On Debian or Ubuntu: apt install default-jre-headless maven; ` +
        'on macOS: brew install openjdk maven. Or use a Kafka elsewhere by KAFKA_BROKERS.',
    );
  }
  if (!(await isPortFree(port))) {
    return complain(
      `Port ${port} is in use. If that is a Kafka, export KAFKA_BROKERS=localhost:${port}; otherwise choose another with --port.`,
    );
  }
  say('Fetching Kafka by Maven, if it is not here yet ...\n');
  await kafkaJars();
  say(`Starting Kafka on port ${port} ...\n`);
  const onLine = (line: string) => {
    if (!line.startsWith('INFO')) process.stderr.write(`kafka: ${line}\n`);
  };
  const kafka = await startLocalKafka({ dir: DATA_DIR, port, onLine });
  say(`Kafka is up. In another terminal:\n\n  export KAFKA_BROKERS=localhost:${port}\n\nCtrl-C stops it.\n`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stopping = true;
      void kafka.stop();
    });
  }
  await kafka.exited;
  return stopping ? say('Kafka has stopped.\n') : complain('Kafka ended by itself; its last lines are above.');
}

function say(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

function complain(text: string): 1 {
  process.stderr.write(`${text}\n`);
  return 1;
}

process.exitCode = await main().catch((error: unknown) =>
  complain(error instanceof Error ? error.message : String(error)),
);
