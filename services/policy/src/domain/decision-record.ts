import type { Resolving } from './final-decision.ts';
import type { DecidedIntent, SubmittedIntent } from './intent.ts';

/** What a decision was made from. */
export type DecisionInput =
  | { readonly kind: 'submission'; readonly intent: SubmittedIntent }
  | ({ readonly kind: 'resolution'; readonly pending: DecidedIntent } & Pick<Resolving, 'outcome' | 'resolvedAt'>);

/** A decision as it is kept, with its place in the order of deciding. */
export interface DecisionRecord {
  readonly seq: bigint;
  readonly input: RecordedInput;
  readonly decided: DecidedIntent;
}

/** The personal text of a submission may have been erased since: then it is blank here, and `erased` says so. */
export type RecordedInput =
  | { readonly kind: 'submission'; readonly intent: SubmittedIntent; readonly erased: boolean }
  | Extract<DecisionInput, { kind: 'resolution' }>;

export type Personal = Pick<SubmittedIntent, 'reason' | 'merchant' | 'metadata'>;
export type Impersonal = Omit<SubmittedIntent, keyof Personal>;

/** Sets apart what events mark as personal (see `personal` in contracts), so that it can be erased alone. */
export function splitPersonal(intent: SubmittedIntent): { impersonal: Impersonal; personal: Personal } {
  const { reason, merchant, metadata, ...impersonal } = intent;
  return { impersonal, personal: { reason, merchant, metadata } };
}

export const ERASED: Personal = { reason: '', merchant: null, metadata: null };
