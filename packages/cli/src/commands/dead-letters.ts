import { findRunning } from '@aegis/recovery/installation';
import { busConfig, type BusTarget } from '@aegis/service/bus-config';
import { connectBus } from '@aegis/service/connect-bus';
import { type Bus, DEAD_LETTER_TOPIC, type Delivery } from '@aegis/bus/port';
import { createLogger } from '@aegis/runtime/log';
import { readConfig } from '@aegis/runtime/config';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Command, CommandError, parseOptions } from '../command.ts';
import { explained } from './recovery-errors.ts';

const HELP = `aegis dead-letters: events that no retry could help

Usage: aegis dead-letters list                     what npm start runs on AEGIS_DATA_DIR
       aegis dead-letters replay ID | --all
       KAFKA_BROKERS=... aegis dead-letters ...    a Kafka of your own; or DATABASE_URL=..., where the bus is in PostgreSQL

list prints one JSON object a line: where the message came from, which consumer gave it up, the error, its attributes.
replay publishes messages to their first topic again; ID is the event's id, as list prints it. Handlers are idempotent,
so that the consumers which had accepted the event change nothing.

  --all     replay every dead letter
  --help    this text
`;

export const deadLetters: Command = {
  help: HELP,
  async run(args, env) {
    const { values, positionals } = parseOptions('dead-letters', args, { all: { type: 'boolean', default: false } });
    const [action, id] = positionals;
    if (action !== 'list' && action !== 'replay') throw new CommandError(HELP);
    if (action === 'replay' && (id === undefined) !== values.all)
      throw new CommandError('Name one id, or --all.\nSee: aegis dead-letters --help');
    const log = createLogger({ name: 'dead-letters', level: 'error' });
    const bus = await connectBus(await targetOf(env), { clientId: 'aegis-dead-letters', log });
    try {
      const letters = await readAll(bus);
      if (action === 'list') for (const letter of letters) process.stdout.write(`${JSON.stringify(summary(letter))}\n`);
      else await replay(bus, letters, id);
    } finally {
      await bus.close();
    }
  },
};

async function targetOf(env: NodeJS.ProcessEnv): Promise<BusTarget> {
  if (env['KAFKA_BROKERS'] || env['DATABASE_URL']) return readConfig(busConfig, env);
  const { databaseUrl } = await explained(() => findRunning(env));
  return { adapter: 'postgres-log', databaseUrl };
}

/** Reads the topic from its beginning as a group of this run alone, until nothing is left. */
async function readAll(bus: Bus): Promise<Delivery[]> {
  const letters: Delivery[] = [];
  const subscription = await bus.subscribe({
    group: `dead-letters-${randomUUID()}`,
    topics: [DEAD_LETTER_TOPIC],
    handle: async (batch) => void letters.push(...batch),
  });
  while (!subscription.health().ready || subscription.health().lag > 0) await delay(50);
  await subscription.stop();
  return letters;
}

function summary({ headers, offset, partition }: Delivery) {
  return { id: headers['ce_id'] ?? null, type: headers['ce_type'] ?? null, partition, offset: String(offset), headers };
}

async function replay(bus: Bus, letters: readonly Delivery[], id: string | undefined): Promise<void> {
  const chosen = id === undefined ? letters : letters.filter(({ headers }) => headers['ce_id'] === id);
  if (chosen.length === 0)
    throw new CommandError(
      id === undefined ? 'There are no dead letters.' : `There is no dead letter with the id ${id}.`,
    );
  await bus.publish(
    chosen.map(({ key, value, headers }) => ({
      topic: headers['dl_topic'] ?? '',
      key,
      value,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('dl_'))),
    })),
  );
  process.stdout.write(`${chosen.length} published again.\n`);
}
