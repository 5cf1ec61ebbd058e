import { parse, stringify } from 'yaml';

interface Rule {
  alert?: string;
  expr: string;
  for?: string;
}
interface RuleFile {
  groups: { name: string; interval?: string; rules: Rule[] }[];
}

const MILLISECONDS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000 };

/**
 * The rules with every duration a part of what it is, so that half an hour passes in a minute where the divisor is 30.
 * Thresholds stay: what has to be reached for an alert is as much as in production.
 */
export function shortenedRules(yaml: string, divisor: number): { readonly yaml: string; readonly alerts: string[] } {
  const file = parse(yaml) as RuleFile;
  // There are no durations below a minute in expressions.
  const shorten = (text: string) =>
    text.replaceAll(/\b(\d+)([hm])\b/g, (_, count: string, unit: string) => {
      return `${Math.round((Number(count) * (MILLISECONDS[unit] ?? 0)) / divisor)}ms`;
    });
  for (const group of file.groups) {
    group.interval = '500ms';
    for (const rule of group.rules) {
      rule.expr = shorten(rule.expr);
      if (rule.for !== undefined) rule.for = shorten(rule.for);
    }
  }
  const alerts = file.groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
  return { yaml: stringify(file), alerts };
}
