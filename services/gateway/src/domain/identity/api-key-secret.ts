import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * `aegis_sk_`, 256 random bits in 43 characters of base 62, and their CRC-32 in 6: one double click selects it, secret
 * scanners recognise it, and a mistyped one is refused without a look-up.
 */
export const API_KEY_PREFIX = 'aegis_sk_';
export const API_KEY_RANDOM_BYTES = 32;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_DIGITS = 43;
const CHECKSUM_DIGITS = 6;
const SHOWN_DIGITS = 4;
const FORMAT = new RegExp(`^${API_KEY_PREFIX}[${ALPHABET}]{${RANDOM_DIGITS + CHECKSUM_DIGITS}}$`);

/** Throws RangeError unless `random` has 32 bytes. */
export function apiKeySecret(random: Uint8Array): string {
  if (random.length !== API_KEY_RANDOM_BYTES) throw new RangeError('an API key has 256 random bits');
  const payload = API_KEY_PREFIX + base62(BigInt(`0x${Buffer.from(random).toString('hex')}`), RANDOM_DIGITS);
  return payload + checksum(payload);
}

/** Whether the text is a key that was written down without a slip; it need not exist. */
export function isApiKeySecret(text: string): boolean {
  return FORMAT.test(text) && text.endsWith(checksum(text.slice(0, -CHECKSUM_DIGITS)));
}

/** What is stored. 256 random bits need no salt and no slow hash. */
export function apiKeyDigest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The part people see in lists; it leaves 232 bits unknown. */
export function apiKeyDisplayPrefix(secret: string): string {
  return secret.slice(0, API_KEY_PREFIX.length + SHOWN_DIGITS);
}

function checksum(payload: string): string {
  return base62(BigInt(crc32(payload)), CHECKSUM_DIGITS);
}

function base62(value: bigint, digits: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = ALPHABET[Number(rest % 62n)] + text;
  return text.padStart(digits, '0');
}
