import type { MatchedPolicy } from '@aegis/contracts/events/intents';
import type { DecidedIntent } from './intent.ts';
import type { SimulatedIntent } from './simulation.ts';

/** Intents and what they were worth in minor units of the base currency; those without a rate are worth nothing here. */
export interface Tally {
  count: number;
  amountMinor: bigint;
}

/** What the proposed policies would change, by outcome and by policy, with examples. */
export interface SimulationReport {
  readonly intents: number;
  /** Intents with another outcome: approved, denied, or asked about. */
  readonly changed: number;
  readonly kept: { readonly erased: number; readonly undecidable: number };
  /** Requests for approval that were never made; what became of them is assumed. */
  readonly newRequests: number;
  readonly outcomes: readonly { readonly before: Outcome; readonly after: Outcome; readonly tally: Tally }[];
  readonly policies: readonly { readonly policy: MatchedPolicy; readonly before: Tally; readonly after: Tally }[];
  readonly examples: readonly SimulatedIntent[];
}

type Outcome = DecidedIntent['outcome'];

const EXAMPLES_A_CHANGE = 3;
const MAX_EXAMPLES = 60;

/** Sums up a simulation as it goes; its size grows with the policies, not with the intents. */
export class ReportBuilder {
  #intents = 0;
  #changed = 0;
  #newRequests = 0;
  readonly #kept = { erased: 0, undecidable: 0 };
  readonly #outcomes = new Map<string, { before: Outcome; after: Outcome; tally: Tally }>();
  readonly #policies = new Map<string, { policy: MatchedPolicy; before: Tally; after: Tally }>();
  readonly #examples = new Map<string, SimulatedIntent[]>();

  add(simulated: SimulatedIntent): void {
    const { before, after, kept, newRequest } = simulated;
    this.#intents += 1;
    if (kept) this.#kept[kept] += 1;
    if (newRequest) this.#newRequests += 1;
    count(this.#policyOf(before.matchedPolicy).before, before);
    count(this.#policyOf(after.matchedPolicy).after, after);
    const change = `${before.outcome} ${after.outcome}`;
    const known = this.#outcomes.get(change) ?? {
      before: before.outcome,
      after: after.outcome,
      tally: { count: 0, amountMinor: 0n },
    };
    this.#outcomes.set(change, known);
    count(known.tally, before);
    if (before.outcome === after.outcome) return;
    this.#changed += 1;
    this.#keepExample(`${nameOf(before.matchedPolicy)} ${nameOf(after.matchedPolicy)} ${change}`, simulated);
  }

  #policyOf(policy: MatchedPolicy) {
    const name = nameOf(policy);
    const known = this.#policies.get(name) ?? {
      policy,
      before: { count: 0, amountMinor: 0n },
      after: { count: 0, amountMinor: 0n },
    };
    this.#policies.set(name, known);
    return known;
  }

  #keepExample(change: string, simulated: SimulatedIntent): void {
    const known = this.#examples.get(change) ?? [];
    this.#examples.set(change, known);
    if (known.length < EXAMPLES_A_CHANGE) known.push(simulated);
  }

  report(): SimulationReport {
    return {
      intents: this.#intents,
      changed: this.#changed,
      kept: this.#kept,
      newRequests: this.#newRequests,
      outcomes: [...this.#outcomes.values()].toSorted((a, b) => b.tally.count - a.tally.count),
      policies: [...this.#policies.values()].toSorted((a, b) => b.after.count - a.after.count),
      examples: [...this.#examples.values()].flat().slice(0, MAX_EXAMPLES),
    };
  }
}

function count(tally: Tally, { context }: DecidedIntent): void {
  tally.count += 1;
  tally.amountMinor += BigInt(context.amountBaseMinor ?? 0);
}

/** A policy is one policy in all its versions. */
function nameOf({ kind, id, name }: MatchedPolicy): string {
  return `${kind} ${id ?? name}`;
}
