import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@aegis/testkit/eventually';
import { freePort } from '@aegis/testkit/system';
import { stringify } from 'yaml';

export interface Target {
  /** host:port */
  readonly address: string;
  readonly service: string;
}

export interface Prometheus {
  /** The names of the alerts that fire now. */
  firing(): Promise<ReadonlySet<string>>;
  stop(): Promise<void>;
}

/** A real Prometheus that scrapes every second, under the labels that the chart gives its targets. */
export async function startPrometheus(targets: readonly Target[], rules: string): Promise<Prometheus> {
  const dir = await mkdtemp(join(tmpdir(), 'aegis-prometheus-'));
  await writeFile(join(dir, 'rules.yaml'), rules);
  await writeFile(
    join(dir, 'prometheus.yaml'),
    stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '500ms' },
      rule_files: ['rules.yaml'],
      scrape_configs: [
        {
          job_name: 'aegis',
          static_configs: targets.map(({ address, service }) => ({ targets: [address], labels: { service } })),
        },
      ],
    }),
  );
  const address = `127.0.0.1:${await freePort()}`;
  const args = [
    `--config.file=${dir}/prometheus.yaml`,
    `--storage.tsdb.path=${dir}/data`,
    `--web.listen-address=${address}`,
  ];
  const child = spawn('prometheus', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const output: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`no Prometheus: apt-get install prometheus (${error.message})`)));
    child.once('exit', () => resolve());
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await Promise.race([
      ended.then(() => {
        throw new Error(`Prometheus ended:\n${output.join('')}`);
      }),
      eventually(async () => (await fetch(`http://${address}/-/ready`)).ok, { timeoutMs: 30_000, intervalMs: 100 }),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    stop,
    async firing() {
      const response = await fetch(`http://${address}/api/v1/alerts`);
      const { data } = (await response.json()) as {
        data: { alerts: { state: string; labels: { alertname: string } }[] };
      };
      return new Set(data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname));
    },
  };
}
