import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';
import { FormatError } from '../format-error.ts';
import { parseJson } from './bundle-files.ts';
import { fieldsOf } from './fields.ts';

/** A public Ed25519 key as RFC 8037 writes it; `kid` is its thumbprint (RFC 7638). */
export interface ManifestKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
}

const TYPE = 'aegis-export-manifest+jws';

export function manifestKeyOf(key: KeyObject): ManifestKey {
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  if (key.asymmetricKeyType !== 'ed25519' || x === undefined)
    throw new FormatError('manifests are signed with an Ed25519 key');
  return { kty: 'OKP', crv: 'Ed25519', x, kid: thumbprint(x) };
}

function thumbprint(x: string): string {
  return hash('sha256', canonicalJson({ crv: 'Ed25519', kty: 'OKP', x }), 'base64url');
}

/** @throws FormatError when the text is no Ed25519 public key as a JWK; a `kid` may be missing, not wrong */
export function parseManifestKey(text: string): ManifestKey {
  const { kty, crv, x, kid } = fieldsOf(parseJson(text));
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string' || Buffer.from(x, 'base64url').length !== 32) {
    throw new FormatError('the key of manifests is a JWK with kty OKP, crv Ed25519 and x');
  }
  if (kid !== undefined && kid !== thumbprint(x)) throw new FormatError('the kid of the JWK is not its thumbprint');
  return { kty, crv, x, kid: thumbprint(x) };
}

/** Compact JWS (RFC 7515) with the algorithm `Ed25519` (RFC 9864); the same for the same manifest and key. */
export function signManifest(manifest: string, privateKey: KeyObject): string {
  const header = canonicalJson({ alg: 'Ed25519', kid: manifestKeyOf(privateKey).kid, typ: TYPE });
  const signed = `${encode(header)}.${encode(manifest)}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** The manifest that was signed. @throws FormatError saying what is wrong with the signature */
export function openManifest(jws: string, key: ManifestKey): string {
  const [header = '', payload = '', signature = '', ...more] = jws.split('.');
  const { alg, kid, typ } = fieldsOf(parseJson(Buffer.from(header, 'base64url').toString()));
  if (more.length > 0 || signature === '') throw new FormatError('it is no compact JWS');
  if (alg !== 'Ed25519' || typ !== TYPE) throw new FormatError(`its header does not say Ed25519 and ${TYPE}`);
  if (kid !== key.kid) throw new FormatError(`it is signed with the key ${String(kid)}, not with ${key.kid}`);
  const { kty, crv, x } = key;
  const publicKey = createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
  const bytes = Buffer.from(signature, 'base64url');
  const isExact = bytes.toString('base64url') === signature;
  if (!isExact || !verify(null, Buffer.from(`${header}.${payload}`), publicKey, bytes)) {
    throw new FormatError('the signature is wrong');
  }
  return Buffer.from(payload, 'base64url').toString();
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
