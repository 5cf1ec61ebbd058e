import { hkdfSync, type KeyObject } from 'node:crypto';
import { privateKeyOf } from '@aegis/verify/format/note';
import type { SigningConfig } from './signing-config.ts';

const SEED_BYTES = 32;

/**
 * The key that signs an organisation's manifests, another one than its log's: the one configured, or one derived (HKDF,
 * RFC 5869) from AEGIS_SECRET_KEY or the log's signing key, so that every replica has the same and none is stored.
 */
export function createManifestKeys({
  manifestKey,
  secretKeys,
  key,
}: SigningConfig): (organizationId: string) => KeyObject {
  if (manifestKey !== null) return () => manifestKey;
  const material = secretKeys?.[0] ?? key?.export({ format: 'der', type: 'pkcs8' });
  if (!material) throw new TypeError('nothing to derive the key of manifests from');
  return (organizationId) => {
    const seed = hkdfSync('sha256', material, organizationId, 'aegis.manifest-key.v1', SEED_BYTES);
    return privateKeyOf(new Uint8Array(seed));
  };
}
