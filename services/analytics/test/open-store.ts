import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@aegis/runtime/log';
import { connectClickHouse } from '../src/clickhouse.ts';
import { migrateAnalytics } from '../src/migrations.ts';
import type { Store } from '../src/store/store.ts';

export const silent = createLogger({ name: 'test', level: 'silent' });

/** The embedded engine over a directory, by default a fresh one, which `close` removes. A process has one at a time. */
export async function openStore(existingDir?: string): Promise<{ store: Store; close: () => Promise<void> }> {
  const dataDir = existingDir ?? (await mkdtemp(join(tmpdir(), 'aegis-test-clickhouse-')));
  const store = { clickhouse: await connectClickHouse({ dataDir }), database: 'aegis_test' };
  await migrateAnalytics(store, silent);
  return {
    store,
    async close() {
      await store.clickhouse.close();
      await drained();
      if (!existingDir) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The engine closes in the background; until then its directory is in use. */
async function drained(): Promise<void> {
  const { drainPending } = createRequire(import.meta.url)('chdb') as typeof import('chdb');
  await drainPending();
}
