import type { Condition, RuleGroup } from '@aegis/contracts/policy-rules';
import type { Policy } from '../policy.ts';
import type { Inquiry } from './inquiry.ts';
import type { Outcome } from './search.ts';

/** Conditions of one policy that never hold together. */
export interface Contradiction {
  readonly policy: Policy;
  /** Where they stand; without any of them the rest could hold. */
  readonly paths: readonly string[];
  /** The alternative of an `any` that never holds; null when the whole policy never does. */
  readonly alternative: string | null;
}

type Part = Condition | RuleGroup;

/** A part of rules with its place. */
interface Placed {
  readonly path: string;
  readonly part: Part;
}

/** What was found, and whether all of it was decided. */
export interface Contradictions {
  readonly found: Contradiction[];
  readonly complete: boolean;
}

/**
 * Looks for parts of a policy's rules that nothing can satisfy: all of it, or an alternative among others. It yields
 * after each question.
 */
export function* contradictionsOf(policy: Policy, inquiry: Inquiry): Generator<void, Contradictions> {
  const found: Contradiction[] = [];
  let complete = true;
  const ask = (parts: readonly Placed[]): Outcome =>
    inquiry.canHold(parts.map(({ part }) => inquiry.formula(part, policy.action)));

  function* look(context: readonly Placed[], within: readonly Placed[], alternative: string | null): Generator<void> {
    const parts = [...context, ...within];
    const outcome = ask(parts);
    yield;
    if (outcome === 'unknown') complete = false;
    if (outcome === 'none') {
      found.push({ policy, paths: (yield* needed(parts, ask)).map(({ path }) => path), alternative });
      return;
    }
    for (const group of within) {
      const others = parts.filter((part) => part !== group);
      for (const inner of alternativesOf(group)) yield* look(others, flattened(inner), inner.path);
    }
  }
  yield* look([], flattened({ path: 'rules', part: policy.rules }), null);
  return { found, complete };
}

function placed({ conditions }: RuleGroup, path: string): Placed[] {
  return conditions.map((part, index) => ({ path: `${path}.conditions[${index}]`, part }));
}

/** What must hold for the part to hold: conditions, and groups of alternatives. */
function flattened({ path, part }: Placed): Placed[] {
  if (!('match' in part)) return [{ path, part }];
  const inner = placed(part, path);
  return part.match === 'all' || inner.length === 1 ? inner.flatMap(flattened) : [{ path, part }];
}

function alternativesOf({ path, part }: Placed): Placed[] {
  return 'match' in part ? placed(part, path) : [];
}

/** The parts without any of which the rest could hold. */
function* needed(
  parts: readonly Placed[],
  ask: (parts: readonly Placed[]) => Outcome,
): Generator<void, readonly Placed[]> {
  let left = parts;
  for (const part of parts) {
    const without = left.filter((other) => other !== part);
    if (ask(without) === 'none') left = without;
    yield;
  }
  return left;
}
