import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@aegis/testkit/eventually';
import { outcomeOf } from '@aegis/testkit/run';
import { freePort } from '@aegis/testkit/system';
import type { ReplicaSet } from '../replica-set.ts';
import { SERVICES } from '../services.ts';
import { ROOT } from './launcher.ts';

/** A real Prometheus with the chart's own rules, which scrapes every replica. */
export interface Monitor {
  /** Alerts whose expression held within the span and did not before it. Whether they fire is up to their `for`. */
  alertsBetween(from: Date, to: Date): Promise<string[]>;
  /** Resolves once no alert's expression holds, or after a minute: some look back for longer. */
  calm(): Promise<void>;
  stop(): Promise<void>;
}

const RULES = join(ROOT, 'helm/aegis-comply/files/alerts.yaml');
const STEP_S = 2;
const CALM_TIMEOUT_MS = 60_000;

/** Undefined, and a line that says so, where there is no Prometheus. Replicas that come later are not scraped. */
export async function startMonitor(services: ReplicaSet): Promise<Monitor | undefined> {
  const { code } = await outcomeOf('which', ['prometheus']);
  if (code !== 0) {
    console.log(
      'No alerts are evaluated: Prometheus is missing (Debian: apt install --no-install-recommends prometheus).',
    );
    return undefined;
  }
  const dir = await mkdtemp(join(tmpdir(), 'aegis-prometheus-'));
  const config = join(dir, 'prometheus.json');
  await writeFile(config, JSON.stringify(configuration(services)));
  const address = `127.0.0.1:${await freePort()}`;
  const options = [`--config.file=${config}`, `--storage.tsdb.path=${dir}/data`, `--web.listen-address=${address}`];
  const child = spawn('prometheus', [...options, '--log.level=error'], { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await eventually(async () => (await fetch(`http://${address}/-/ready`)).ok, { timeoutMs: 30_000 });
  return {
    async alertsBetween(from, to) {
      const held = await alertsHeld(address, from, to);
      const before = await alertsHeld(address, new Date(from.getTime() - STEP_S * 1_000), from);
      return [...held.difference(before)];
    },
    async calm() {
      const recent = () => new Date(Date.now() - STEP_S * 1_000);
      await eventually(async () => (await alertsHeld(address, recent(), new Date())).size === 0, {
        timeoutMs: CALM_TIMEOUT_MS,
        intervalMs: 500,
      }).catch(() => undefined);
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** JSON is YAML. */
function configuration(services: ReplicaSet): unknown {
  return {
    global: { scrape_interval: `${STEP_S}s`, evaluation_interval: `${STEP_S}s` },
    rule_files: [RULES],
    scrape_configs: [
      {
        job_name: 'aegis',
        static_configs: SERVICES.map((service) => ({
          targets: services.of(service).map(({ metricsUrl }) => new URL(metricsUrl).host),
          labels: { service },
        })),
      },
    ],
  };
}

async function alertsHeld(address: string, from: Date, to: Date): Promise<Set<string>> {
  const query = new URLSearchParams({
    query: 'max by (alertname) (ALERTS)',
    start: String(from.getTime() / 1000),
    end: String(to.getTime() / 1000),
    step: `${STEP_S}s`,
  });
  const answer = await fetch(`http://${address}/api/v1/query_range?${query}`);
  const { data } = (await answer.json()) as { data: { result: { metric: { alertname: string } }[] } };
  return new Set(data.result.map(({ metric }) => metric.alertname));
}
