import { type Checks, note } from '../checks.ts';
import { SERVICES } from '../services.ts';
import { holdNoFailure } from './report.ts';
import type { Settings } from './settings.ts';
import { underLoad } from './under-load.ts';

/** Replaces both replicas of every service in turn, as the chart does: another one is ready before one goes. */
export async function rolling(checks: Checks, { rate, write }: Settings): Promise<void> {
  const load = await underLoad(
    'rolling',
    { replicas: 2, rate, write },
    checks,
    async ({ system: { services }, launcher }) => {
      for (const name of SERVICES) {
        for (const old of services.of(name)) {
          const { coldStartMs } = await services.start(name, launcher);
          const { code, ms } = await services.stop(old);
          note(`${name}: another one ready after ${coldStartMs} ms`);
          checks.hold(`SIGTERM ends a replica of ${name} with 0, after ${ms} ms`, code === 0);
        }
      }
    },
  );
  holdNoFailure(load.sent, checks);
}
