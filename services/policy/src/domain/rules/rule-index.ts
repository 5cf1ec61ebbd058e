import { AccessPaths, type Key, put } from './access.ts';
import type { Fields } from './fields.ts';
import type { Formula } from './formula.ts';
import { Frame } from './frame.ts';
import { GramSource, MAX_GRAM, type Position } from './gram-source.ts';
import type { Operand } from './operand.ts';
import { appendRank } from './rank-lists.ts';
import { EverySource, type Source, type Span, SpanSource, ValueSource } from './source.ts';
import type { Test } from './condition-test.ts';

/** The rank of the first formula that holds, or -1. */
export type FirstMatch = (fields: Fields) => number;

/**
 * Finds the first formula that holds by looking only at those that the intent's values lead to, so that the time grows
 * with what can match, not with how many formulas there are.
 *
 * @param formulas in the order of evaluation
 */
export function indexFormulas(tests: readonly Test[], formulas: readonly Formula[]): FirstMatch {
  const frame = new Frame(tests, formulas);
  const sources = fileUnderSources(tests, formulas, frame);
  const none = formulas.length;
  return (fields) => {
    frame.begin(fields);
    let best = none;
    for (const source of sources) if (source.first < best) best = source.search(frame, best);
    return best === none ? -1 : best;
  };
}

/** Those that hold policies of higher priority come first: what they find spares the rest. */
function fileUnderSources(tests: readonly Test[], formulas: readonly Formula[], frame: Frame): Source[] {
  const paths = new AccessPaths(tests, (id) => frame.slotOf(id));
  const every: number[] = [];
  const values = new Map<number, Map<Operand, number[]>>();
  const spans = new Map<number, (Span & { rank: number })[]>();
  const texts = new Map<string, TextGroup>();
  const file = (key: Key, rank: number) => {
    switch (key.kind) {
      case 'value':
        appendRank(
          put(
            put(values, key.slot, () => new Map()),
            key.value,
            () => [],
          ),
          rank,
        );
        return;
      case 'span':
        put(spans, key.slot, () => []).push({ from: key.from, to: key.to, rank });
        return;
      case 'text': {
        const { slot, position, text } = key;
        const length = Math.min(MAX_GRAM, text.length);
        const group = put(texts, `${slot} ${position} ${length}`, () => ({ slot, position, length, texts: [] }));
        group.texts.push({ text, rank });
      }
    }
  };
  for (const [rank, formula] of formulas.entries()) {
    const keys = paths.keysOf(formula);
    if (keys) for (const key of keys) file(key, rank);
    else every.push(rank);
  }
  const dates = new Set(tests.flatMap(({ reference }, id) => (isDate(reference) ? [frame.slotOf(id)] : [])));
  const sources: Source[] = [
    new EverySource(every),
    ...[...values].map(([slot, ranks]) => new ValueSource(slot, ranks)),
    ...[...spans].map(
      ([slot, list]) => new SpanSource(slot, dates.has(slot) ? 'string' : 'number', paths.scaleOf(slot), list),
    ),
    ...[...texts.values()].map((group) => new GramSource(group.slot, group.position, group.length, group.texts)),
  ];
  return sources.filter(({ first }) => first < formulas.length).toSorted((a, b) => a.first - b.first);
}

interface TextGroup {
  readonly slot: number;
  readonly position: Position;
  readonly length: number;
  readonly texts: { text: string; rank: number }[];
}

function isDate(reference: Test['reference']): boolean {
  return reference.kind === 'field' && reference.type === 'date';
}
