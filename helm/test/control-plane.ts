import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@aegis/testkit/system';
import { outcomeOf, run } from '@aegis/testkit/run';
import type { KubernetesBinaries } from './tools.ts';

/** A real Kubernetes control plane on loopback; kwok plays its one node, so that no container ever runs. */
export interface ControlPlane {
  readonly kubeconfig: string;
  kubectl(args: readonly string[], input?: string): Promise<string>;
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
const STAGES = join(import.meta.dirname, 'kwok-stages.yaml');

/** Starts etcd, API server, controllers, scheduler and kwok. Takes about eight seconds. */
export async function startControlPlane({ controlplane, kwok }: KubernetesBinaries): Promise<ControlPlane> {
  const dir = await mkdtemp(join(tmpdir(), 'aegis-control-plane-'));
  const [etcd, peers, api, controllers, scheduler, kwokPort] = await Promise.all(Array.from({ length: 6 }, freePort));
  const children: ChildProcess[] = [];
  const start = (component: string, args: readonly string[], command = [controlplane, component]) => {
    const [program = '', ...first] = command;
    const child = spawn(program, [...first, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(join(dir, `${component}.log`));
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    children.push(child);
  };
  const stop = async () => {
    for (const child of children.toReversed()) await end(child);
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const kubeconfigs = await credentials(dir, `https://127.0.0.1:${api}`);
    const kubectlArgs = ['kubectl', '--kubeconfig', kubeconfigs.admin];
    const kubectl = (args: readonly string[], input = '') => run(controlplane, [...kubectlArgs, ...args], { input });
    const system = [`--kubeconfig=${kubeconfigs.system}`];
    const trusted = [
      `--authentication-kubeconfig=${kubeconfigs.system}`,
      `--authorization-kubeconfig=${kubeconfigs.system}`,
    ];

    start('etcd', [
      `--data-dir=${join(dir, 'etcd')}`,
      '--unsafe-no-fsync=true',
      '--log-level=warn',
      `--listen-client-urls=http://127.0.0.1:${etcd}`,
      `--advertise-client-urls=http://127.0.0.1:${etcd}`,
      `--listen-peer-urls=http://127.0.0.1:${peers}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peers}`,
      `--initial-cluster=default=http://127.0.0.1:${peers}`,
    ]);
    start('kube-apiserver', [
      `--etcd-servers=http://127.0.0.1:${etcd}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${api}`,
      `--cert-dir=${join(dir, 'tls')}`,
      '--endpoint-reconciler-type=none',
      '--service-cluster-ip-range=10.96.0.0/16',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${join(dir, 'accounts.key')}`,
      `--service-account-signing-key-file=${join(dir, 'accounts.key')}`,
      '--authorization-mode=Node,RBAC',
      `--token-auth-file=${join(dir, 'tokens.csv')}`,
      '--anonymous-auth=false',
      '--profiling=false',
      '--enable-admission-plugins=NodeRestriction,PodSecurity,LimitRanger,ResourceQuota',
    ]);
    await ready(
      dir,
      'kube-apiserver',
      async () => (await outcomeOf(controlplane, [...kubectlArgs, 'get', '--raw', '/readyz'])).code === 0,
    );
    start('kube-controller-manager', [
      ...system,
      ...trusted,
      '--bind-address=127.0.0.1',
      `--secure-port=${controllers}`,
      `--cert-dir=${join(dir, 'tls-controllers')}`,
      '--leader-elect=false',
      '--authentication-skip-lookup=true',
      `--service-account-private-key-file=${join(dir, 'accounts.key')}`,
      `--root-ca-file=${join(dir, 'tls/apiserver.crt')}`,
    ]);
    start('kube-scheduler', [
      ...system,
      ...trusted,
      '--bind-address=127.0.0.1',
      `--secure-port=${scheduler}`,
      `--cert-dir=${join(dir, 'tls-scheduler')}`,
      '--leader-elect=false',
      '--authentication-skip-lookup=true',
    ]);
    start(
      'kwok',
      [
        ...system,
        '--manage-all-nodes=true',
        `--server-address=127.0.0.1:${kwokPort}`,
        '--cidr=10.244.0.1/24',
        '--node-ip=127.0.0.1',
        `--config=${STAGES}`,
      ],
      [kwok],
    );
    await kubectl(['apply', '--filename=-'], JSON.stringify(NODE));
    await ready(dir, 'kube-controller-manager', async () => {
      const account = ['get', 'serviceaccount', 'default', '--namespace=default'];
      return (await outcomeOf(controlplane, [...kubectlArgs, ...account])).code === 0;
    });
    return { kubeconfig: kubeconfigs.admin, kubectl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const ROOM = { cpu: '64', memory: '128Gi', pods: '200' };
const NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1', labels: { 'kubernetes.io/hostname': 'node-1', 'kubernetes.io/os': 'linux' } },
  status: { allocatable: ROOM, capacity: ROOM },
};

/** The API server's own users: a person who may everything, and the components. */
async function credentials(dir: string, server: string): Promise<{ admin: string; system: string }> {
  await run('openssl', ['genrsa', '-out', join(dir, 'accounts.key'), '2048']);
  const users = { admin: 'system:masters', system: 'system:masters' };
  const tokens = Object.entries(users).map(([name, group]) => ({
    name,
    group,
    token: randomBytes(16).toString('hex'),
  }));
  const lines = tokens.map(({ name, group, token }) => `${token},${name},${name},${group}\n`);
  await writeFile(join(dir, 'tokens.csv'), lines.join(''), { mode: 0o600 });
  const files = tokens.map(async ({ name, token }) => {
    const file = join(dir, `${name}.kubeconfig`);
    const certificate = join(dir, 'tls/apiserver.crt');
    const cluster = { server, 'certificate-authority': certificate, 'tls-server-name': 'kubernetes' };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  });
  const [admin = '', system = ''] = await Promise.all(files);
  return { admin, system };
}

async function ready(dir: string, component: string, isReady: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (!(await isReady())) {
    if (performance.now() > deadline) {
      const log = await readFile(join(dir, `${component}.log`), 'utf8');
      throw new Error(
        `${component} was not ready within ${READY_TIMEOUT_MS} ms:\n${log.split('\n').slice(-20).join('\n')}`,
      );
    }
    await sleep(200);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}
