import { ConfigError, processEnvironment, readConfig } from '@aegis/runtime/config';
import { EXIT_CODES } from '@aegis/runtime/lifecycle';
import { createLogger } from '@aegis/runtime/log';
import { runtimeConfig } from '@aegis/runtime/runtime-config';
import { createTopics, migrateSchemas } from './migrate-stores.ts';

const HELP = `Brings the stores up to date before services of a new version start, then ends.

Usage: node packages/migrate/src/main.ts [schemas] [topics]

  schemas   PostgreSQL schemas of the bus and the services, and the ClickHouse database
  topics    topics of the bus that are missing

Without arguments: both. Reads DATABASE_URL, CLICKHOUSE_URL, CLICKHOUSE_DATABASE and KAFKA_*, as the services do.
`;

const STEPS = { schemas: migrateSchemas, topics: createTopics };
type Step = keyof typeof STEPS;

const args = process.argv.slice(2);
const unknown = args.find((arg) => !Object.hasOwn(STEPS, arg));

if (args.includes('--help')) {
  process.stdout.write(HELP);
} else if (unknown !== undefined) {
  process.stderr.write(`There is no step ${unknown}.\n\n${HELP}`);
  process.exitCode = 2;
} else {
  process.exitCode = await run(args.length > 0 ? (args as Step[]) : ['schemas', 'topics']);
}

async function run(steps: readonly Step[]): Promise<number> {
  const env = processEnvironment();
  try {
    const log = createLogger({ name: 'migrate', level: readConfig(runtimeConfig, env).logLevel });
    for (const step of steps) {
      const begun = performance.now();
      await STEPS[step](env, log);
      log.info({ step, ms: Math.round(performance.now() - begun) }, 'done');
    }
    return EXIT_CODES.stopped;
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`migrate: the configuration cannot be used\n${error.message}\n`);
      return EXIT_CODES.badConfig;
    }
    process.stderr.write(`migrate: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT_CODES.failed;
  }
}
