/** Log-in attempts are counted in windows of this length. */
export const THROTTLE_WINDOW_MS = 15 * 60_000;

export interface ThrottleBucket {
  readonly name: string;
  readonly limit: number;
}

/**
 * The counters an attempt falls under. The pair of account and address is tight against guessing; the account alone is
 * wide, so that a stranger cannot lock its owner out from elsewhere with a few tries; the address bounds spraying.
 */
export function throttleBuckets(accountDigest: string, address: string): ThrottleBucket[] {
  return [
    { name: `login:pair:${accountDigest}:${address}`, limit: 10 },
    { name: `login:account:${accountDigest}`, limit: 100 },
    { name: `login:address:${address}`, limit: 100 },
  ];
}
