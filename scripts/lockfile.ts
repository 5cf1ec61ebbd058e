import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What package-lock.json says of one folder; keys of `packages` are the folders, from the root. */
export interface LockEntry {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  /** `sha512-` and the digest in base64. */
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  /** A workspace: `resolved` is its folder. */
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export type LockedPackages = Readonly<Record<string, LockEntry>>;

export async function readLockedPackages(root: string): Promise<LockedPackages> {
  return (JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as { packages: LockedPackages }).packages;
}

/** Name of the package in a folder such as `node_modules/a/node_modules/@scope/b`, or of a workspace. */
export function packageName(path: string, entry: LockEntry): string {
  return entry.name ?? path.split('node_modules/').at(-1) ?? path;
}

/** The folder that `name` means to the package in `from`: its own node_modules, then those above it, as Node looks. */
export function locate(packages: LockedPackages, from: string, name: string): string | null {
  const parts = from.split('/node_modules/');
  const above = parts.map((_, index) => parts.slice(0, index + 1).join('/node_modules/'));
  // A workspace's own folder is `services/x`; one that was installed begins with `node_modules/`.
  const folders = ['', ...above].map((folder) => `${folder}${folder && '/'}node_modules/${name}`);
  return folders.findLast((folder) => folder in packages) ?? null;
}

/**
 * Folders that a workspace needs to run, its own first: dependencies of dependencies, without those for development and
 * without the optional ones.
 */
export function runtimeClosure(packages: LockedPackages, workspace: string): string[] {
  const found = new Set<string>();
  const waiting = [workspace];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = packages[path] ?? {};
    for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
      if (name in optionalDependencies) continue;
      const folder = locate(packages, path, name);
      const entry = folder === null ? undefined : packages[folder];
      if (folder === null || !entry || entry.optional) continue;
      waiting.push(entry.link && entry.resolved ? entry.resolved : folder);
    }
  }
  return [...found];
}
