import { findRunning } from '@aegis/recovery/installation';
import { busConfig, type BusTarget } from '@aegis/service/bus-config';
import { connectBus } from '@aegis/service/connect-bus';
import { type Bus, DEAD_LETTER_TOPIC, type Delivery, type Subscription } from '@aegis/bus/port';
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

/** A broker that is just starting takes half a minute. */
const ANSWER_MS = 60_000;
/** What a bus that is there never needs between one batch and the next. */
const PATIENCE_MS = 10_000;

export const deadLetters: Command = {
  help: HELP,
  async run(args, env) {
    const { values, positionals } = parseOptions('dead-letters', args, { all: { type: 'boolean', default: false } });
    const [action, id] = positionals;
    if (action !== 'list' && action !== 'replay') throw new CommandError(HELP);
    if (action === 'replay' && (id === undefined) !== values.all)
      throw new CommandError('Name one id, or --all.\nSee: aegis dead-letters --help');
    const log = createLogger({ name: 'dead-letters', level: 'error' });
    const target = await targetOf(env);
    // After a failure nothing is closed: that would wait for the server as well, and the process ends.
    const bus = await explain(target, inTime(connectBus(target, { clientId: 'aegis-dead-letters', log })));
    const letters = await explain(target, readAll(bus));
    if (action === 'list') for (const letter of letters) process.stdout.write(`${JSON.stringify(summary(letter))}\n`);
    else await explain(target, inTime(publishAgain(bus, chosenOf(letters, id))));
    await explain(target, inTime(bus.close()));
  },
};

/** The client of Kafka asks a broker that is silent for minutes. */
function inTime<T>(work: Promise<T>): Promise<T> {
  const late = delay(ANSWER_MS, undefined, { ref: false }).then(() => {
    throw new Error(`no answer within ${ANSWER_MS / 1_000} s`);
  });
  return Promise.race([work, late]);
}

/** A bus that is away, or is another, is nothing that a stack would help with. */
async function explain<T>({ adapter }: BusTarget, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const where = adapter === 'kafka' ? 'KAFKA_BROKERS, with its login,' : 'DATABASE_URL or AEGIS_DATA_DIR';
    throw new CommandError(
      `The bus failed: ${cause}.\nSee that it runs and that ${where} is right, then repeat the command.`,
      { cause: error },
    );
  }
}

async function targetOf(env: NodeJS.ProcessEnv): Promise<BusTarget> {
  if (env['KAFKA_BROKERS'] || env['DATABASE_URL']) return readConfig(busConfig, env);
  const { databaseUrl } = await explained(() => findRunning(env));
  return { adapter: 'postgres-log', databaseUrl };
}

/** Reads the topic from its beginning as a group of this run alone, until nothing is left. */
async function readAll(bus: Bus): Promise<Delivery[]> {
  const letters: Delivery[] = [];
  const subscription = await inTime(
    bus.subscribe({
      group: `dead-letters-${randomUUID()}`,
      topics: [DEAD_LETTER_TOPIC],
      handle: async (batch) => void letters.push(...batch),
    }),
  );
  await untilRead(subscription, () => letters.length);
  await inTime(subscription.stop());
  return letters;
}

/** However many there are: the bus is given up when it hands none over for long. */
async function untilRead(subscription: Subscription, read: () => number): Promise<void> {
  let last = { read: 0, at: performance.now() };
  for (let state = subscription.health(); !state.ready || state.lag > 0; state = subscription.health()) {
    if (read() > last.read) last = { read: read(), at: performance.now() };
    if (performance.now() - last.at > PATIENCE_MS) {
      const why = state.lastError === null ? '' : ` (${state.lastError})`;
      throw new Error(`nothing came from it for ${PATIENCE_MS / 1_000} s${why}`);
    }
    await delay(50);
  }
}

function summary({ headers, offset, partition }: Delivery) {
  return { id: headers['ce_id'] ?? null, type: headers['ce_type'] ?? null, partition, offset: String(offset), headers };
}

function chosenOf(letters: readonly Delivery[], id: string | undefined): readonly Delivery[] {
  const chosen = id === undefined ? letters : letters.filter(({ headers }) => headers['ce_id'] === id);
  if (chosen.length === 0)
    throw new CommandError(
      id === undefined ? 'There are no dead letters.' : `There is no dead letter with the id ${id}.`,
    );
  return chosen;
}

async function publishAgain(bus: Bus, chosen: readonly Delivery[]): Promise<void> {
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
