import { accessKeys, type Key, type Used } from './access.ts';
import { arrange } from './arrange.ts';
import type { Test } from './condition-test.ts';
import type { Fields } from './fields.ts';
import type { Formula } from './formula.ts';
import { Frame } from './frame.ts';
import type { Operand } from './operand.ts';
import { appendRank, searchAll } from './rank-lists.ts';
import { put, type Selectivity } from './selectivity.ts';
import { EverySource, type RankedSpan, type Source, SpanSource, ValueSource } from './source.ts';
import { AffixSource, GramSource, MAX_GRAM, type RankedText } from './text-source.ts';

/** The rank of the first formula that holds, or -1. */
export type FirstMatch = (fields: Fields) => number;

/**
 * Finds the first formula that holds by looking only at those that the intent's values lead to, so that the time grows
 * with what can match, not with how many formulas there are.
 *
 * @param formulas in the order of evaluation
 */
export function indexFormulas(
  tests: readonly Test[],
  formulas: readonly Formula[],
  selectivity: Selectivity,
): FirstMatch {
  const arranged = formulas.map((formula) => {
    // What a policy is found by holds already, and is asked last.
    const found = new Set(accessKeys(formula, selectivity, new Set())?.map(({ field }) => field));
    return arrange(formula, selectivity, new Set(), found);
  });
  const frame = new Frame(tests, arranged);
  const ranks = [...formulas.keys()];
  const sources = new Filing(formulas, selectivity, frame).sources(ranks, new Set());
  const none = formulas.length;
  return (fields) => {
    frame.begin(fields);
    const rank = searchAll(sources, frame, none);
    return rank === none ? -1 : rank;
  };
}

/** Lists up to here are looked through faster than they are narrowed down. */
const LONG_LIST = 16;

/** Files policies under what they are found by. */
class Filing {
  readonly #formulas: readonly Formula[];
  readonly #selectivity: Selectivity;
  readonly #frame: Frame;

  constructor(formulas: readonly Formula[], selectivity: Selectivity, frame: Frame) {
    this.#formulas = formulas;
    this.#selectivity = selectivity;
    this.#frame = frame;
  }

  /** Sources that hold policies of higher priority come first: what they find spares the rest. */
  sources(ranks: readonly number[], used: Used): readonly Source[] {
    const drawers = new Drawers();
    for (const rank of ranks) drawers.file(rank, this.#keysOf(rank, used));
    const { every, values, spans, affixes, grams } = drawers;
    const slotOf = (field: string) => this.#frame.slotOf(field);
    const narrow = (field: string) => (list: readonly number[]) => this.#narrow(list, new Set([...used, field]));
    return [
      ...(every.length > 0 ? [new EverySource(every)] : []),
      ...[...values].map(([field, lists]) => new ValueSource(slotOf(field), lists, narrow(field))),
      ...[...spans].map(
        ([field, list]) => new SpanSource(slotOf(field), this.#selectivity.scaleOf(field), list, narrow(field)),
      ),
      ...affixes.map(({ field, position, texts }) => new AffixSource(slotOf(field), position, texts, narrow(field))),
      ...grams.map(({ field, length, texts }) => new GramSource(slotOf(field), length, texts, narrow(field))),
    ].toSorted((a, b) => a.first - b.first);
  }

  /** A long list becomes an index by the conditions on other fields, where these tell most of its policies apart. */
  #narrow(ranks: readonly number[], used: Used): readonly Source[] | null {
    if (ranks.length <= LONG_LIST) return null;
    const narrowable = ranks.filter((rank) => this.#keysOf(rank, used) !== null);
    return narrowable.length > ranks.length / 2 ? this.sources(ranks, used) : null;
  }

  #keysOf(rank: number, used: Used): readonly Key[] | null {
    const formula = this.#formulas[rank];
    return formula ? accessKeys(formula, this.#selectivity, used) : [];
  }
}

/** The keys of many policies, sorted by what becomes one source. */
class Drawers {
  readonly every: number[] = [];
  readonly values = new Map<string, Map<Operand, number[]>>();
  readonly spans = new Map<string, RankedSpan[]>();
  readonly #affixes = new Map<string, { field: string; position: 'start' | 'end'; texts: RankedText[] }>();
  readonly #grams = new Map<string, { field: string; length: number; texts: RankedText[] }>();

  get affixes() {
    return [...this.#affixes.values()];
  }

  get grams() {
    return [...this.#grams.values()];
  }

  /** Ranks come in ascending order. */
  file(rank: number, keys: readonly Key[] | null): void {
    if (keys === null) this.every.push(rank);
    else for (const key of keys) this.#fileUnder(key, rank);
  }

  #fileUnder(key: Key, rank: number): void {
    const { field } = key;
    switch (key.kind) {
      case 'value': {
        const lists = put(this.values, field, () => new Map<Operand, number[]>());
        appendRank(
          put(lists, key.value, () => []),
          rank,
        );
        return;
      }
      case 'span':
        put(this.spans, field, () => []).push({ from: key.from, to: key.to, rank });
        return;
      case 'text': {
        const { position, text } = key;
        if (position === 'anywhere') {
          const length = Math.min(MAX_GRAM, text.length);
          put(this.#grams, `${length} ${field}`, () => ({ field, length, texts: [] })).texts.push({ text, rank });
        } else {
          put(this.#affixes, `${position} ${field}`, () => ({ field, position, texts: [] })).texts.push({ text, rank });
        }
      }
    }
  }
}
