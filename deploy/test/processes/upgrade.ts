import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Checks, note } from '../checks.ts';
import { passEndToEnd } from '../end-to-end.ts';
import { SERVICES } from '../services.ts';
import { checkOut } from './checkout.ts';
import { processLauncher } from './launcher.ts';
import { holdNoFailure } from './report.ts';
import type { Settings } from './settings.ts';
import { underLoad } from './under-load.ts';

/** The end-to-end suites are a load of their own. */
const SUITES_SHARE = 4;

/**
 * Upgrades from another commit under load: migrations while the old version works, then a replica of the new version beside
 * each of the old, on the same stores and in the same consumer groups, then the new version alone. What clients of the old
 * version rely on holds all the time: its own end-to-end suite passes through either gateway while both versions work.
 */
export async function upgrade(checks: Checks, { rate, previous, write }: Settings): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'aegis-previous-'));
  try {
    const commit = await checkOut(previous, root);
    note(`from ${commit.slice(0, 10)}`);
    const load = await underLoad(
      'upgrade',
      { rate: rate / SUITES_SHARE, write, root },
      checks,
      async ({ system, logs }) => {
        const { services, stores } = system;
        const old = SERVICES.flatMap((name) => services.of(name));
        const next = await processLauncher(logs);
        note('migrating while the previous version works');
        await next.migrate(stores.env);
        for (const name of SERVICES) await services.start(name, next);
        for (const [index, gateway] of services.of('gateway').entries()) {
          const title = `with both at work, the previous suite passes through the ${index === 0 ? 'previous' : 'new'} gateway`;
          await passEndToEnd(system, checks, { baseUrl: gateway.apiUrl, root, title });
        }
        for (const replica of old) {
          const { name, code, ms } = await services.stop(replica);
          checks.hold(`SIGTERM ends the previous ${name} with 0, after ${ms} ms`, code === 0);
        }
        const [gateway] = services.of('gateway');
        await passEndToEnd(system, checks, {
          baseUrl: gateway?.apiUrl ?? '',
          title: 'the new suite passes through the new version',
        });
      },
    );
    holdNoFailure(load.sent, checks);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
