import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, parseCheckpoint, signCheckpoint } from '../src/format/checkpoint.ts';
import { CompactRange } from '../src/format/compact-range.ts';
import { FormatError } from '../src/format/format-error.ts';
import { leafHash } from '../src/format/hashing.ts';
import {
  createSigner,
  createVerifier,
  encodeVerifierKey,
  openNote,
  parseNote,
  parseSignerKey,
  parseVerifierKey,
  privateKeyOf,
  signNote,
} from '../src/format/note.ts';

/** The vector of the format's specification: an Ed25519 seed of the bytes 0 to 31, and two entries. */
const SEED = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const ORIGIN = 'audit.example.com/org/acme';
const VKEY = `${ORIGIN}+f6c35dff+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4`;
const LEAVES = [
  '{"actor":{"id":"agt_1","type":"agent"},"data":{"amount_minor":"500000","currency":"INR","exponent":2},"occurred_at":"2026-03-05T10:00:00.000Z","org":"acme","prev":"0000000000000000000000000000000000000000000000000000000000000000","recorded_at":"2026-03-05T10:00:00.000Z","seq":0,"subject":{"id":"int_9f3a2b","type":"intent"},"type":"intent.created","v":"aegis.audit/1"}',
  '{"actor":{"id":"usr_7","type":"human"},"data":{"decision":"approve"},"occurred_at":"2026-03-05T10:00:01.000Z","org":"acme","prev":"305c1072d63f0d10378bfdd766508103b4d912c4cf95358cf0b803173c078839","recorded_at":"2026-03-05T10:00:01.000Z","seq":1,"subject":{"id":"int_9f3a2b","type":"intent"},"type":"approval.responded","v":"aegis.audit/1"}',
];
const CHECKPOINT = `${ORIGIN}
2
xaZQf5LEorE40S4T7eaIxl4/xJWo5cOcbZ/5XN0d8/o=

— ${ORIGIN} 9sNd/zhu+2lrsPAj0UgP4w5ssI3WqhEgdy5z1vOl1xUaTdh6GQgM5prdqqqw9ojk77jEe+tAt9wEfKDhQ4WF8EO2kg4=
`;

const signer = createSigner(ORIGIN, privateKeyOf(SEED));
const other = createSigner('witness.example.com', privateKeyOf(Buffer.alloc(32, 7)));

describe('the vector of the specification', () => {
  it('reproduces: leaf hashes, links, root, key and signature', () => {
    const tree = new CompactRange();
    const hashes = LEAVES.map(leafHash);
    for (const hash of hashes) tree.append(Buffer.from(hash, 'hex'));
    expect(hashes).toEqual([
      '305c1072d63f0d10378bfdd766508103b4d912c4cf95358cf0b803173c078839',
      '865dec864a81a88e5df786e9800822de2b751dcdbe539b7fbb92392a4b32c56f',
    ]);
    expect(encodeVerifierKey(signer.verifier)).toBe(VKEY);
    expect(signCheckpoint({ origin: ORIGIN, size: 2, root: tree.root() }, [signer])).toBe(CHECKPOINT);
    expect(openCheckpoint(CHECKPOINT, [parseVerifierKey(VKEY)])).toEqual({
      origin: ORIGIN,
      size: 2,
      root: tree.root(),
    });
  });
});

