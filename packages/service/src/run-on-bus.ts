import { busMigrations } from '@aegis/bus/migrations';
import type { Bus } from '@aegis/bus/port';
import { type MigrateOptions, migrate } from '@aegis/postgres/migrate';
import { flag, readConfig } from '@aegis/runtime/config';
import { runService, type ServiceContext } from '@aegis/runtime/lifecycle';
import type { Service } from '@aegis/runtime/service';
import { z } from 'zod';
import { busConfig } from './bus-config.ts';
import { connectBus } from './connect-bus.ts';

export interface BusServiceContext extends ServiceContext {
  readonly bus: Bus;
  /** False where a job has migrated before, so that services need no right to change schemas. */
  readonly migrates: boolean;
}

const migrationConfig = z.object({ MIGRATE: flag(true) });

/**
 * Runs a service alone: connects the bus that the environment names, with its schema in place where it is the log in
 * PostgreSQL, builds the service on it, and closes the bus after the service has stopped.
 */
export async function runOnBus(name: string, create: (context: BusServiceContext) => Promise<Service>): Promise<never> {
  return runService(name, async (context) => {
    const { env, log } = context;
    const migrates = readConfig(migrationConfig, env).MIGRATE;
    const target = readConfig(busConfig, env);
    if (target.adapter === 'postgres-log' && migrates) {
      await migrate({ ...busMigrations, url: target.databaseUrl, log });
    }
    const bus = await connectBus(target, { clientId: name, log });
    const service = await create({ ...context, bus, migrates });
    return {
      ...service,
      async stop() {
        await service.stop();
        await bus.close();
      },
    };
  });
}

/** `runOnBus` for a service whose data is one PostgreSQL schema, which it migrates itself unless a job has. */
export async function runOnPostgres<C extends { readonly databaseUrl: string }>(
  name: string,
  migrations: Omit<MigrateOptions, 'url' | 'log'>,
  readServiceConfig: (env: ServiceContext['env']) => C,
  create: (config: C, context: BusServiceContext) => Promise<Service>,
): Promise<never> {
  return runOnBus(name, async (context) => {
    const config = readServiceConfig(context.env);
    if (context.migrates) await migrate({ ...migrations, url: config.databaseUrl, log: context.log });
    return create(config, context);
  });
}
