import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Delivery } from '../src/port.ts';
import { deleteExpired } from '../src/postgres-log/retention.ts';
import { silent, unique } from './contract.ts';
import { createLogDatabase, type LogDatabase } from './log-database.ts';
import { numbered, numbersOf, range } from './messages.ts';

let log: LogDatabase;
beforeAll(async () => (log = await createLogDatabase()));
afterAll(() => log.drop());

test('removes messages after seven days, none before, and readers go on with what is left', async () => {
  const topic = unique('old');
  const bus = log.openBus();
  await bus.ensureTopics([topic]);
  await bus.publish(numbered(topic, 100));
  const late = await bus.subscribe({ group: 'late', topics: [topic], handle: async () => undefined });
  await late.stop();
  await log.asSuperuser((client) =>
    client.query(
      `UPDATE bus.log SET published_at = now() - CASE WHEN value::integer < 60 THEN interval '7 days 1 minute'
                                                      ELSE interval '6 days 23 hours' END WHERE topic = $1`,
      [topic],
    ),
  );
  await log.asSuperuser((client) =>
    client.query(`UPDATE bus.group_offsets SET committed = 0 WHERE topic = $1`, [topic]),
  );
  const warnings: object[] = [];
  const { pool } = log.database;
  const deleted = await deleteExpired({ pool, log: { ...silent, warn: (fields) => void warnings.push(fields) } });
  expect(deleted).toBe(60);
  expect(warnings).toContainEqual(expect.objectContaining({ topic, groups: ['late'] }));
  expect(await deleteExpired({ pool, log: silent })).toBe(0);

  const seen: Delivery[] = [];
  const handle = async (batch: readonly Delivery[]) => void seen.push(...batch);
  const subscription = await log.openBus().subscribe({ group: unique('group'), topics: [topic], handle });
  await eventually(() => seen.length === 40);
  expect(numbersOf(seen)).toEqual(range(40, 60));
  await eventually(() => expect(subscription.health().lag).toBe(0));
});

test('keeps a message that stands behind a younger one, so that no gap opens inside a partition', async () => {
  const topic = unique('clock');
  const bus = log.openBus();
  await bus.ensureTopics([topic]);
  await bus.publish(numbered(topic, 3, 1));
  await log.asSuperuser((client) =>
    client.query(`UPDATE bus.log SET published_at = now() - interval '8 days' WHERE topic = $1 AND "offset" <> 1`, [
      topic,
    ]),
  );
  expect(await deleteExpired({ pool: log.database.pool, log: silent })).toBe(1);
});

test('forgets a group that had no member for the retention, and not one that is only quiet', async () => {
  const topic = unique('groups');
  const bus = log.openBus();
  const quiet = unique('quiet');
  const abandoned = unique('abandoned');
  await bus.subscribe({ group: quiet, topics: [topic], handle: async () => undefined });
  await (await bus.subscribe({ group: abandoned, topics: [topic], handle: async () => undefined })).stop();
  await log.asSuperuser((client) =>
    client.query(`UPDATE bus.group_offsets SET active_at = now() - interval '8 days' WHERE topic = $1`, [topic]),
  );
  await deleteExpired({ pool: log.database.pool, log: silent });
  const { rows } = await log.database.pool.query<{ group: string }>(
    `SELECT DISTINCT "group" FROM bus.group_offsets WHERE topic = $1`,
    [topic],
  );
  expect(rows).toEqual([{ group: quiet }]);
});