describe('a signed note', () => {
  it('opens with the keys that signed it, and passes over the signatures of others', () => {
    const note = signNote('one\n\ntwo\n', [other, signer]);
    expect(openNote(note, [signer.verifier])).toEqual({ text: 'one\n\ntwo\n', signedBy: [signer.verifier] });
    expect(openNote(note, [signer.verifier, other.verifier]).signedBy).toEqual([other.verifier, signer.verifier]);
    expect(parseNote(note).signatures.map(({ name }) => name)).toEqual(['witness.example.com', ORIGIN]);
  });

  it('does not open once any character of what is signed, or of the signature, is another', () => {
    fc.assert(
      fc.property(fc.nat(CHECKPOINT.length - 1), fc.constantFrom('A', 'b', '7', '\n', ' ', '+'), (at, put) => {
        const changed = CHECKPOINT.slice(0, at) + put + CHECKPOINT.slice(at + 1);
        fc.pre(changed !== CHECKPOINT);
        expect(() => openNote(changed, [signer.verifier])).toThrow(FormatError);
      }),
    );
  });

  it('does not open with nobody’s signature, nor with a key of the same name', () => {
    const impostor = createSigner(ORIGIN, privateKeyOf(Buffer.alloc(32, 9)));
    expect(() => openNote(CHECKPOINT, [impostor.verifier])).toThrow('signed by none');
    expect(() => openNote(CHECKPOINT, [])).toThrow('signed by none');
  });

  it('is refused when it is malformed', () => {
    for (const text of [
      '',
      'x',
      'x\n',
      'x\n\n',
      'x\n\ny\n',
      '\0\n\n— a AAAAAAAA\n',
      `${CHECKPOINT}x`,
      'x\n\n— a AAAA\n',
    ]) {
      expect(() => parseNote(text)).toThrow(FormatError);
    }
    expect(() => signNote('no line feed', [signer])).toThrow(FormatError);
    expect(() => signNote('a\ttab\n', [signer])).toThrow(FormatError);
    expect(() => parseNote(`x\n\n${'— a AAAAAAAA\n'.repeat(101)}`)).toThrow('100');
  });
});

describe('keys', () => {
  it('are read back from their text', () => {
    expect(encodeVerifierKey(parseVerifierKey(VKEY))).toBe(VKEY);
    const id = signer.verifier.keyId.toString('hex');
    const skey = `PRIVATE+KEY+${ORIGIN}+${id}+${Buffer.concat([Buffer.of(1), SEED]).toString('base64')}`;
    expect(parseSignerKey(skey).verifier.publicKey).toEqual(signer.verifier.publicKey);
    expect(() => parseSignerKey(skey.replace(id, '00000000'))).toThrow('key id');
  });

  it('are refused when their id is not theirs, or their kind another', () => {
    const [name, , key] = VKEY.split('+f6c35dff+').toSpliced(1, 0, '');
    expect(() => parseVerifierKey(`${name}+00000000+${key}`)).toThrow('key id');
    for (const text of ['', 'a', 'a+b+c', `${ORIGIN}+f6c35dff+AgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4`]) {
      expect(() => parseVerifierKey(text)).toThrow(FormatError);
    }
    for (const bad of ['', 'a b', 'a+b', 'a\u00a0b']) {
      expect(() => createVerifier(bad, signer.verifier.publicKey)).toThrow(FormatError);
    }
    expect(createPublicKey(signer.privateKey).asymmetricKeyType).toBe('ed25519');
  });
});

describe('a checkpoint', () => {
  const root = Buffer.alloc(32, 1);

  it('is that of the log whose key signed it', () => {
    const note = signCheckpoint({ origin: ORIGIN, size: 2, root }, [other]);
    expect(() => openCheckpoint(note, [other.verifier])).toThrow(`checkpoint of ${ORIGIN}`);
  });

  it('may have extension lines, which are passed over', () => {
    const text = `${ORIGIN}\n7\n${root.toString('base64')}\nmore\n`;
    expect(parseCheckpoint(text)).toEqual({ origin: ORIGIN, size: 7, root });
  });

  it.each([
    ['no root', `${ORIGIN}\n7\n`],
    ['a size with a leading zero', `${ORIGIN}\n07\n${root.toString('base64')}\n`],
    ['a size that no double holds', `${ORIGIN}\n9007199254740993\n${root.toString('base64')}\n`],
    ['a negative size', `${ORIGIN}\n-1\n${root.toString('base64')}\n`],
    ['no origin', `\n7\n${root.toString('base64')}\n`],
    ['a short root', `${ORIGIN}\n7\n${root.subarray(1).toString('base64')}\n`],
    ['an empty line', `${ORIGIN}\n7\n${root.toString('base64')}\n\n`],
  ])('is refused with %s', (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow(FormatError);
  });
});
