import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateAnalytics } from '../src/migrations.ts';
import type { Store } from '../src/store/store.ts';
import { openStore, silent } from './open-store.ts';

let store: Store;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ store, close } = await openStore());
});
afterAll(() => close());

describe('migrations', () => {
  it('run once, also when two processes start at the same time', async () => {
    const fresh = { ...store, database: 'fresh' };
    await Promise.all([migrateAnalytics(fresh, silent), migrateAnalytics(fresh, silent)]);
    expect(await migrateAnalytics(fresh, silent)).toEqual([]);
    const tables = await store.clickhouse.query({
      query: `SELECT name FROM system.tables WHERE database = 'fresh' ORDER BY name`,
      format: 'JSONEachRow',
    });
    expect(await tables.json()).toEqual(
      ['approval_resolutions', 'intents', 'organizations', 'schema_migrations'].map((name) => ({ name })),
    );
  });

  it('refuse a file that was edited after it ran', async () => {
    const edited = { ...store, database: 'edited' };
    const [name] = await migrateAnalytics(edited, silent);
    await store.clickhouse.command({
      query: `INSERT INTO edited.schema_migrations (name, checksum) VALUES ({name:String}, 'another')`,
      query_params: { name },
    });
    await expect(migrateAnalytics(edited, silent)).rejects.toThrow('was changed after it had been applied');
  });
});
