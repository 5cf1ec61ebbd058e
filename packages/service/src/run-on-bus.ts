import type { Bus } from '@aegis/bus/port';
import { migrate } from '@aegis/postgres/migrate';
import { readConfig } from '@aegis/runtime/config';
import { runService, type ServiceContext } from '@aegis/runtime/lifecycle';
import type { Service } from '@aegis/runtime/service';
import { busConfig } from './bus-config.ts';
import { busMigrations } from '@aegis/bus/migrations';
import { connectBus } from './connect-bus.ts';

/**
 * Runs a service alone: connects the bus that the environment names, with its schema in place where it is the log in
 * PostgreSQL, builds the service on it, and closes the bus after the service has stopped.
 */
export async function runOnBus(
  name: string,
  create: (context: ServiceContext & { readonly bus: Bus }) => Promise<Service>,
): Promise<never> {
  return runService(name, async (context) => {
    const { env, log } = context;
    const target = readConfig(busConfig, env);
    if (target.adapter === 'postgres-log') await migrate({ ...busMigrations, url: target.databaseUrl, log });
    const bus = await connectBus(target, { clientId: name, log });
    const service = await create({ ...context, bus });
    return {
      ...service,
      async stop() {
        await service.stop();
        await bus.close();
      },
    };
  });
}
