import { canonicalJson } from '@aegis/verify/format/canonical-json';
import {
  type CountedAs,
  COUNTED_AS,
  deltasOf,
  type Difference,
  IntentSets,
  type IntentTotals,
  type Period,
  type Reconciliation,
} from '@aegis/verify/format/export/reconciliation';
import { quantity } from '@aegis/verify/format/quantity';

/** An intent as the operational database has it. */
export interface IntentFacts {
  readonly id: string;
  readonly status: 'pending' | 'pending_approval' | 'approved' | 'denied';
  readonly currency: string;
  /** Minor units as a decimal string. */
  readonly amountMinor: string;
}

/** Where the entries of an intent stand in the log; null where there is none. */
export interface IntentPlaces {
  readonly submitted: number | null;
  readonly decidedFinally: number | null;
}

/** What becomes of an export that the operational database contradicts. */
export type OnDifference = 'refuse' | 'report';

/** What the operational database told of the time of an export; or why there is nothing to set beside the log. */
export type Population =
  | (Pick<Reconciliation, 'period' | 'operational' | 'recorded_outside' | 'differences'> & {
      readonly onDifference: OnDifference;
    })
  | { readonly untold: string };

export const MAX_NAMED = 100;

/** Sets the intents of the operational database against their places in the log. */
export class PopulationCount {
  readonly #range: { readonly begin: number; readonly end: number };
  readonly #sets = new IntentSets();
  readonly #named: Difference[] = [];
  #differences = 0;
  #outside = 0;

  constructor(range: { readonly begin: number; readonly end: number }) {
    this.#range = range;
  }

  /** Counts an intent that both tell the same of. False, and nothing is counted, where one knows more than the other. */
  settle(intent: IntentFacts, places: IntentPlaces): boolean {
    if (this.#disagreement(intent, places) !== null) return false;
    this.#count(intent, places);
    return true;
  }

  /** Counts an intent as the operational database has it, whatever the log says. */
  insist(intent: IntentFacts, places: IntentPlaces): void {
    const what = this.#disagreement(intent, places);
    this.#count(intent, places);
    if (what === null) return;
    this.#differences += 1;
    if (this.#named.length < MAX_NAMED) this.#named.push({ intent_id: intent.id, what });
  }

  told(period: Period, onDifference: OnDifference): Extract<Population, { operational: IntentTotals }> {
    return {
      period,
      operational: this.#sets.totals(),
      recorded_outside: this.#outside,
      differences: { count: this.#differences, intents: this.#named },
      onDifference,
    };
  }

  #count(intent: IntentFacts, { submitted, decidedFinally }: IntentPlaces): void {
    const { id: intentId, currency, amountMinor } = intent;
    const as: CountedAs[] = [];
    if (submitted === null || this.#isWithin(submitted)) as.push('submitted');
    else this.#outside += 1;
    const outcome = outcomeOf(intent);
    if (outcome !== null && (decidedFinally === null || this.#isWithin(decidedFinally))) as.push(outcome);
    this.#sets.addAs({ intentId, currency, amountMinor }, as);
  }

  #disagreement(intent: IntentFacts, { submitted, decidedFinally }: IntentPlaces): string | null {
    if (submitted === null) return 'the log has no entry of its submission';
    const outcome = outcomeOf(intent);
    if (outcome !== null && decidedFinally === null) return `it is ${outcome}, and the log has no entry of it`;
    const isDecided = decidedFinally !== null && this.#isWithin(decidedFinally);
    return outcome === null && isDecided ? `the log has its decision, and it is ${intent.status}` : null;
  }

  #isWithin(seq: number): boolean {
    return seq >= this.#range.begin && seq < this.#range.end;
  }
}

function outcomeOf({ status }: IntentFacts): 'approved' | 'denied' | null {
  return status === 'approved' || status === 'denied' ? status : null;
}

/** The member `reconciliation` of the manifest; null where nothing was told. */
export function reconciliationOf(population: Population | undefined, log: IntentTotals): Reconciliation | null {
  if (population === undefined || 'untold' in population) return null;
  const { period, operational, recorded_outside, differences } = population;
  return {
    source: 'intents of the gateway’s database',
    compared_by: 'intent_id',
    period,
    operational,
    log,
    deltas: deltasOf(operational, log),
    recorded_outside,
    differences,
  };
}

/** Where the two differ, in words; null where they do not. */
export function describeDifference({ operational, log, differences }: Reconciliation): string | null {
  const as = COUNTED_AS.find((one) => canonicalJson(operational[one]) !== canonicalJson(log[one]));
  const totals =
    as && `the operational database counts ${totalsText(operational[as])} ${as}, the log ${totalsText(log[as])}`;
  return describeNamed(differences) ?? totals ?? null;
}

/** The intents that the two do not agree on, in words; null where there are none. */
export function describeNamed({ count, intents: [first] }: Reconciliation['differences']): string | null {
  if (first === undefined) return null;
  return `${first.intent_id}: ${first.what}${count > 1 ? `; and ${count - 1} more` : ''}`;
}

function totalsText({ count, amounts_minor: amounts }: IntentTotals[CountedAs]): string {
  const sums = Object.entries(amounts).map(([currency, sum]) => `${sum} ${currency} in minor units`);
  return [quantity(count, 'intent'), ...sums].join(', ');
}
