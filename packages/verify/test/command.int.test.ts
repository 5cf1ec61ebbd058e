import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkBundle } from '../src/bundle/check-bundle.ts';
import { openZip } from '../src/source/zip.ts';
import { writeFolder, writeZip } from './bundle-on-disk.ts';
import { keys, manifestKey, sampleBundle, type SampleBundle } from './sample-bundle.ts';

const BUILD = join(import.meta.dirname, '../scripts/build.ts');
const MIN_MAJOR = 20;

/** The Node that this machine has of its own, outside the repository. */
function machineNode(): string {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const node = folders.map((folder) => join(folder, 'node')).find((file) => existsSync(file));
  return node ?? process.execPath;
}

let folder: string;
let bundle: SampleBundle;
let jwk: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aegis-verify-'));
  await promisify(execFile)(process.execPath, [BUILD, join(folder, 'program')]);
  bundle = await sampleBundle({ size: 50, begin: 5, end: 45, priorSize: 20, standard: 'sox' });
  jwk = join(folder, 'manifest-key.json');
  await writeFile(jwk, JSON.stringify(manifestKey));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the built program in the empty folder, with nothing of this repository around. */
function run(...args: string[]) {
  const program = join(folder, 'program', 'aegis-verify.js');
  const { status, stdout, stderr } = spawnSync(machineNode(), [program, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: {},
  });
  return { status, stdout, stderr };
}

describe('the built verifier, alone in a folder', () => {
  it(`runs on the machine's own Node ${MIN_MAJOR} or later without a warning`, () => {
    const version = spawnSync(machineNode(), ['--version'], { encoding: 'utf8' }).stdout;
    expect(Number(/^v(\d+)/.exec(version)?.[1])).toBeGreaterThanOrEqual(MIN_MAJOR);
    expect(run('--help')).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('Usage: aegis-verify'),
    });
  });

  it.each([
    ['a folder', (name: string) => writeFolder(name, bundle.files)],
    ['a ZIP file', (name: string) => writeZip(`${name}.zip`, bundle.files)],
    ['a ZIP64 file', (name: string) => writeZip(`${name}64.zip`, bundle.files, true)],
  ])('verifies %s and says what is proved and what not', async (_, write) => {
    const path = await write(join(folder, 'bundle'));
    const result = run(path, '--vkey', bundle.vkey, '--jwk', jwk);
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(result.stdout).toMatch(
      /^VERIFIED\n\nProved:\n {2}- These are the entries 5 to 44 of the log audit\.example\.com/,
    );
    expect(result.stdout).toContain('Not proved:');
    const json = JSON.parse(run(path, '--vkey', bundle.vkey, '--json').stdout) as object;
    expect(json).toMatchObject({ verified: true, entries: 40, manifestSigned: false, range: { begin: 5, end: 45 } });
  });

  it('ends with 1 and names the place of a fault', async () => {
    const leaves = bundle.files.get('leaves.ndjson')?.toString() ?? '';
    const files = new Map(bundle.files).set(
      'leaves.ndjson',
      Buffer.from(leaves.split('\n').toSpliced(3, 1).join('\n')),
    );
    const path = await writeZip(join(folder, 'cut.zip'), files);
    const result = run(path, '--vkey', bundle.vkey, '--jwk', jwk);
    expect(result.status).toBe(1);
    expect(result.stdout).toMatch(/^NOT VERIFIED: \d+ faults\n {2}leaves\.ndjson line 4: seq 8: /);
  });

  it.each([
    ['no bundle', ['--vkey', 'x'], 'give one bundle'],
    ['no key', ['bundle'], '--vkey'],
    ['a key that is none', ['bundle', '--vkey', 'x'], 'a verifier key is'],
    ['a bundle that is not there', ['nowhere', '--vkey', 'VKEY'], 'there is no nowhere'],
    ['an unknown option', ['bundle', '--vky', 'x'], '--vky'],
    ['a missing key file', ['bundle', '--vkey', 'VKEY', '--jwk', 'none.json'], 'cannot be read'],
  ])('ends with 2 for %s', (_, args, message) => {
    const result = run(...args.map((arg) => (arg === 'VKEY' ? bundle.vkey : arg)));
    expect(result).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
    expect(result.stderr).not.toContain('    at ');
  });

  it('follows a log from a kept checkpoint to the next, and no other', async () => {
    const { prior } = JSON.parse(bundle.files.get('proof.json')?.toString() ?? '') as { prior: { hashes: string[] } };
    const write = async (name: string, text: string) => {
      await writeFile(join(folder, name), text);
      return name;
    };
    const from = await write('from', bundle.checkpointAt(20));
    const to = await write('to', bundle.checkpointAt(50));
    const proof = await write('proof', `${prior.hashes.join('\n')}\n`);
    const key = ['follow', '--vkey', bundle.vkey];
    expect(run(...key, '--from', from, '--to', to, '--proof', proof)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^VERIFIED: the log \S+ of 50 entries begins with the 20 /),
    });
    const other = await write('other', bundle.checkpointAt(21));
    expect(run(...key, '--from', other, '--to', to, '--proof', proof).status).toBe(1);
    const json = await write('proof.json', JSON.stringify({ hashes: prior.hashes }));
    expect(run(...key, '--from', from, '--to', to, '--proof', json, '--json').status).toBe(0);
  });
});

describe('a ZIP file', () => {
  it('that was changed in any byte that counts is found out', { timeout: 60_000 }, async () => {
    const original = await readFile(await writeZip(join(folder, 'whole.zip'), bundle.files));
    const path = join(folder, 'edited.zip');
    let found = 0;
    for (let at = 0; at < original.length; at += 211) {
      const edited = Buffer.from(original);
      edited[at] = (edited[at] ?? 0) ^ 0x10;
      await writeFile(path, edited);
      const faults = await faultsOf(path);
      found += faults.length > 0 ? 1 : 0;
    }
    // What is left are times and rights of the files, which say nothing of their contents.
    expect(found).toBeGreaterThan((original.length / 211) * 0.95);
  });

  async function faultsOf(path: string): Promise<readonly unknown[]> {
    const source = await openZip(path).catch((error: Error) => error);
    if (source instanceof Error) return [source.message];
    const { faults } = await checkBundle(source, keys);
    await source.close();
    return faults;
  }

  it.each([
    ['bytes before it', (zip: Buffer) => Buffer.concat([Buffer.from('x'), zip])],
    ['bytes behind it', (zip: Buffer) => Buffer.concat([zip, Buffer.from('x')])],
    ['its end cut off', (zip: Buffer) => zip.subarray(0, -30)],
    ['nothing in it', () => Buffer.alloc(0)],
  ])('with %s is refused', async (_, edit) => {
    const path = join(folder, 'wrong.zip');
    await writeFile(path, edit(await readFile(await writeZip(join(folder, 'whole.zip'), bundle.files))));
    expect(run(path, '--vkey', bundle.vkey)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('sound ZIP file'),
    });
  });
});
