import { copyFile, cp, mkdir, mkdtemp, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { outcomeOf, run } from '@aegis/testkit/run';
import type { Environment, Launcher } from './services.ts';

const ROOT = join(import.meta.dirname, '../..');
const CACHE = join(ROOT, '.aegis/tools');
/** Packages of the stand-ins: a Debian to install in, and what is left when even the shell is gone. */
const BASES = {
  node: {
    image: 'docker.io/library/node:24.21.0-bookworm-slim',
    variant: 'minbase',
    packages: 'ca-certificates,libstdc++6',
  },
  runtime: { image: 'gcr.io/distroless/cc-debian12:nonroot', variant: 'extract', packages: 'libc6,libstdc++6' },
};
const TOOLS = ['buildah', 'podman', 'runc', 'mmdebstrap'];

export interface Images {
  /** Bytes of the image of a workspace such as `services/gateway`. */
  build(workspace: string): Promise<number>;
  /** Digests of the layers of a build from nothing; equal sources make equal layers, while buildah's history differs. */
  layersOf(workspace: string): Promise<string>;
  launcher: Launcher;
  remove(): Promise<void>;
}

/**
 * Builds by buildah and runs by podman, without a daemon: everything lies in a folder of its own. With PULL_BASES=true the
 * Dockerfile's bases are pulled; else they are put together here from Debian's packages and the project's Node, under the
 * names that it asks for.
 */
export async function openImages(): Promise<Images> {
  for (const tool of TOOLS) await needed(tool);
  const dir = await mkdtemp(join(tmpdir(), 'aegis-images-'));
  const env = await configure(dir);
  const pulls = process.env.PULL_BASES === 'true';
  if (!pulls) await makeBases(dir, env);
  const source = await checkout(dir);
  const revision = (await run('git', ['rev-parse', 'HEAD'], { cwd: ROOT })).trim();

  const bud = async (workspace: string, tag: string, ...more: string[]) => {
    const authorities = process.env.NODE_EXTRA_CA_CERTS;
    const args = [`SERVICE=${workspace}`, `REVISION=${revision}`];
    const options = [
      // The docker format keeps the health check, which OCI's has no place for.
      '--format=docker',
      '--timestamp=0',
      '--layers',
      ...(pulls ? [] : ['--pull-never']),
      ...(authorities
        ? [`--volume=${authorities}:${authorities}:ro`, `--build-arg=NODE_EXTRA_CA_CERTS=${authorities}`]
        : []),
      ...args.map((arg) => `--build-arg=${arg}`),
      ...more,
    ];
    await run('buildah', ['bud', '--quiet', ...options, '-f', 'deploy/Dockerfile', '-t', tag, '.'], {
      cwd: source,
      env,
    });
  };
  const inspect = async (tag: string, what: string) =>
    (await run('podman', ['image', 'inspect', tag, `--format={{.${what}}}`], { env })).trim();

  return {
    async build(workspace) {
      await bud(workspace, imageOf(workspace));
      return Number(await inspect(imageOf(workspace), 'Size'));
    },
    async layersOf(workspace) {
      const tag = `${imageOf(workspace)}-again`;
      await bud(workspace, tag, '--no-cache');
      return inspect(tag, 'RootFS.Layers');
    },
    launcher: containerLauncher(env),
    async remove() {
      await outcomeOf('podman', ['rm', '--all', '--force', '--time=1'], { env });
      await outcomeOf('buildah', ['rm', '--all'], { env });
      await outcomeOf('umount', ['--recursive', join(dir, 'storage/overlay')]);
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export function imageOf(workspace: string): string {
  return `localhost/aegis-comply/${workspace.split('/').at(-1)}:test`;
}

/** As Kubernetes would run it under PodSecurity `restricted`: read-only, no capabilities, no new privileges. */
const RESTRICTED = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--tmpfs=/tmp:size=64m'];

function containerLauncher(env: Environment): Launcher {
  const options = (variables: Environment) => {
    const certificates = variables['GRPC_TLS_CERT'];
    return [
      ...RESTRICTED,
      '--network=host',
      ...(certificates ? [`--volume=${dirname(certificates)}:${dirname(certificates)}:ro`] : []),
      ...Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`),
    ];
  };
  return {
    async launch(name, workspace, variables) {
      const id = (
        await run(
          'podman',
          ['run', '--detach', `--name=aegis-${name}`, '--replace', ...options(variables), imageOf(workspace)],
          { env },
        )
      ).trim();
      const state = async (what: string) =>
        Number(await run('podman', ['inspect', id, `--format={{.State.${what}}}`], { env }));
      return {
        pid: await state('Pid'),
        async output() {
          const { stdout, stderr } = await outcomeOf('podman', ['logs', id], { env });
          return stdout + stderr;
        },
        hasEnded: async () =>
          (await run('podman', ['inspect', id, '--format={{.State.Running}}'], { env })).trim() !== 'true',
        async stop() {
          await run('podman', ['stop', '--time=30', id], { env });
          return state('ExitCode');
        },
        async kill() {
          await run('podman', ['kill', id], { env });
        },
      };
    },
    async migrate(variables) {
      await run('podman', ['run', '--rm', ...options(variables), imageOf('packages/migrate')], { env });
    },
  };
}

/** What is committed, so that an edit meanwhile or a stray file makes no other image. */
async function checkout(dir: string): Promise<string> {
  const source = join(dir, 'source');
  await mkdir(source);
  await run('git', ['archive', '--format=tar', `--output=${join(dir, 'source.tar')}`, 'HEAD'], { cwd: ROOT });
  await run('tar', ['--extract', `--file=${join(dir, 'source.tar')}`, `--directory=${source}`]);
  return source;
}

async function needed(tool: string): Promise<void> {
  const { code } = await outcomeOf('which', [tool]);
  if (code !== 0) throw new Error(`${tool} is needed: apt-get install --no-install-recommends ${TOOLS.join(' ')}`);
}

/** Storage, network and limits that work as root in a container as well as on a machine of one's own. */
async function configure(dir: string): Promise<Environment> {
  const [containers, storage] = [join(dir, 'containers.conf'), join(dir, 'storage.conf')];
  await writeFile(
    containers,
    `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
netns = "host"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`,
  );
  await writeFile(storage, `[storage]\ndriver = "overlay"\nrunroot = "${dir}/run"\ngraphroot = "${dir}/storage"\n`);
  return { CONTAINERS_CONF: containers, CONTAINERS_STORAGE_CONF: storage, BUILDAH_ISOLATION: 'chroot' };
}

async function makeBases(dir: string, env: Environment): Promise<void> {
  console.log(
    'The base images are put together here in place of the official ones: no registry is asked (PULL_BASES=true asks).',
  );
  for (const [name, { image, variant, packages }] of Object.entries(BASES)) {
    const context = join(dir, name);
    await mkdir(context);
    await copyFile(await debian(variant, packages), join(context, 'base.tar'));
    const steps = ['FROM scratch', 'ADD base.tar /'];
    if (name === 'node') {
      await copyFile(process.execPath, join(context, 'node'));
      await cp(await npmFolder(), join(context, 'npm'), { recursive: true });
      steps.push('COPY node /usr/local/bin/node', 'COPY npm /usr/local/lib/node_modules/npm');
      steps.push('RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm');
    }
    await writeFile(join(context, 'Dockerfile'), `${steps.join('\n')}\n`);
    await run('buildah', ['bud', '--quiet', '--timestamp=0', '-t', image, context], { env });
  }
}

/** A root file system of Debian's packages, made once. */
async function debian(variant: string, packages: string): Promise<string> {
  const file = join(CACHE, `debian-${variant}.tar`);
  if (await stat(file).catch(() => null)) return file;
  await mkdir(CACHE, { recursive: true });
  const partial = join(CACHE, `debian-${variant}.${process.pid}.tar`);
  await run('mmdebstrap', [`--variant=${variant}`, `--include=${packages}`, 'bookworm', partial]);
  await rename(partial, file);
  return file;
}

async function npmFolder(): Promise<string> {
  const npm = await realpath((await run('which', ['npm'])).trim());
  const folder = join(dirname(npm), '..');
  await stat(join(folder, 'bin/npm-cli.js'));
  return folder;
}
