import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@aegis/testkit/eventually';
import { type Prometheus, startPrometheus } from '@aegis/testkit/prometheus';
import { outcomeOf } from '@aegis/testkit/run';
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
  const targets = SERVICES.flatMap((service) =>
    services.of(service).map(({ metricsUrl }) => ({ address: new URL(metricsUrl).host, service })),
  );
  const rules = await readFile(RULES, 'utf8');
  const prometheus = await startPrometheus({ scrapeSeconds: STEP_S, evaluationSeconds: STEP_S, rules, targets });
  return {
    async alertsBetween(from, to) {
      const held = await alertsHeld(prometheus, from, to);
      const before = await alertsHeld(prometheus, new Date(from.getTime() - STEP_S * 1_000), from);
      return [...held.difference(before)];
    },
    async calm() {
      const recent = () => new Date(Date.now() - STEP_S * 1_000);
      await eventually(async () => (await alertsHeld(prometheus, recent(), new Date())).size === 0, {
        timeoutMs: CALM_TIMEOUT_MS,
        intervalMs: 500,
      }).catch(() => undefined);
    },
    stop: prometheus.stop,
  };
}

async function alertsHeld(prometheus: Prometheus, from: Date, to: Date): Promise<Set<string>> {
  const query = new URLSearchParams({
    query: 'max by (alertname) (ALERTS)',
    start: String(from.getTime() / 1000),
    end: String(to.getTime() / 1000),
    step: `${STEP_S}s`,
  });
  const path = `/api/v1/query_range?${query}`;
  const { result } = await prometheus.get<{ result: { metric: { alertname: string } }[] }>(path);
  return new Set(result.map(({ metric }) => metric.alertname));
}
