import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBundle } from '../src/bundle/check-bundle.ts';
import { describeReport } from '../src/bundle/describe.ts';
import { canonicalJson } from '../src/format/canonical-json.ts';
import { STANDARDS } from '../src/format/export/profile.ts';
import { encodeVerifierKey } from '../src/format/note.ts';
import {
  digestOf,
  keys,
  logKey,
  memorySource,
  nextLogKey,
  sampleBundle,
  type SampleBundle,
  sampleLog,
} from './sample-bundle.ts';
import { seededNumbers, tamper } from './tamper.ts';

const check = ({ files }: Pick<SampleBundle, 'files'>, given = keys) => checkBundle(memorySource(files, 100), given);

/** The bundle with one file replaced. */
const withFile = ({ files }: SampleBundle, name: string, edit: (text: string) => string) => ({
  files: new Map(files).set(name, Buffer.from(edit(files.get(name)?.toString() ?? ''))),
});

type Path = readonly (string | number)[];

/** What a member is exchanged for; undefined takes it away. */
const AMISS = [undefined, null, 'text', -1, true, [], {}, [null]];

/** Objects whose member has the name of one that every object inherits. */
const INHERITED: readonly unknown[] = [{ constructor: '5' }, { toString: '5' }];

/** The way to every member of a JSON value, those within members too. */
function pathsOf(value: unknown, above: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const names = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return names.flatMap((name) => {
    const path = [...above, name];
    return [path, ...pathsOf((value as Record<string | number, unknown>)[name], path)];
  });
}

function withMember(value: unknown, [name, ...rest]: Path, instead: unknown): unknown {
  if (name === undefined) return instead;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  const member = withMember(copy[name], rest, instead);
  if (member !== undefined) copy[name] = member;
  else if (Array.isArray(copy)) copy.splice(Number(name), 1);
  else delete copy[name];
  return copy;
}

