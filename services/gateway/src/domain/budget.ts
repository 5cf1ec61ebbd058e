/** One calendar window of an agent's budget in minor units of the base currency; a null limit is unlimited. */
export interface BudgetWindow {
  readonly limit: bigint | null;
  readonly spent: bigint;
  readonly held: bigint;
}

/** What the window still allows, never below zero; null: unlimited. */
export function remainingIn({ limit, spent, held }: BudgetWindow): bigint | null {
  if (limit === null) return null;
  const left = limit - spent - held;
  return left > 0n ? left : 0n;
}

/** What all windows together still allow; null: unlimited. */
export function remainingOf(windows: readonly BudgetWindow[]): bigint | null {
  const bounds = windows.map(remainingIn).filter((left) => left !== null);
  return bounds.reduce<bigint | null>((least, left) => (least === null || left < least ? left : least), null);
}
