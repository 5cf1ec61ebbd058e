import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { FormatError } from './format-error.ts';

/** Signed notes as of c2sp.org/signed-note, with Ed25519 signatures. */

/** The algorithm's byte in key ids, verifier keys and signer keys. */
const ED25519 = 1;
const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
const MAX_SIGNATURES = 100;

// What stands before the 32 bytes of an Ed25519 key in DER (RFC 8410).
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A public key under the name it signs as. */
export interface Verifier {
  readonly name: string;
  readonly keyId: Buffer;
  /** The 32 bytes of the Ed25519 key. */
  readonly publicKey: Buffer;
  readonly key: KeyObject;
}

export interface Signer {
  readonly verifier: Verifier;
  readonly privateKey: KeyObject;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Buffer;
  readonly signature: Buffer;
}

export interface Note {
  /** What is signed, up to and with its last line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** @throws FormatError for a name that no note can hold */
export function createVerifier(name: string, publicKey: Uint8Array): Verifier {
  checkName(name);
  if (publicKey.length !== KEY_BYTES) throw new FormatError(`an Ed25519 key has ${KEY_BYTES} bytes`);
  const raw = Buffer.from(publicKey);
  const key = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
  return { name, keyId: keyIdOf(name, raw), publicKey: raw, key };
}

/** @param privateKey an Ed25519 key */
export function createSigner(name: string, privateKey: KeyObject): Signer {
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new FormatError('notes are signed with an Ed25519 key');
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { verifier: createVerifier(name, spki.subarray(-KEY_BYTES)), privateKey };
}

/** @param seed the 32 bytes an Ed25519 private key is made from */
export function privateKeyOf(seed: Uint8Array): KeyObject {
  if (seed.length !== KEY_BYTES) throw new FormatError(`the seed of an Ed25519 key has ${KEY_BYTES} bytes`);
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}

/** `<name>+<key id>+<base64(algorithm ‖ key)>`. */
export function encodeVerifierKey({ name, keyId, publicKey }: Verifier): string {
  return `${name}+${keyId.toString('hex')}+${Buffer.concat([Buffer.of(ED25519), publicKey]).toString('base64')}`;
}

/** @throws FormatError when the text is no Ed25519 verifier key, or its id is not that of its key */
export function parseVerifierKey(vkey: string): Verifier {
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey) ?? [];
  const verifier = createVerifier(name, decodeKey(encoded, 'a verifier key is <name>+<key id>+<key in base64>'));
  if (verifier.keyId.toString('hex') !== id) throw new FormatError(`the key id ${id} is not that of the key`);
  return verifier;
}

/**
 * Reads `PRIVATE+KEY+<name>+<key id>+<base64(algorithm ‖ seed)>`, the form in which note tools keep a key.
 *
 * @throws FormatError when the text is no Ed25519 signer key, or its id is not that of its key
 */
export function parseSignerKey(skey: string): Signer {
  const [, name = '', id = '', encoded = ''] = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(skey) ?? [];
  const seed = decodeKey(encoded, 'a signer key is PRIVATE+KEY+<name>+<key id>+<seed in base64>');
  const signer = createSigner(name, privateKeyOf(seed));
  if (signer.verifier.keyId.toString('hex') !== id) throw new FormatError(`the key id ${id} is not that of the key`);
  return signer;
}

function decodeKey(encoded: string, expected: string): Buffer {
  const key = decodeBase64(encoded);
  if (key?.length !== 1 + KEY_BYTES || key[0] !== ED25519) throw new FormatError(expected);
  return key.subarray(1);
}

/** SHA-256(name ‖ 0x0A ‖ algorithm ‖ key), its first four bytes. */
function keyIdOf(name: string, publicKey: Buffer): Buffer {
  const digest = createHash('sha256').update(`${name}\n`).update(Buffer.of(ED25519)).update(publicKey).digest();
  return digest.subarray(0, KEY_ID_BYTES);
}

/** @throws FormatError for a text that no note can hold */
export function signNote(text: string, signers: readonly Signer[]): string {
  checkText(text);
  const signatures = signers.map(({ verifier: { name, keyId }, privateKey }) => {
    const signature = sign(null, Buffer.from(text), privateKey);
    return `— ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
  });
  return `${text}\n${signatures.join('')}`;
}

/** @throws FormatError when the text is no signed note */
export function parseNote(note: string): Note {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new FormatError('a note is a text, an empty line and signature lines');
  const text = note.slice(0, split + 1);
  checkText(text);
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new FormatError(`a note has ${MAX_SIGNATURES} signatures at most`);
  return { text, signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/.exec(line) ?? [];
  const bytes = decodeBase64(encoded);
  if (!name || !bytes || bytes.length <= KEY_ID_BYTES) {
    throw new FormatError('a signature line is "— <name> <base64(key id ‖ signature)>"');
  }
  return { name, keyId: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
}

/**
 * The text of a note and which of the verifiers signed it; signatures of keys that are not among them are passed over,
 * as the format asks, so that witnesses may add theirs.
 *
 * @throws FormatError when the text is no note, a signature of a verifier is wrong, or none of them signed
 */
export function openNote(note: string, verifiers: readonly Verifier[]): { text: string; signedBy: Verifier[] } {
  const { text, signatures } = parseNote(note);
  const signedBy = new Set<Verifier>();
  for (const { name, keyId, signature } of signatures) {
    const verifier = verifiers.find((known) => known.name === name && known.keyId.equals(keyId));
    if (!verifier) continue;
    if (signature.length !== SIGNATURE_BYTES || !verify(null, Buffer.from(text), verifier.key, signature)) {
      throw new FormatError(`the signature of ${name} with the key ${keyId.toString('hex')} is wrong`);
    }
    signedBy.add(verifier);
  }
  if (signedBy.size === 0) throw new FormatError('the note is signed by none of the keys it is checked with');
  return { text, signedBy: [...signedBy] };
}

/** Null unless the text is the one standard base64 of its bytes. */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : null;
}

function checkName(name: string): void {
  if (name === '' || !name.isWellFormed() || /[\s+]/u.test(name)) {
    throw new FormatError('a key name is not empty and has neither white space nor a plus sign');
  }
}

function checkText(text: string): void {
  const hasControl = /[^\P{Cc}\u007f-\u009f\n]/u.test(text);
  if (!text.endsWith('\n') || !text.isWellFormed() || hasControl) {
    throw new FormatError('the text of a note ends in a line feed and has no other control character');
  }
}
