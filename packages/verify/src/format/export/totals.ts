import type { ProvenLeaf } from '../leaf-chain.ts';
import type { OutlinedData } from '../leaf-outline.ts';
import type { BaseRecord } from './columns.ts';
import { fieldsOf, textOf } from './fields.ts';
import { countedAs } from './reconciliation.ts';

/** Sums of minor units as decimal strings, of one currency. */
export interface AmountTotals {
  readonly submitted: string;
  readonly approved: string;
  readonly denied: string;
}

/** What whoever holds the leaves can count again. Rows may be more than entries where a standard explodes one. */
export interface ControlTotals {
  readonly rows: number;
  readonly entries: number;
  readonly by_type: Readonly<Record<string, number>>;
  readonly by_decision: Readonly<Record<string, number>>;
  readonly by_row_status: Readonly<Record<string, number>>;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  readonly seq_sum: string;
  /** Places missing between the first and the last. */
  readonly gaps: number;
  readonly amounts_minor: Readonly<Record<string, AmountTotals>>;
  readonly distinct_agents: number;
  readonly min_recorded_at: string | null;
  readonly max_recorded_at: string | null;
  readonly min_occurred_at: string | null;
  readonly max_occurred_at: string | null;
  /** Entries that happened before the range and were recorded within it. */
  readonly late: number;
  readonly erased: number;
  readonly withheld: number;
  /** Null where the format has no such thing. */
  readonly escaped_cells: number | null;
}

/** A late entry as the manifest lists it. */
export interface LateEntry {
  readonly seq: number;
  readonly event_id: string;
  readonly occurred_at: string;
}

/** Late entries that are listed; beyond these they are only counted. */
export const MAX_LISTED_LATE = 1_000;

type Sums = { submitted: bigint; approved: bigint; denied: bigint };

/** Counts entries as they go into the file; memory grows with distinct types, currencies and agents alone. */
export class TotalsCount {
  readonly #from: string | null;
  readonly #types = new Map<string, number>();
  readonly #decisions = new Map<string, number>();
  readonly #statuses = new Map<string, number>();
  readonly #amounts = new Map<string, Sums>();
  readonly #agents = new Set<string>();
  readonly lateEntries: LateEntry[] = [];
  #rows = 0;
  #entries = 0;
  #first: number | null = null;
  #last: number | null = null;
  #sum = 0n;
  #gaps = 0;
  #recorded: [string, string] | null = null;
  #occurred: [string, string] | null = null;
  #late = 0;
  escapedCells = 0;

  /** @param from start of the range over the recorded times, RFC 3339 UTC in milliseconds; null is without bound */
  constructor(from: string | null) {
    this.#from = from;
  }

  get rows(): number {
    return this.#rows;
  }

  withheld(base: BaseRecord): void {
    this.#place(Number(base.seq));
    this.#rows += 1;
    increment(this.#statuses, 'withheld');
  }

  entry({ outline: leaf }: ProvenLeaf, base: BaseRecord, rows: number): void {
    this.#place(leaf.seq);
    this.#rows += rows;
    increment(this.#types, leaf.type);
    increment(this.#statuses, String(base.row_status));
    if (typeof base.decision === 'string') increment(this.#decisions, base.decision);
    if (typeof base.agent_id === 'string') this.#agents.add(base.agent_id);
    this.#recorded = extend(this.#recorded, leaf.recorded_at);
    this.#occurred = extend(this.#occurred, leaf.occurred_at);
    this.#amount(leaf.type, leaf.data);
    if (this.#from === null || leaf.occurred_at >= this.#from) return;
    this.#late += 1;
    const late = { seq: leaf.seq, event_id: leaf.id, occurred_at: leaf.occurred_at };
    if (this.lateEntries.length < MAX_LISTED_LATE) this.lateEntries.push(late);
  }

  #place(seq: number): void {
    this.#gaps += this.#last === null ? 0 : seq - this.#last - 1;
    this.#first ??= seq;
    this.#last = seq;
    this.#sum += BigInt(seq);
    this.#entries += 1;
  }

  #amount(type: string, data: OutlinedData): void {
    const kind = countedAs(type, data);
    if (kind === null) return;
    const money = fieldsOf(data['money']);
    const minor = textOf(money['amountMinor']);
    const currency = textOf(money['currency']);
    if (currency === null || minor === null || !/^-?\d{1,38}$/.test(minor)) return;
    const sums = this.#amounts.get(currency) ?? { submitted: 0n, approved: 0n, denied: 0n };
    sums[kind] += BigInt(minor);
    this.#amounts.set(currency, sums);
  }

  totals(format: 'json' | 'csv'): ControlTotals {
    return {
      rows: this.#rows,
      entries: this.#entries,
      by_type: Object.fromEntries(this.#types),
      by_decision: Object.fromEntries(this.#decisions),
      by_row_status: Object.fromEntries(this.#statuses),
      first_seq: this.#first,
      last_seq: this.#last,
      seq_sum: String(this.#sum),
      gaps: this.#gaps,
      amounts_minor: Object.fromEntries(
        [...this.#amounts].map(([currency, { submitted, approved, denied }]) => [
          currency,
          { submitted: String(submitted), approved: String(approved), denied: String(denied) },
        ]),
      ),
      distinct_agents: this.#agents.size,
      min_recorded_at: this.#recorded?.[0] ?? null,
      max_recorded_at: this.#recorded?.[1] ?? null,
      min_occurred_at: this.#occurred?.[0] ?? null,
      max_occurred_at: this.#occurred?.[1] ?? null,
      late: this.#late,
      erased: this.#statuses.get('erased') ?? 0,
      withheld: this.#statuses.get('withheld') ?? 0,
      escaped_cells: format === 'csv' ? this.escapedCells : null,
    };
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function extend(span: [string, string] | null, time: string): [string, string] {
  if (span === null) return [time, time];
  if (time < span[0]) span[0] = time;
  if (time > span[1]) span[1] = time;
  return span;
}
