import type { DecisionContext } from '@aegis/contracts/events/intents';
import { wouldExceed } from './budget.ts';
import { askedOf, GUARDS, type Guard, pursesOf } from './guards.ts';
import { wouldOverdraw } from './wallet.ts';

/** Something that an intent has to fit, whether it does or not. Amounts are minor units of the base currency. */
export interface LimitCheck {
  /** The guard that objects when it does not fit. */
  readonly guard: Guard['name'];
  /** Such as `the agent`, `the category "travel"`. */
  readonly whose: string;
  /** What may be spent; of a wallet, what is in it. */
  readonly limit: bigint;
  readonly spent: bigint;
  readonly held: bigint;
  /** Null without an exchange rate: nobody knows. */
  readonly fits: boolean | null;
}

/** The limits that there are for an intent seen in this context, and its agent's wallet if that is enforced. */
export function limitChecks(context: DecisionContext): LimitCheck[] {
  const asked = askedOf(context);
  const purses = pursesOf(context);
  const check = (
    guard: Guard['name'],
    whose: string,
    limitMinor: string | null,
    spentMinor: string,
    heldMinor: string,
  ) => {
    if (limitMinor === null) return [];
    const [limit, spent, held] = [BigInt(limitMinor), BigInt(spentMinor), BigInt(heldMinor)];
    return [
      { guard, whose, limit, spent, held, fits: asked === null ? null : !wouldExceed(limit, { spent, held }, asked) },
    ];
  };
  const daily = purses.flatMap(({ whose, dailyLimitMinor, dailySpentMinor, dailyHeldMinor }) =>
    check(GUARDS.dailyLimit, whose, dailyLimitMinor, dailySpentMinor, dailyHeldMinor),
  );
  const monthly = purses.flatMap(({ whose, monthlyLimitMinor, monthlySpentMinor, monthlyHeldMinor }) =>
    check(GUARDS.monthlyLimit, whose, monthlyLimitMinor, monthlySpentMinor, monthlyHeldMinor),
  );
  return [...daily, ...monthly, ...walletCheck(context, asked)];
}

function walletCheck({ wallet }: DecisionContext, asked: bigint | null): LimitCheck[] {
  if (wallet?.mode !== 'enforced') return [];
  const [balance, held] = [BigInt(wallet.balanceMinor), BigInt(wallet.heldMinor)];
  const fits = asked === null ? null : !wouldOverdraw({ mode: wallet.mode, balance, held }, asked);
  return [{ guard: GUARDS.wallet, whose: 'the wallet', limit: balance, spent: 0n, held, fits }];
}
