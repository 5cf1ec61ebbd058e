import { type LockedPackages, packageName } from './lockfile.ts';

/** CycloneDX 1.6 of the packages in these folders; the same lockfile gives the same bytes. */
export function sbomOf(
  packages: LockedPackages,
  folders: readonly string[],
  subject: { name: string; version: string },
) {
  const components = folders
    .map((path) => ({ path, entry: packages[path] ?? {} }))
    .map(({ path, entry }) => {
      const { version = subject.version, license, integrity } = entry;
      const name = packageName(path, entry);
      const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
      const hash = /^sha512-(.+)$/.exec(integrity ?? '')?.[1];
      return {
        type: 'library',
        'bom-ref': `${purl}#${path}`,
        name,
        version,
        purl,
        ...(license && { licenses: [licenceOf(license)] }),
        ...(hash && { hashes: [{ alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex') }] }),
      };
    })
    .toSorted((a, b) => a['bom-ref'].localeCompare(b['bom-ref'], 'en'));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', ...subject } },
    components,
  };
}

/** Most packages name an SPDX identifier or expression; a few write what they like. */
function licenceOf(text: string): object {
  if (/ (AND|OR|WITH) /.test(text)) return { expression: text };
  return { license: /^[\w.+-]+$/.test(text) ? { id: text } : { name: text } };
}
