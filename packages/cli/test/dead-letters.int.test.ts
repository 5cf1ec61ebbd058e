import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { busMigrations } from '@aegis/bus/migrations';
import { type Bus, DEAD_LETTER_TOPIC, type Delivery } from '@aegis/bus/port';
import { createLogger } from '@aegis/runtime/log';
import { connectBus } from '@aegis/service/connect-bus';
import { eventually } from '@aegis/testkit/eventually';
import { startTcpProxy } from '@aegis/testkit/tcp-proxy';
import { createTestDatabase, type TestDatabase } from '@aegis/testkit/test-database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CLI = join(import.meta.dirname, '../bin/aegis.mjs');
const TOPIC = 'aegis.intents';
const log = createLogger({ name: 'test', level: 'silent' });

let database: TestDatabase;
let bus: Bus;

beforeAll(async () => {
  database = await createTestDatabase({ migrations: [busMigrations] });
  bus = await connectBus({ adapter: 'postgres-log', databaseUrl: database.url }, { clientId: 'test', log });
  const letter = (id: string) => ({
    topic: DEAD_LETTER_TOPIC,
    key: 'key',
    value: `value of ${id}`,
    headers: { ce_id: id, ce_type: 'intent.submitted', dl_topic: TOPIC, dl_group: 'policy', dl_error: 'unreadable' },
  });
  await bus.publish([letter('evt_1'), letter('evt_2')]);
});
afterAll(async () => {
  await bus.close();
  await database.drop();
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const deadLetters = (...args: string[]) => deadLettersOf({ DATABASE_URL: database.url, KAFKA_BROKERS: '' }, ...args);

function deadLettersOf(where: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  const env = { ...process.env, ...where };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, 'dead-letters', ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}

describe('aegis dead-letters', () => {
  it('lists each with the group that gave it up and the error', async () => {
    const { code, stdout } = await deadLetters('list');
    const listed = stdout.trim().split('\n');
    expect(code).toBe(0);
    expect(listed.map((line): unknown => JSON.parse(line))).toEqual(
      expect.arrayContaining(
        ['evt_1', 'evt_2'].map((id) =>
          expect.objectContaining({
            id,
            headers: expect.objectContaining({ dl_group: 'policy', dl_error: 'unreadable' }),
          }),
        ),
      ),
    );
    expect(listed).toHaveLength(2);
  });

  it('replays the one that is named, to its first topic and without what was said of it', async () => {
    expect(await deadLetters('replay', 'evt_2')).toMatchObject({ code: 0, stdout: '1 published again.\n' });
    const arrived: Delivery[] = [];
    const subscription = await bus.subscribe({
      group: 'reader',
      topics: [TOPIC],
      handle: async (batch) => void arrived.push(...batch),
    });
    await eventually(() => arrived.length > 0);
    await subscription.stop();
    expect(arrived).toMatchObject([{ key: 'key', value: 'value of evt_2' }]);
    expect(arrived[0]?.headers).toEqual({ ce_id: 'evt_2', ce_type: 'intent.submitted' });
  });

  it.each([
    { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', KAFKA_BROKERS: '' },
    { KAFKA_BROKERS: '127.0.0.1:1' },
  ])(
    'ends with a sentence where there is no bus: %j',
    async (nowhere) => {
      const { code, stdout, stderr } = await deadLettersOf(nowhere, 'list');
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^The bus failed: .*ECONNREFUSED.*\nSee that it runs and that .* is right, then repeat/);
    },
    60_000,
  );

  it('ends with a sentence, and lists nothing as all, where the bus goes away as it reads', async () => {
    const proxy = await startTcpProxy(database.url);
    let away = false;
    proxy.judge((sent) => {
      // The group that it reads as.
      away ||= sent.includes('dead-letters-');
      return away ? 'cut' : 'forward';
    });
    const gone = { DATABASE_URL: proxy.via(database.url), KAFKA_BROKERS: '' };
    const { code, stdout, stderr } = await deadLettersOf(gone, 'list');
    await proxy.stop();
    expect([away, code, stdout]).toEqual([true, 1, '']);
    expect(stderr).toMatch(/^The bus failed: nothing came from it for 10 s \(.+\)\./);
  }, 60_000);

  it.each([
    [['replay'], 'Name one id, or --all'],
    [['replay', 'evt_9'], 'There is no dead letter with the id evt_9'],
  ])('%j changes nothing and says why', async (args, message) => {
    const { code, stderr } = await deadLetters(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});