describe('a bundle nobody touched', () => {
  it.each(STANDARDS)('of %s is verified, in both formats', async (standard) => {
    for (const format of ['json', 'csv'] as const) {
      const report = await check(await sampleBundle({ size: 40, begin: 7, end: 33, format, standard }));
      expect(report.faults).toEqual([]);
      expect(report).toMatchObject({ entries: 26, isSigned: true, priorSize: null });
    }
  });

  it('is verified for every range of logs of all small sizes', { timeout: 60_000 }, async () => {
    const sizes = fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40)).map((three) => three.toSorted((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(sizes, async ([begin = 0, end = 0, size = 0]) => {
        expect((await check(await sampleBundle({ begin, end, size }))).faults).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('may withhold entries, which it says', async () => {
    const bundle = await sampleBundle({ size: 30, begin: 3, end: 30, shows: (seq) => seq % 5 === 1 });
    const report = await check(bundle);
    expect(report.faults).toEqual([]);
    expect(describeReport(report)).toContain('22 entries are withheld');
  });

  it('is shown to go on from a kept checkpoint', async () => {
    const bundle = await sampleBundle({ size: 40, begin: 20, end: 40, priorSize: 20 });
    const report = await check(bundle, { ...keys, keptCheckpoint: bundle.checkpointAt(20) as never });
    expect(report).toMatchObject({ faults: [], priorSize: 20 });
    expect(describeReport(report)).toMatch(/^VERIFIED\n[^]*begins with the 20 entries that were signed before/);
    const other = await check(bundle, { ...keys, keptCheckpoint: bundle.checkpointAt(19) as never });
    expect(other.faults).toMatchObject([{ place: 'proof.json prior' }]);
  });

  it('after a change of key is verified with the key before it, which says what is to be had of the new one', async () => {
    const bundle = await sampleBundle({ size: 12, begin: 0, end: 12, signers: [nextLogKey, logKey] });
    const report = await check(bundle);
    expect(report).toMatchObject({ faults: [], untrustedKey: bundle.vkey });
    expect(describeReport(report)).toContain(`Not proved:\n  - That ${bundle.vkey}, which also signed the log`);
    const both = await check(bundle, { ...keys, verifiers: [logKey.verifier, nextLogKey.verifier] });
    expect(both).toMatchObject({ faults: [], untrustedKey: null });
    const forged = await sampleBundle({ size: 12, begin: 0, end: 12, signers: [nextLogKey] });
    expect((await check(forged)).faults.map(({ place }) => place)).toContain('checkpoint');
  });

  it('that names another key than those that signed its checkpoint is not verified', async () => {
    const bundle = await sampleBundle({ size: 12, begin: 0, end: 12 });
    const named = encodeVerifierKey(nextLogKey.verifier);
    const changed = withFile(bundle, 'manifest.json', (text) =>
      canonicalJson(withMember(JSON.parse(text), ['log', 'vkey'], named)),
    );
    const { faults } = await check(changed, { ...keys, manifestKey: null as never });
    expect(faults.map(({ place }) => place)).toEqual(['manifest.json log.vkey']);
  });

  it('whose end nobody asked for says how many entries are behind it, and whose word that is', async () => {
    const text = describeReport(await check(await sampleBundle({ size: 30, begin: 3, end: 27, isOpen: true })));
    expect(text).toMatch(/Proved:[^]*on, up to the last of them, as the neighbouring entries show[^]*Not proved:/);
    expect(text).toMatch(
      /Not proved:[^]*has 3 entries behind these; that they came after [^]* is the word of the signer/,
    );
    expect(describeReport(await check(await sampleBundle({ size: 30, begin: 3, end: 27 })))).not.toContain(
      'behind these',
    );
  });

  it('says what the operational database held, and whose word that is', async () => {
    const bundle = await sampleBundle({ size: 30, begin: 3, end: 27, unlogged: [] });
    const report = await check(bundle);
    expect(report.faults).toEqual([]);
    const text = describeReport(report);
    expect(text).toMatch(/Proved:[^]*the entries hold 8 submitted, 8 approved, 8 denied[^]*Not proved:/);
    expect(text).toMatch(/Not proved:[^]*held the very same intents and amounts; nothing in the bundle proves/);
    expect(describeReport(await check(await sampleBundle({ size: 9, begin: 0, end: 9 })))).toMatch(
      /Not proved:[^]*was not compared with the operational database/,
    );
  });

  it('says where the log and the operational database were found not to agree', async () => {
    const unlogged = [{ as: 'submitted', intentId: 'int_x', currency: 'INR', amountMinor: '5' }] as const;
    const report = await check(await sampleBundle({ size: 30, begin: 0, end: 30, unlogged }));
    expect(report.faults).toEqual([]);
    expect(describeReport(report)).toMatch(/Not proved:[^]*DO NOT AGREE[^]*11 submitted against 10 \(1\); 1 intent is/);
  });

  it('says one of a thing as one', async () => {
    const one = await sampleBundle({ size: 2, begin: 1, end: 2, priorSize: 1, shows: (seq) => seq !== 1 });
    const text = describeReport(await check(one));
    expect(text).toContain('The log begins with the 1 entry that was signed before');
    expect(text).toContain('the control totals are right (1 row)');
    expect(text).toContain('1 entry is withheld; that it lies outside');
    const cut = describeReport(await check(withFile(one, 'manifest.jws', () => '')));
    expect(cut).toMatch(/^NOT VERIFIED: 1 fault\n/);
  });

  it('whose manifest key was not given says that its signature was not checked', async () => {
    const report = await check(await sampleBundle({ size: 9, begin: 0, end: 9 }), {
      ...keys,
      manifestKey: null as never,
    });
    expect(report.faults).toEqual([]);
    expect(describeReport(report)).toContain('The signature of the manifest was not checked');
  });
});

describe('a bundle that was changed', () => {
  const SIZE = 60;

  it('is found out wherever it was changed, with the file named', { timeout: 120_000 }, async () => {
    const bundle = await sampleBundle({ size: SIZE, begin: 10, end: 50, priorSize: 10 });
    const seed = Number(process.env.AEGIS_TEST_SEED ?? Date.now() % 1e9);
    const next = seededNumbers(seed);
    let changes = 0;
    for (let round = 0; round < 400; round += 1) {
      const tampered = tamper(bundle.files, next);
      if (tampered === null) continue;
      changes += 1;
      const { faults } = await check(tampered);
      const found = faults.some(({ place }) => place.startsWith(tampered.file));
      expect(
        found,
        `seed ${seed}, round ${round}: ${tampered.kind} of ${tampered.file}: ${JSON.stringify(faults)}`,
      ).toBe(true);
    }
    expect(changes).toBeGreaterThan(300);
  });

  it.each(['manifest.json', 'proof.json'])(
    'has a fault, and no crash, for any member of %s that is amiss',
    async (file) => {
      const bundle = await sampleBundle({ size: 30, begin: 10, end: 20, priorSize: 10, unlogged: [] });
      const value: unknown = JSON.parse(bundle.files.get(file)?.toString() ?? '');
      let changes = 0;
      for (const path of pathsOf(value)) {
        for (const instead of AMISS) {
          const text = canonicalJson(withMember(value, path, instead));
          if (text === bundle.files.get(file)?.toString()) continue;
          changes += 1;
          const { faults } = await check(withFile(bundle, file, () => text));
          const found = faults.some(({ place }) => place.startsWith(file));
          expect(found, `${path.join('.')} is ${JSON.stringify(instead)}: ${JSON.stringify(faults)}`).toBe(true);
        }
      }
      expect(changes).toBeGreaterThan(50);
    },
  );

  it.each([
    ['log', ['reconciliation', 'log', 'submitted', 'count'], 7],
    ['log', ['reconciliation', 'log', 'approved', 'amounts_minor', 'INR'], '1'],
    ['log', ['reconciliation', 'log', 'denied', 'set_digest'], '0'.repeat(64)],
    ['deltas', ['reconciliation', 'operational', 'submitted', 'count'], 9],
    ['deltas', ['reconciliation', 'deltas', 'denied', 'count'], 1],
    ['period.from', ['reconciliation', 'period', 'from'], null],
    ['period.to', ['reconciliation', 'period', 'to'], '2030-01-01T00:00:00.000Z'],
  ] as const)(
    'has a fault where its signer sets other figures beside the log: %s by %j',
    async (member, path, instead) => {
      const bundle = await sampleBundle({ size: 30, begin: 3, end: 27, unlogged: [] });
      const changed = withFile(bundle, 'manifest.json', (text) =>
        canonicalJson(withMember(JSON.parse(text), path, instead)),
      );
      const { faults } = await check(changed, { ...keys, manifestKey: null as never });
      expect(faults.map(({ place }) => place)).toContain(`manifest.json reconciliation.${member}`);
    },
  );

  it.each(STANDARDS)(
    'has a fault, and no crash, for any member of a leaf that is amiss, as a row of %s',
    async (standard) => {
      const bundle = await sampleBundle({ size: 20, begin: 10, end: 20, standard });
      const lines = bundle.files.get('leaves.ndjson')?.toString().trimEnd().split('\n') ?? [];
      // The last one: no later link tells, so that its row is written.
      const last: unknown = JSON.parse(lines.at(-1) ?? '');
      for (const path of pathsOf(last)) {
        for (const instead of AMISS) {
          const text = canonicalJson(withMember(last, path, instead));
          if (text === lines.at(-1)) continue;
          const { faults } = await check(
            withFile(bundle, 'leaves.ndjson', () => `${[...lines.slice(0, -1), text].join('\n')}\n`),
          );
          const found = faults.some(({ place }) => place.startsWith('leaves.ndjson'));
          expect(found, `${path.join('.')} is ${JSON.stringify(instead)}: ${JSON.stringify(faults)}`).toBe(true);
        }
      }
    },
  );

  it('has no crash for any member of the manifest that is amiss, where its signature is not checked', async () => {
    const bundle = await sampleBundle({ size: 30, begin: 10, end: 20, unlogged: [] });
    const value: unknown = JSON.parse(bundle.files.get('manifest.json')?.toString() ?? '');
    for (const path of pathsOf(value)) {
      for (const instead of [...AMISS, ...INHERITED]) {
        const text = canonicalJson(withMember(value, path, instead));
        const report = await check(
          withFile(bundle, 'manifest.json', () => text),
          { ...keys, manifestKey: null as never },
        );
        expect(describeReport(report)).toMatch(/^(?:NOT )?VERIFIED/);
      }
    }
  });

  it('has a fault where its bytes are no UTF-8, though they read as what was recorded', async () => {
    const bundle = await sampleBundle({ size: 12, begin: 0, end: 12, currency: '\ufffd' });
    expect((await check(bundle)).faults).toEqual([]);
    const leaves = bundle.files.get('leaves.ndjson') ?? Buffer.alloc(0);
    const at = leaves.indexOf('\ufffd');
    const other = Buffer.concat([leaves.subarray(0, at), Buffer.of(0xff), leaves.subarray(at + 3)]);
    expect(other.toString()).toBe(leaves.toString());
    const changed = withFile(bundle, 'manifest.json', (text) => {
      const manifest = JSON.parse(text) as { files: { name: string }[] };
      const files = manifest.files.map((file) =>
        file.name === 'leaves.ndjson' ? { ...file, ...digestOf(other) } : file,
      );
      return canonicalJson({ ...manifest, files });
    });
    const files = new Map(changed.files).set('leaves.ndjson', other);
    const { faults } = await check({ files }, { ...keys, manifestKey: null as never });
    expect(faults).toEqual([{ place: 'leaves.ndjson line 1', what: 'it is not UTF-8' }]);
  });

  it('names the row of the records, and the line of the leaves', async () => {
    const bundle = await sampleBundle({ size: SIZE, begin: 10, end: 50 });
    const amount = await check(withFile(bundle, 'records.csv', (text) => text.replace('"123"', '"124"')));
    expect(amount.faults[0]).toMatchObject({
      place: 'records.csv',
      what: expect.stringMatching(/in the row of seq 23,/),
    });
    const leaf = await check(
      withFile(bundle, 'leaves.ndjson', (text) => text.replace('"amountMinor":"123"', '"amountMinor":"124"')),
    );
    expect(leaf.faults[0]).toMatchObject({
      place: 'leaves.ndjson line 15',
      what: expect.stringContaining('seq 24: the leaf does not name'),
    });
  });

  it('together with every checksum of the chain and the manifest, but without the log’s key, has another root', async () => {
    const log = sampleLog(SIZE);
    expect(log).toHaveLength(SIZE);
    const bundle = await sampleBundle({ size: SIZE, begin: 0, end: SIZE });
    const shorter = await sampleBundle({ size: SIZE - 1, begin: 0, end: SIZE - 1 });
    const mixed = new Map(shorter.files).set('checkpoint', bundle.files.get('checkpoint') ?? Buffer.alloc(0));
    const places = (await check({ files: mixed })).faults.map(({ place }) => place);
    expect(places).toEqual(expect.arrayContaining(['proof.json', 'checkpoint', 'manifest.json log']));
  });

  it('by a file that does not belong to it is found out', async () => {
    const { files } = await sampleBundle({ size: 5, begin: 0, end: 5 });
    const report = await check({ files: new Map(files).set('extra.txt', Buffer.from('x')) });
    expect(report.faults).toEqual([{ place: 'extra.txt', what: 'the file does not belong to the bundle' }]);
  });
});
