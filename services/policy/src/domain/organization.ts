import { currencyExponent } from '@aegis/contracts/money';
import type { PolicyAction } from '@aegis/contracts/policy-rules';
import { type FieldError, ProblemError } from '@aegis/contracts/problems';
import { isTimeZone } from './calendar.ts';

/** What an organisation settles for all of its intents; a part of every policy-set version. */
export interface Settings {
  readonly baseCurrency: string;
  /** Decimals of the base currency (ISO 4217). */
  readonly baseExponent: number;
  /** IANA name: daily and monthly windows turn over at its midnight. */
  readonly timeZone: string;
  /** The answer when no policy matches. */
  readonly defaultAction: PolicyAction;
  /** Hours after which an exchange rate is too old to decide by. */
  readonly fxMaxAgeHours: number;
}

/** Long enough for Friday's rate to serve a long weekend. */
export const DEFAULT_FX_MAX_AGE_HOURS = 96;
const MAX_FX_MAX_AGE_HOURS = 8_784;

export interface SettingsChange {
  readonly baseCurrency?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly defaultAction?: string | undefined;
  readonly fxMaxAgeHours?: number | undefined;
}

/** Settings after a change; a new organisation must name its currency and zone, and starts by allowing. */
export function changeSettings(current: Settings | null, change: SettingsChange): Settings {
  const baseCurrency = change.baseCurrency ?? current?.baseCurrency;
  const timeZone = change.timeZone ?? current?.timeZone;
  const defaultAction = change.defaultAction ?? current?.defaultAction ?? 'allow';
  const fxMaxAgeHours = change.fxMaxAgeHours ?? current?.fxMaxAgeHours ?? DEFAULT_FX_MAX_AGE_HOURS;
  const errors: FieldError[] = [];
  const baseExponent = baseCurrency === undefined ? undefined : currencyExponent(baseCurrency);
  if (baseExponent === undefined) {
    errors.push({ path: 'baseCurrency', message: 'must be a currency code of ISO 4217 such as "EUR"' });
  }
  if (timeZone === undefined || !isTimeZone(timeZone)) {
    errors.push({ path: 'timeZone', message: 'must be an IANA time zone such as "Asia/Kolkata"' });
  }
  if (!isDefaultAction(defaultAction)) {
    errors.push({ path: 'defaultAction', message: 'must be allow, deny or require_approval' });
  }
  if (!Number.isInteger(fxMaxAgeHours) || fxMaxAgeHours < 1 || fxMaxAgeHours > MAX_FX_MAX_AGE_HOURS) {
    errors.push({ path: 'fxMaxAgeHours', message: `must be a whole number from 1 to ${MAX_FX_MAX_AGE_HOURS}` });
  }
  if (
    baseCurrency === undefined ||
    baseExponent === undefined ||
    timeZone === undefined ||
    errors.length > 0 ||
    !isDefaultAction(defaultAction)
  ) {
    const code = errors.every((error) => error.path === 'baseCurrency') ? 'unknown_currency' : 'invalid_request';
    throw new ProblemError(code, errors.map((error) => `${error.path} ${error.message}`).join('; '), errors);
  }
  return { baseCurrency, baseExponent, timeZone, defaultAction, fxMaxAgeHours };
}

export function sameSettings(one: Settings, other: Settings): boolean {
  return (
    one.baseCurrency === other.baseCurrency &&
    one.timeZone === other.timeZone &&
    one.defaultAction === other.defaultAction &&
    one.fxMaxAgeHours === other.fxMaxAgeHours
  );
}

function isDefaultAction(action: string): action is PolicyAction {
  return action === 'allow' || action === 'deny' || action === 'require_approval';
}
