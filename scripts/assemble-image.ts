import { cp, lstat, mkdir, readFile, readdir, symlink, lutimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { packageName, readLockedPackages, runtimeClosure } from './lockfile.ts';
import { sbomOf } from './sbom.ts';

const HELP = `Copies what one service needs to run, and nothing else, out of an installed checkout.

Usage: node scripts/assemble-image.ts WORKSPACE TARGET

  WORKSPACE   such as services/gateway or packages/migrate
  TARGET      a folder to make, with main.ts to start and sbom.cdx.json that lists every package
`;

const ROOT = join(import.meta.dirname, '..');
/** Of no use to a running process, and a third of what is installed. */
const LEFT_OUT =
  /\.(d\.[cm]?ts|[cm]?js\.map|[cm]?ts\.map|md|markdown|flow|tsbuildinfo)$|^(test|tests|__tests__|docs|example|examples|\.github)$/;

const [workspace, target] = process.argv.slice(2);
if (workspace === undefined || target === undefined || process.argv.includes('--help')) {
  process.stdout.write(HELP);
  process.exit(process.argv.includes('--help') ? 0 : 2);
}
await assemble(workspace, target);

async function assemble(service: string, out: string): Promise<void> {
  const packages = await readLockedPackages(ROOT);
  const root = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string; license: string };
  const folders = runtimeClosure(packages, service);
  await mkdir(join(out, 'node_modules'), { recursive: true });
  for (const folder of folders) {
    await copyPackage(folder, out);
    if (folder.includes('node_modules/')) continue;
    // As npm links workspaces: a process reads TypeScript below `packages`, never below `node_modules`.
    const link = join(out, 'node_modules', packageName(folder, packages[folder] ?? {}));
    await mkdir(dirname(link), { recursive: true });
    await symlink(relative(dirname(link), join(out, folder)), link);
  }
  for (const name of ['proto', 'LICENSE']) await cp(join(ROOT, name), join(out, name), { recursive: true });
  const { version, license } = root;
  await writeFile(
    join(out, 'package.json'),
    JSON.stringify({ name: `aegis-${basename(service)}`, version, license, type: 'module' }),
  );
  await writeFile(join(out, 'main.ts'), `import './${service}/src/main.ts';\n`);
  const sbom = sbomOf(packages, folders, { name: `aegis-comply/${basename(service)}`, version });
  await writeFile(join(out, 'sbom.cdx.json'), `${JSON.stringify(sbom, null, 2)}\n`);
  await resetTimes(out);
}

/** Without the packages installed inside it: those that are needed are folders of their own. */
async function copyPackage(folder: string, out: string): Promise<void> {
  const source = join(ROOT, folder);
  await cp(source, join(out, folder), {
    recursive: true,
    filter: (path) => path === source || (basename(path) !== 'node_modules' && !LEFT_OUT.test(basename(path))),
  });
}

/** The same sources make the same layer, whenever it is made. */
async function resetTimes(path: string): Promise<void> {
  if ((await lstat(path)).isDirectory()) {
    for (const name of await readdir(path)) await resetTimes(join(path, name));
  }
  await lutimes(path, 0, 0);
}
