/** Change from one amount to another in per cent, to two decimals towards zero; null when there was nothing before. */
export function changePercent(previousMinor: bigint, currentMinor: bigint): number | null {
  if (previousMinor === 0n) return null;
  return Number(((currentMinor - previousMinor) * 10_000n) / previousMinor) / 100;
}
