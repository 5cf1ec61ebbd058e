/** A `numeric` column of minor units, which arrives as text; null stays null. */
export function parseMinor(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}
