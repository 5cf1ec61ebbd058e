import { runOnPostgres } from '@aegis/service/run-on-bus';
import { createGatewayService } from './app.ts';
import { readGatewayConfig } from './config.ts';
import { gatewayMigrations } from './migrations.ts';

await runOnPostgres('gateway', gatewayMigrations, readGatewayConfig, createGatewayService);
