import type { Formula } from './formula.ts';
import { readerOf } from './fields.ts';
import { functionOfText } from './function-of-text.ts';
import type { FirstMatch } from './rule-index.ts';
import type { Test } from './condition-test.ts';

/**
 * One function for all formulas, one after the other, which the runtime compiles to machine code: the fastest form for a
 * set so small that nothing is won by an index.
 *
 * Nothing that a person wrote is in its text. Operands, tests and the readers of metadata reach it as elements of an
 * array, by their number; the text holds names of fields from the table of fields, and what is written below.
 */
export function generateFirstMatch(tests: readonly Test[], formulas: readonly Formula[]): FirstMatch {
  const text = new Writer(tests);
  const body = formulas.map((formula, rank) => `if (${text.formula(formula)}) return ${rank};`);
  const build = functionOfText<(bound: readonly unknown[]) => FirstMatch>('bound', text.around(body));
  return build(text.bound);
}

const SIGNS: Partial<Record<Test['operator'], string>> = {
  eq: '===',
  neq: '!==',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
};

class Writer {
  readonly bound: unknown[] = [];
  readonly #tests: readonly Test[];
  readonly #names = new Map<unknown, string>();
  readonly #slots = new Map<string, { readonly name: string; readonly read: string }>();
  /** Slots that have been read wherever the code written next runs. */
  #settled = new Set<string>();

  constructor(tests: readonly Test[]) {
    this.#tests = tests;
  }

  around(body: readonly string[]): string {
    const constants = this.bound.map((_, index) => `const c${index} = bound[${index}];`);
    const slots = [...this.#slots.values()].map(({ name }) => `let ${name}, ${name}r = false;`);
    return ['"use strict";', ...constants, 'return (f) => {', ...slots, ...body, 'return -1;', '};'].join('\n');
  }

  formula(formula: Formula): string {
    switch (formula.kind) {
      case 'always':
        return 'true';
      case 'test':
        return this.#test(formula.id);
      case 'all':
      case 'any': {
        const [first, ...rest] = formula.parts;
        if (!first) return String(formula.kind === 'all');
        const texts = [this.formula(first)];
        // Only the first part runs for certain; what the others read is settled among themselves alone.
        const settled = new Set(this.#settled);
        texts.push(...rest.map((part) => this.formula(part)));
        this.#settled = settled;
        return `(${texts.join(formula.kind === 'all' ? ' && ' : ' || ')})`;
      }
    }
  }

  #test(id: number): string {
    const test = this.#tests[id];
    if (!test) throw new Error(`no test ${id}`);
    const { operator, operands, reference, whenMissing, holds } = test;
    const { name, text: value } = this.#read(test);
    const [low, high] = operands;
    const sign = SIGNS[operator];
    // A missing value is undefined, which equals nothing and is neither more nor less than anything.
    if (reference.kind === 'field' && sign && operator !== 'neq') return `${value} ${sign} ${this.#bind(low)}`;
    if (reference.kind === 'field' && operator === 'neq') {
      return `${whenMissing ? value : `${value} !== undefined && ${name}`} !== ${this.#bind(low)}`;
    }
    if (reference.kind === 'field' && operator === 'between') {
      return `${value} >= ${this.#bind(low)} && ${name} <= ${this.#bind(high)}`;
    }
    return `${this.#bind(holds)}(${value})`;
  }

  /** The name of the variable, and an expression that has its value, read when it is first needed. */
  #read({ field, reference }: Test): { name: string; text: string } {
    const known = this.#slots.get(field);
    if (known && this.#settled.has(field)) return { name: known.name, text: known.name };
    this.#settled.add(field);
    if (known) return { name: known.name, text: `(${known.name}r ? ${known.name} : ${known.read})` };
    const name = `v${this.#slots.size}`;
    const source = reference.kind === 'field' ? `f.${reference.name}` : `${this.#bind(readerOf(reference))}(f)`;
    const read = `(${name}r = true, ${name} = ${source})`;
    this.#slots.set(field, { name, read });
    return { name, text: read };
  }

  #bind(value: unknown): string {
    let name = this.#names.get(value);
    if (name === undefined) {
      name = `c${this.bound.push(value) - 1}`;
      this.#names.set(value, name);
    }
    return name;
  }
}
