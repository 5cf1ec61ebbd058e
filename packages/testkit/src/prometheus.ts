import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { freePort } from './system.ts';

export interface Prometheus {
  /** `data` of an answer of its API, such as to `/api/v1/alerts`. */
  get<T>(path: string): Promise<T>;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  /** Seconds between two scrapes, and between two evaluations of the rules. */
  readonly scrapeSeconds: number;
  readonly evaluationSeconds: number;
  /** Alerting rules, as YAML. */
  readonly rules: string;
  /** `host:port` of what is scraped, with the label `service` that the chart gives it. */
  readonly targets: readonly { readonly address: string; readonly service: string }[];
}

/** A real Prometheus, from the PATH. Rejects and says how to get one where there is none. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const dir = await mkdtemp(join(tmpdir(), 'aegis-prometheus-'));
  const config = join(dir, 'prometheus.json');
  await writeFile(join(dir, 'rules.yaml'), options.rules);
  // JSON is YAML.
  await writeFile(config, JSON.stringify(configuration(options)));
  const address = `127.0.0.1:${await freePort()}`;
  const args = [`--config.file=${config}`, `--storage.tsdb.path=${dir}/data`, `--web.listen-address=${address}`];
  const child = spawn('prometheus', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const output: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error) =>
      reject(new Error(`no Prometheus (Debian: apt install --no-install-recommends prometheus)`, { cause: error })),
    );
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
    async get<T>(path: string) {
      const response = await fetch(`http://${address}${path}`);
      const { data } = (await response.json()) as { data: T };
      return data;
    },
  };
}

function configuration({ scrapeSeconds, evaluationSeconds, targets }: PrometheusOptions): unknown {
  const milliseconds = (seconds: number) => `${seconds * 1_000}ms`;
  return {
    global: {
      scrape_interval: milliseconds(scrapeSeconds),
      scrape_timeout: milliseconds(scrapeSeconds),
      evaluation_interval: milliseconds(evaluationSeconds),
    },
    rule_files: ['rules.yaml'],
    scrape_configs: [
      {
        job_name: 'aegis',
        static_configs: targets.map(({ address, service }) => ({ targets: [address], labels: { service } })),
      },
    ],
  };
}
