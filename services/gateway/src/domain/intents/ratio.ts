const MICRO = 1_000_000;

/**
 * A number from 0 to 1 as a decimal string of at most six decimals, rounded down: a confidence of 0.9999999 must not
 * become certainty.
 */
export function ratioText(value: number): string {
  const nearest = Math.round(value * MICRO);
  const micro = nearest / MICRO > value ? nearest - 1 : nearest;
  return (micro / MICRO).toFixed(6).replace(/\.?0+$/, '');
}
