import { parse, stringify } from 'yaml';

interface Rule {
  alert?: string;
  expr: string;
  for?: string;
}
interface RuleFile {
  groups: { name: string; interval?: string; rules: Rule[] }[];
}

const SHORTER: Readonly<Record<string, string>> = { h: 'm', m: 's' };

/**
 * The rules with every duration a sixtieth of what it is, so that half an hour passes in half a minute. Thresholds stay:
 * what has to be reached for an alert is as much as in production.
 */
export function shortenedRules(yaml: string): { readonly yaml: string; readonly alerts: readonly string[] } {
  const file = parse(yaml) as RuleFile;
  for (const group of file.groups) {
    // Twice a second, which is what half a minute would be.
    group.interval = '500ms';
    for (const rule of group.rules) {
      rule.expr = shorten(rule.expr);
      if (rule.for !== undefined) rule.for = shorten(rule.for);
    }
  }
  const alerts = file.groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
  return { yaml: stringify(file), alerts };
}

/** `30m` to `30s`, `6h` to `6m`; there are no durations below a minute in the rules. */
function shorten(text: string): string {
  return text.replaceAll(/\b(\d+)([hm])\b/g, (_, count: string, unit: string) => `${count}${SHORTER[unit]}`);
}
