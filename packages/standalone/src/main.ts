import { runService } from '@aegis/runtime/lifecycle';
import { EngineError } from '@aegis/engines/postgres';
import { createStandalone } from './standalone.ts';

/** Several systems on one machine shall not fight over a metrics port; routine logs would bury what the reader needs. */
const defaults = { METRICS_HOST: '127.0.0.1', METRICS_PORT: '0', LOG_LEVEL: 'warn' };

process.stdout.write('Starting Aegis Comply …\n');

await runService(
  'standalone',
  async (context) => {
    try {
      return await createStandalone(context);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      process.stderr.write(`\n${error.message}\n`);
      process.exit(1);
    }
  },
  { defaults },
);
