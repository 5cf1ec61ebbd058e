import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@aegis/testkit/eventually';
import { startPostgres } from '@aegis/testkit/postgres';
import { createTestDatabase } from '@aegis/testkit/test-database';
import { expect, onTestFinished, test } from 'vitest';
import { gatewayMigrations } from '../src/migrations.ts';
import { createOrganization, startIdentityServer } from './support/identity-server.ts';

test('while the database is out credentials are 503 within seconds, never a hang, and good again when it is back', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aegis-identity-outage-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const postgres = await startPostgres({ dir, settings: { fsync: 'off' } });
  const database = await createTestDatabase({ migrations: [gatewayMigrations], server: postgres.url });
  const server = await startIdentityServer(database.url);
  const { owner } = await createOrganization(server);
  const read = () => server.call('GET', '/v1/users', { as: owner.token });
  expect((await read()).status).toBe(200);

  await postgres.stop();
  await eventually(async () => {
    const started = performance.now();
    const { status, body } = await server.call('GET', '/v1/roles', { as: owner.token });
    expect(performance.now() - started).toBeLessThan(3_000);
    return status === 503 && body['code'] === 'unavailable';
  });

  const again = await startPostgres({ dir, port: Number(new URL(postgres.url).port), settings: { fsync: 'off' } });
  onTestFinished(() => again.stop());
  await eventually(async () => (await read()).status === 200);
});
