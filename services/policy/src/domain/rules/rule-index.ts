import { type Access, accessOf, type Key } from './access.ts';
import { arrange } from './arrange.ts';
import { BitmapSource, type Candidate } from './bitmap-source.ts';
import type { Test } from './condition-test.ts';
import type { Fields } from './fields.ts';
import type { Formula } from './formula.ts';
import { Frame } from './frame.ts';
import type { Operand } from './operand.ts';
import { appendRank, type Narrow } from './rank-lists.ts';
import { put, type Selectivity } from './selectivity.ts';
import { type RankedSpan, type Source, SpanSource, ValueSource } from './source.ts';
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
  const paths = formulas.map((formula) => accessOf(formula, selectivity));
  const arranged = formulas.map((formula, rank) => {
    // What a policy is found by holds already, and is asked last.
    const found = new Set(paths[rank]?.keys.map(({ field }) => field));
    return arrange(formula, selectivity, new Set(), found);
  });
  const frame = new Frame(tests, arranged);
  const sources = fileAll(formulas, paths, selectivity, frame);
  const none = formulas.length;
  return (fields) => {
    frame.begin(fields);
    let best = none;
    for (const source of sources) if (source.first < best) best = source.search(frame, best);
    return best === none ? -1 : best;
  };
}

/** Lists up to here are looked through faster than their bitmaps. */
const LONG_LIST = 16;
/** A key that more intents have than this is worth less than all conditions together. */
const WEAK_SHARE = 1 / 50;

/** Sources that hold policies of higher priority come first: what they find spares the rest. */
function fileAll(
  formulas: readonly Formula[],
  paths: readonly (Access | null)[],
  selectivity: Selectivity,
  frame: Frame,
): readonly Source[] {
  const slotOf = (field: string) => frame.slotOf(field);
  const candidate = (rank: number) => ({ rank, tests: necessaryTests(formulas[rank], selectivity) });
  const drawers = new Drawers();
  const weak: Candidate[] = [];
  for (const [rank, access] of paths.entries()) {
    const inBitmap = candidate(rank);
    if (!access || (access.share > WEAK_SHARE && inBitmap.tests.length > 1)) weak.push(inBitmap);
    else for (const key of access.keys) drawers.file(key, rank);
  }
  const narrow: Narrow = (list) => (list.length > LONG_LIST ? new BitmapSource(list.map(candidate), slotOf) : null);
  const { values, spans, affixes, grams } = drawers;
  return [
    ...(weak.length > 0 ? [new BitmapSource(weak, slotOf)] : []),
    ...[...values].map(([field, lists]) => new ValueSource(slotOf(field), lists, narrow)),
    ...[...spans].map(([field, list]) => new SpanSource(slotOf(field), selectivity.scaleOf(field), list, narrow)),
    ...affixes.map(({ field, position, texts }) => new AffixSource(slotOf(field), position, texts, narrow)),
    ...grams.map(({ field, length, texts }) => new GramSource(slotOf(field), length, texts, narrow)),
  ].toSorted((a, b) => a.first - b.first);
}

/** Tests that all hold when the formula does. */
function necessaryTests(formula: Formula | undefined, selectivity: Selectivity): readonly Test[] {
  const parts = formula?.kind === 'all' ? formula.parts : formula ? [formula] : [];
  return parts.flatMap((part) => (part.kind === 'test' ? [selectivity.testOf(part.id)] : []));
}

/** The keys of many policies, sorted by what becomes one source. */
class Drawers {
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
  file(key: Key, rank: number): void {
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
