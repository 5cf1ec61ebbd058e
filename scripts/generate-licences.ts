import type { GenerateStep } from './generate-step.ts';
import { packageName, readLockedPackages, runtimeClosure } from './lockfile.ts';

const OUTPUT = 'docs/reference/licences.md';
/** What is shipped: the images, and what `npm start` and the command line run besides. */
const SHIPPED = /^(services|packages)\/(?!testkit$)/;

/** Licences under which we pass on what others wrote; a new one is a decision, not an update. */
const ACCEPTED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT/X11',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
]);

/** Every package that is shipped, with its licence. Throws where one has none, or none of those accepted. */
export const licencesStep: GenerateStep = {
  name: 'licences',
  async outputs(root) {
    const packages = await readLockedPackages(root);
    const workspaces = Object.keys(packages).filter((path) => SHIPPED.test(path));
    const folders = new Set(workspaces.flatMap((workspace) => runtimeClosure(packages, workspace)));
    const rows = new Map<string, string>();
    for (const folder of folders) {
      const entry = packages[folder];
      if (!entry || !folder.includes('node_modules/')) continue;
      const name = packageName(folder, entry);
      const licence = entry.license ?? 'none';
      const alternatives = licence.replaceAll(/[()]/g, '').split(' OR ');
      if (!alternatives.some((alternative) => ACCEPTED.has(alternative))) {
        throw new Error(
          `${name} ${entry.version} is under ${licence}: replace it, or accept the licence in ${import.meta.filename}`,
        );
      }
      rows.set(`| ${name} | ${entry.version} | ${licence} |`, name);
    }
    const lines = [...rows.keys()].toSorted((a, b) => a.localeCompare(b, 'en'));
    const head = `# Licences of what is shipped\n\n${lines.length} packages. Each image holds its own list as CycloneDX, \`/app/sbom.cdx.json\`.\n`;
    return new Map([[OUTPUT, `${head}\n| package | version | licence |\n|---|---|---|\n${lines.join('\n')}\n`]]);
  },
};
