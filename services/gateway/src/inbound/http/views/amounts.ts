import { amountAsNumber } from '@aegis/contracts/money';
import type { Money } from '@aegis/grpc/generated/aegis/common/v1/Money';

/** The JSON number of an amount another service sent. */
export function amountOf(money: Money | null | undefined): number {
  if (!money) throw new TypeError('an amount is missing from an answer');
  return amountAsNumber(BigInt(money.amountMinor), money.exponent);
}

/** Null stands for unlimited. */
export function limitOf(money: Money | null | undefined): number | null {
  return money ? amountOf(money) : null;
}
