import type { Standard } from '@aegis/verify/format/export/profile';

/** How long entries are to be held under a rule, and until when that is for the last one of an export. */
export interface RetentionRule {
  readonly rule: string;
  readonly months: number;
  readonly hold_until: string | null;
}

const RULES: Readonly<Record<Standard, readonly (readonly [rule: string, months: number])[]>> = {
  generic: [['policy of the platform', 84]],
  eu_ai_act: [['Regulation (EU) 2024/1689, Articles 19(1) and 26(6): at least', 6]],
  rbi: [
    ['PMLA 2002: transaction records', 60],
    ['Companies Act 2013: books of account', 96],
  ],
  sox: [['policy (18 U.S.C. 1520 binds accountants’ records)', 84]],
};

/** @param last when the last entry of the export was recorded; null when there is none */
export function retentionRules(standard: Standard, last: string | null): RetentionRule[] {
  return RULES[standard].map(([rule, months]) => ({ rule, months, hold_until: last && addMonths(last, months) }));
}

/** The date, in UTC; the last of the month where the month is too short. */
function addMonths(time: string, months: number): string {
  const from = new Date(time);
  const target = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1));
  const daysInMonth = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(from.getUTCDate(), daysInMonth));
  return target.toISOString().slice(0, 10);
}
