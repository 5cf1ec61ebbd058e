import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@aegis/testkit/run';
import { note } from '../checks.ts';
import { ROOT } from './launcher.ts';

/** The sources of another commit in the empty folder `dir`, ready to run. */
export async function checkOut(ref: string, dir: string): Promise<string> {
  const commit = (await run('git', ['rev-parse', '--verify', `${ref}^{commit}`], { cwd: ROOT })).trim();
  const archive = join(dir, 'source.tar');
  await run('git', ['archive', '--format=tar', `--output=${archive}`, commit], { cwd: ROOT });
  await run('tar', ['--extract', `--file=${archive}`, `--directory=${dir}`]);
  if (await hasTheirModules(dir)) await linkModules(dir);
  else {
    note(`installing what ${commit.slice(0, 10)} depends on`);
    await run(process.execPath, [join(dir, 'scripts/setup.mjs')], { cwd: dir });
  }
  return commit;
}

/** Whether what their lock file names, our own packages aside, is installed here in the same version. */
async function hasTheirModules(dir: string): Promise<boolean> {
  const [ours = {}, theirs = {}] = await Promise.all([ROOT, dir].map(lockedPackages));
  return Object.entries(theirs).every(([path, { version }]) => {
    return !path.startsWith('node_modules/') || ours[path]?.version === version;
  });
}

async function lockedPackages(root: string): Promise<Record<string, { readonly version?: string }>> {
  return JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')).packages;
}

/** The packages that are installed here, but for our own, which are those of the other commit. */
async function linkModules(dir: string): Promise<void> {
  const [ours, theirs] = [join(ROOT, 'node_modules'), join(dir, 'node_modules')];
  await mkdir(join(theirs, '@aegis'), { recursive: true });
  for (const name of await readdir(ours)) if (name !== '@aegis') await symlink(join(ours, name), join(theirs, name));
  for (const workspace of await workspaces(dir)) {
    const { name } = JSON.parse(await readFile(join(dir, workspace, 'package.json'), 'utf8')) as { name: string };
    await symlink(join(dir, workspace), join(theirs, name));
  }
}

/** Folders with a package.json, as the patterns of the root's say, such as `packages/*`. */
async function workspaces(dir: string): Promise<string[]> {
  const root = JSON.parse(await readFile(join(dir, 'package.json'), 'utf8')) as { workspaces: string[] };
  const found = root.workspaces.map(async (pattern) => {
    const [parent = '', rest] = pattern.split('/*');
    if (rest === undefined) return [pattern];
    const children = await readdir(join(dir, parent), { withFileTypes: true });
    return children.filter((child) => child.isDirectory()).map((child) => join(parent, child.name));
  });
  return (await Promise.all(found)).flat();
}
