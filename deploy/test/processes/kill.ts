import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@aegis/testkit/eventually';
import { type Checks, note } from '../checks.ts';
import { SERVICES } from '../services.ts';
import type { SeparateSystem } from '../system.ts';
import { outcomesOf, type Sent } from './load.ts';
import { type Monitor, startMonitor } from './monitor.ts';
import { writeTable } from './report.ts';
import type { Settings } from './settings.ts';
import { type Scene, underLoad } from './under-load.ts';

/** What is killed, and brought back. */
interface Victim {
  readonly name: string;
  kill(): Promise<void>;
  /** Resolves once it is ready again. */
  start(): Promise<void>;
}

/** How the system took it. Times begin when the victim is started again. */
interface Recovery {
  readonly name: string;
  readonly readyMs: number;
  /** Everything accepted since is decided, logged and counted. */
  readonly caughtUpMs: number;
  /** Requests from the kill until it had caught up. */
  readonly sent: readonly Sent[];
  /** Whose condition held; undefined where nobody evaluated them. */
  readonly alerts: readonly string[] | undefined;
}

const CALM_MS = 5_000;
const CATCH_UP_TIMEOUT_MS = 180_000;
/** What was accepted so long ago should be through; that much is always under way. */
const UNDER_WAY_MS = 2_000;

/** Kills the only replica of each service and each store in turn, under load, and starts it again after a while. */
export async function kill(checks: Checks, { rate, downSeconds, write }: Settings): Promise<void> {
  const recoveries: Recovery[] = [];
  await underLoad('kill in all', { rate, write }, checks, async (scene) => {
    const monitor = await startMonitor(scene.system.services);
    try {
      for (const victim of victimsOf(scene.system)) {
        const recovery = await strike(victim, downSeconds * 1_000, scene, monitor);
        note(`${victim.name}: ready after ${recovery.readyMs} ms, caught up after ${recovery.caughtUpMs} ms`);
        recoveries.push(recovery);
      }
    } finally {
      await monitor?.stop();
    }
  });
  await writeTable('kill', table(recoveries), write);
}

function victimsOf({ services, stores }: SeparateSystem): Victim[] {
  const processes = SERVICES.flatMap((name) =>
    services.of(name).map((replica) => ({
      name,
      kill: () => services.kill(replica),
      start: () => services.revive(replica),
    })),
  );
  return [...processes, ...stores.all];
}

async function strike(
  victim: Victim,
  downMs: number,
  { load, ledger }: Scene,
  monitor: Monitor | undefined,
): Promise<Recovery> {
  await delay(CALM_MS);
  await monitor?.calm();
  const killedAt = new Date();
  await victim.kill();
  await delay(downMs);
  const startedAt = performance.now();
  await victim.start();
  const readyMs = Math.round(performance.now() - startedAt);
  await eventually(async () => (await ledger.behind(killedAt, new Date(Date.now() - UNDER_WAY_MS))) === 0, {
    timeoutMs: CATCH_UP_TIMEOUT_MS,
    intervalMs: 250,
  }).catch((error: unknown) => {
    throw new Error(`after ${victim.name} was killed, the system does not catch up`, { cause: error });
  });
  const caughtUpMs = Math.round(performance.now() - startedAt);
  const sent = load.sent.filter(({ at }) => at >= killedAt.getTime());
  return { name: victim.name, readyMs, caughtUpMs, sent, alerts: await monitor?.alertsBetween(killedAt, new Date()) };
}

function table(recoveries: readonly Recovery[]): string {
  const rows = recoveries.map(({ name, readyMs, caughtUpMs, sent, alerts }) => {
    const submitted = outcomesOf(sent.filter(({ kind }) => kind === 'submit'));
    const accepted = submitted.get('ok') ?? 0;
    const refused = [...submitted].flatMap(([outcome, count]) => (outcome === 'ok' ? [] : [`${count} ${outcome}`]));
    const others = sent.filter(({ kind, outcome }) => kind !== 'submit' && outcome !== 'ok').length;
    const seconds = (ms: number) => (ms / 1_000).toFixed(1);
    const alertList = alerts ? alerts.map((alert) => `\`${alert}\``).join(', ') || 'none' : 'not evaluated';
    return `| ${name} | ${seconds(readyMs)} | ${seconds(caughtUpMs)} | ${accepted} | ${refused.join(', ') || 'none'} | ${others} | ${alertList} |`;
  });
  return [
    '| killed | ready again, s | caught up, s | intents accepted | intents refused | other requests failed | alerts whose condition held |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
