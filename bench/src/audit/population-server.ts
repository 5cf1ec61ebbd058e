import { populationsGrpc } from '@aegis/gateway/inbound/grpc/populations';
import { gatewayMigrations } from '@aegis/gateway/migrations';
import { getPopulation, listPopulation } from '@aegis/gateway/usecases/intents/read-populations';
import { startGrpcServer } from '@aegis/grpc/server';
import { createDatabase } from '@aegis/postgres/database';
import { createLogger } from '@aegis/runtime/log';

// The gateway's answer about its intents, and nothing else of it.

const log = createLogger({ name: 'populations', level: 'error' });
const database = createDatabase({ ...gatewayMigrations, url: process.env['DATABASE_URL'] ?? '', log });
const populations = populationsGrpc({
  list: (organizationId, range, signal) => listPopulation(database, organizationId, range, signal),
  get: (organizationId, ids) => getPopulation(database, organizationId, ids),
});
const server = await startGrpcServer({
  name: 'populations',
  host: '127.0.0.1',
  port: 0,
  tls: null,
  log,
  services: [populations],
});
// Whoever started it may end without a word.
process.once('disconnect', () => process.exit());
process.send?.(server.address);
