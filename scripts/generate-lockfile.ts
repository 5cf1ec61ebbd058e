import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GenerateStep } from './generate-step.ts';

interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lockfile {
  packages: Record<string, LockEntry>;
}

const OUTPUT = 'package-lock.json';

/**
 * npm leaves out of the lockfile what its registry does not serve, such as the binaries of a tool for other platforms, and
 * `npm ci` then refuses the lockfile it wrote itself. This adds the missing entries, pinned as their parent pins them.
 */
export const lockfileStep: GenerateStep = {
  name: 'platform packages',
  async outputs(root) {
    const lockfile = JSON.parse(await readFile(join(root, OUTPUT), 'utf8')) as Lockfile;
    const entries = Object.entries({ ...missingEntries(lockfile), ...lockfile.packages });
    lockfile.packages = Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b, 'en')));
    return new Map([[OUTPUT, `${JSON.stringify(lockfile, null, 2)}\n`]]);
  },
};

function missingEntries({ packages }: Lockfile): Record<string, LockEntry> {
  const missing: Record<string, LockEntry> = {};
  for (const [path, { dev, optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const platform = platformOf(name);
      if (!platform || !/^\d/.test(version) || isLocked(packages, path, name)) continue;
      missing[`node_modules/${name}`] = { version, ...platform, ...(dev && { dev }), optional: true } as LockEntry;
    }
  }
  return missing;
}

/** As Node resolves: in the package's own node_modules, then in those above it. */
function isLocked(packages: Lockfile['packages'], path: string, name: string): boolean {
  const parts = path.split('/node_modules/');
  const folders = parts.map((_, index) => parts.slice(0, index + 1).join('/node_modules/'));
  return ['', ...folders].some((folder) => `${folder}${folder && '/'}node_modules/${name}` in packages);
}

const OS = new Set([
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]);
const CPU = new Set(['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']);
const LIBC: Readonly<Record<string, string>> = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };
const SYNONYMS: Readonly<Record<string, string>> = { windows: 'win32', '64': 'x64' };

/** What `@scope/tool-linux-x64-musl` runs on, as npm's `os`, `cpu` and `libc`; null when the name names no system. */
function platformOf(name: string): object | null {
  const words = name.split(/[-/]/).map((word) => SYNONYMS[word] ?? word);
  const os = words.filter((word) => OS.has(word));
  const cpu = words.filter((word) => CPU.has(word));
  const libc = words.flatMap((word) => LIBC[word] ?? []);
  if (os.length === 0 || cpu.length === 0) return null;
  return { cpu, ...(libc.length > 0 && { libc }), os };
}
