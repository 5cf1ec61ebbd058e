import type { Operator } from '@aegis/contracts/policy-rules';
import type { Workload } from './workload.ts';

/** An engine with a workload compiled into it. */
export interface Engine<A = unknown> {
  readonly name: string;
  /** The answer for a case, by its number. */
  evaluate(index: number): A | Promise<A>;
  /** The position of the policy that an answer names, in the order of evaluation; -1 for none. */
  rankOf(answer: A): number;
}

/** How the engines that take rules as text write these operators. */
export const COMPARISONS: Partial<Record<Operator, string>> = {
  eq: '==',
  neq: '!=',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
};

export type Load = (workload: Workload) => Engine | Promise<Engine>;
