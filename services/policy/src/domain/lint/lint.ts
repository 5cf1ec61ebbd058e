import type { Policy } from '../policy.ts';
import type { ExplainableSet } from '../simulate-intent.ts';
import { type Contradiction, contradictionsOf } from './contradictions.ts';
import { decidingPolicies, Inquiry } from './inquiry.ts';
import { answerersOf, findLooser, type Looser, replacements } from './looser.ts';
import type { RealIntentOptions } from './real-intents.ts';
import { type Unreachable, unreachable } from './unreachable.ts';

export type Finding =
  | ({ readonly kind: 'contradiction' } & Contradiction)
  | ({ readonly kind: 'unreachable' } & Unreachable)
  | ({ readonly kind: 'looser' } & Looser);

/** Something that was neither found nor proven not to be there. */
export interface Undecided {
  readonly kind: Finding['kind'];
  /** Null for the default. */
  readonly policy: Policy | null;
}

export interface LintReport {
  readonly findings: readonly Finding[];
  readonly undecided: readonly Undecided[];
}

export interface LintInput {
  /** The policies in force. */
  readonly live: ExplainableSet;
  /** Those that are to be looked at; null for the ones in force. */
  readonly proposed: ExplainableSet | null;
  readonly options: Omit<RealIntentOptions, 'settings'>;
}

/**
 * Looks for mistakes in a set of policies: conditions that contradict each other, policies that never answer, and what
 * a proposal would answer less strictly than today. It yields every few hundredths of a second, for others' turn.
 *
 * What it reports is so: that something never happens is proven, that something can happen is shown by an intent that
 * was decided. What it does not decide within its bounds is reported as undecided.
 */
export function* lint({ live, proposed, options }: LintInput): Generator<void, LintReport> {
  const set = proposed ?? live;
  const inquiry = new Inquiry(proposed ? [live, proposed] : [live], { ...options, settings: set.compiled.settings });
  const findings: Finding[] = [];
  const undecided: Undecided[] = [];
  const impossible = new Set<Policy>();
  for (const policy of set.policies) {
    if (policy.archived) continue;
    const { found, complete } = yield* contradictionsOf(policy, inquiry);
    findings.push(...found.map((finding) => ({ kind: 'contradiction' as const, ...finding })));
    if (!complete) undecided.push({ kind: 'contradiction', policy });
    if (found.some(({ alternative }) => alternative === null)) impossible.add(policy);
  }
  const policies = decidingPolicies(set);
  for (const policy of policies) {
    if (impossible.has(policy)) continue;
    const { outcome, finding } = unreachable(policy, policies, set, inquiry);
    if (finding) findings.push({ kind: 'unreachable', ...finding });
    else if (outcome === 'unknown') undecided.push({ kind: 'unreachable', policy });
    yield;
  }
  if (proposed) yield* lintChange(live, proposed, inquiry, findings, undecided);
  return { findings, undecided };
}

/** For each answer of today that is not `allow`: one intent that would be answered less strictly, if there is any. */
function* lintChange(
  live: ExplainableSet,
  proposed: ExplainableSet,
  inquiry: Inquiry,
  findings: Finding[],
  undecided: Undecided[],
): Generator<void> {
  for (const { strict, by } of replacements(answerersOf(live, inquiry), answerersOf(proposed, inquiry))) {
    let unknown = false;
    for (const other of by) {
      const { outcome, finding } = findLooser(strict, other, { live, proposed }, inquiry);
      yield;
      if (finding) findings.push({ kind: 'looser', ...finding });
      unknown = !finding && (unknown || outcome === 'unknown');
      if (finding || inquiry.isExhausted) break;
    }
    if (unknown) undecided.push({ kind: 'looser', policy: strict.policy });
  }
}
