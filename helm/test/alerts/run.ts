import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { eventually } from '@aegis/testkit/eventually';
import { type Prometheus, startPrometheus } from '@aegis/testkit/prometheus';
import { setTimeout as sleep } from 'node:timers/promises';
import { Checks, note } from '../../../deploy/test/checks.ts';
import { deploy } from '../../../deploy/test/processes/deployment.ts';
import { SERVICES } from '../../../deploy/test/services.ts';
import { everydayTraffic, type Scenario, SCENARIOS } from './scenarios.ts';
import { shortenedRules } from './shortened-rules.ts';

const HELP = `npm run test:alerts: causes what each alert is for, on a real system, and waits for the alert

Usage: npm run test:alerts [-- options]

The five services run as processes of their own on real stores; a real Prometheus scrapes them and evaluates the chart's rules,
with every duration a part of what it is and every threshold as it is. Each alert must fire while its fault lasts and end
after it, and none may fire before there is a fault. Needs Prometheus (apt-get install prometheus), Java and Maven.

  --only ALERT   one of them
  --divisor N    what durations are divided by (default 30; less on a slow machine)
  --help         this text
`;

const RULES = join(import.meta.dirname, '../../aegis-comply/files/alerts.yaml');
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    divisor: { type: 'string', default: '30' },
    help: { type: 'boolean', default: false },
  },
});
const divisor = Number(values.divisor);
/** Half an hour, which is the longest time that a condition looks back but for the error budgets'. */
const HALF_AN_HOUR_MS = 1_800_000 / divisor;
/** The machine's own time to start processes comes on top. */
const WITHIN_MS = 2 * HALF_AN_HOUR_MS + 60_000;

process.exitCode = values.help ? help() : await main();

function help(): number {
  process.stdout.write(HELP);
  return 0;
}

async function main(): Promise<number> {
  const checks = new Checks();
  const { yaml, alerts } = shortenedRules(await readFile(RULES, 'utf8'), divisor);
  const chosen = SCENARIOS.filter(({ alerts: told }) => values.only === undefined || told.includes(values.only));
  const caused = new Set(SCENARIOS.flatMap((scenario) => scenario.alerts));
  checks.hold(
    'every alert has a fault that causes it',
    alerts.every((alert) => caused.has(alert)),
  );
  note('starting stores and services');
  const deployment = await deploy();
  const { system } = deployment;
  const targets = SERVICES.flatMap((service) =>
    system.services.of(service).map(({ metricsUrl }) => ({ address: new URL(metricsUrl).host, service })),
  );
  const prometheus = await startPrometheus({ scrapeSeconds: 1, evaluationSeconds: 0.5, rules: yaml, targets });
  const stopTraffic = await everydayTraffic(system.facts);
  try {
    note('everyday traffic, and no fault');
    await sleep(HALF_AN_HOUR_MS);
    const early = await firing(prometheus);
    checks.hold(
      `no alert fires before there is a fault${early.size > 0 ? `: ${[...early].join(', ')}` : ''}`,
      early.size === 0,
    );
    for (const scenario of chosen) await play(scenario, prometheus, checks, () => scenario.cause(system));
  } finally {
    await stopTraffic();
    await prometheus.stop();
    await deployment.close();
  }
  return checks.exitCode;
}

async function play(
  { what, alerts, lingers = false }: Scenario,
  prometheus: Prometheus,
  checks: Checks,
  cause: () => Promise<() => Promise<void>>,
): Promise<void> {
  note(what);
  const begun = performance.now();
  const end = await cause();
  const waiting = new Set(alerts);
  const others = new Set<string>();
  await eventually(
    async () => {
      for (const alert of await firing(prometheus)) {
        if (waiting.delete(alert)) note(`${alert} fires after ${seconds(begun)} s`);
        else if (!alerts.includes(alert)) others.add(alert);
      }
      return waiting.size === 0;
    },
    { timeoutMs: WITHIN_MS, intervalMs: 250 },
  ).catch(() => undefined);
  for (const alert of alerts) checks.hold(`${alert} fires: ${what}`, !waiting.has(alert));
  await end();
  const ended = performance.now();
  if (!lingers) {
    const over = await eventually(async () => (await firing(prometheus)).size === 0, {
      timeoutMs: WITHIN_MS,
      intervalMs: 250,
    }).catch(() => false);
    const left = over ? '' : `: ${[...(await firing(prometheus))].join(', ')} still fire`;
    checks.hold(`… and no alert fires ${seconds(ended)} s after the fault is over${left}`, over);
  }
  if (others.size > 0) note(`also fired meanwhile: ${[...others].join(', ')}`);
}

/** The names of the alerts that fire now. */
async function firing(prometheus: Prometheus): Promise<ReadonlySet<string>> {
  const { alerts } = await prometheus.get<{ alerts: { state: string; labels: { alertname: string } }[] }>(
    '/api/v1/alerts',
  );
  return new Set(alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname));
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1_000).toFixed(0);
}
