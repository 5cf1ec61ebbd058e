import { arrange } from './arrange.ts';
import type { Formula } from './formula.ts';
import { readerOf } from './fields.ts';
import { functionOfText } from './function-of-text.ts';
import type { FirstMatch } from './rule-index.ts';
import { put, type Selectivity } from './selectivity.ts';
import type { Test } from './condition-test.ts';

/**
 * One function for all formulas, one after the other, which the runtime compiles to machine code: the fastest form for a
 * set so small that nothing is won by an index.
 *
 * Nothing that a person wrote is in its text. Operands, tests and the readers of metadata reach it as elements of an
 * array, by their number; the text holds names of fields from the table of fields, and what is written below.
 */
export function generateFirstMatch(
  tests: readonly Test[],
  formulas: readonly Formula[],
  selectivity: Selectivity,
): FirstMatch {
  const text = new Writer(tests);
  const known = new Set<string>();
  const body = formulas.map((formula, rank) => {
    return `if (${text.formula(arrange(formula, selectivity, known))}) return ${rank};`;
  });
  const build = functionOfText<(bound: readonly unknown[]) => FirstMatch>('bound', text.around(body));
  return build(text.bound);
}

/** What a list of one value comes to. */
const ONE_VALUE: Partial<Record<Test['operator'], Test['operator']>> = { in: 'eq', not_in: 'neq' };

/** From as many conditions on the values of one field on, one look-up answers them all. */
const MIN_TABLE = 3;
/** Answers that one number holds. */
const MAX_TABLE = 31;

class Writer {
  readonly bound: unknown[] = [];
  readonly #tests: readonly Test[];
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #names = new Map<unknown, string>();
  readonly #variables = new Map<string, string>();
  /** Variables that have their value wherever the code written next runs. */
  #settled = new Set<string>();

  constructor(tests: readonly Test[]) {
    this.#tests = tests;
    this.#tables = tablesOf(tests);
  }

  around(body: readonly string[]): string {
    const constants = this.bound.map((_, index) => `const c${index} = bound[${index}];`);
    const variables = [...this.#variables.values()].map((name) => `let ${name}, ${name}r = false;`);
    return ['"use strict";', ...constants, 'return (f) => {', ...variables, ...body, 'return -1;', '};'].join('\n');
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
    const { field, operator, reference, holds } = test;
    const table = this.#tables.get(field);
    const bit = table?.bits.get(id);
    if (table && bit !== undefined) {
      const look = () => `${this.#bind(table.answers)}.get(${this.#value(test)}) | 0`;
      return `(${this.#variable(`values of ${field}`, look)} & ${1 << bit}) ${isNegative(operator) ? '===' : '!=='} 0`;
    }
    const value = this.#value(test);
    if (reference.kind === 'field') {
      const comparison = this.#comparison(test, value);
      if (comparison) return comparison;
    }
    return `${this.#bind(holds)}(${value})`;
  }

  /**
   * A comparison written out, for the operators that are faster so. A missing value is undefined, which equals nothing and
   * is neither more nor less than anything.
   */
  #comparison(test: Test, value: string): string | null {
    const { operands, whenMissing } = test;
    const [low, high] = operands;
    const again = () => this.#value(test);
    const operator = operands.length === 1 ? (ONE_VALUE[test.operator] ?? test.operator) : test.operator;
    switch (operator) {
      case 'eq':
        return `${value} === ${this.#bind(low)}`;
      case 'gt':
        return `${value} > ${this.#bind(low)}`;
      case 'gte':
        return `${value} >= ${this.#bind(low)}`;
      case 'lt':
        return `${value} < ${this.#bind(low)}`;
      case 'lte':
        return `${value} <= ${this.#bind(low)}`;
      case 'between':
        return `${value} >= ${this.#bind(low)} && ${again()} <= ${this.#bind(high)}`;
      case 'in':
        return `${this.#bind(new Set(operands))}.has(${value})`;
      case 'neq':
        return whenMissing
          ? `${value} !== ${this.#bind(low)}`
          : `${value} !== undefined && ${again()} !== ${this.#bind(low)}`;
      case 'not_in': {
        const set = this.#bind(new Set(operands));
        return whenMissing ? `!${set}.has(${value})` : `${value} !== undefined && !${set}.has(${again()})`;
      }
      case 'contains':
        return `${value} !== undefined && ${again()}.includes(${this.#bind(low)})`;
      case 'not_contains':
        return whenMissing
          ? `!(${value} !== undefined && ${again()}.includes(${this.#bind(low)}))`
          : `${value} !== undefined && !${again()}.includes(${this.#bind(low)})`;
      case 'starts_with':
        // Most texts begin with another letter, which is seen much sooner than startsWith would say so.
        return `${value} !== undefined && ${again()}.charCodeAt(0) === ${this.#bind(String(low).charCodeAt(0))} && ${again()}.startsWith(${this.#bind(low)})`;
      case 'ends_with':
        return `${value} !== undefined && ${again()}.endsWith(${this.#bind(low)})`;
      case 'matches':
      case 'exists':
        return null;
    }
  }

  #value({ field, reference }: Test): string {
    return this.#variable(field, () =>
      reference.kind === 'field' ? `f.${reference.name}` : `${this.#bind(readerOf(reference))}(f)`,
    );
  }

  /**
   * An expression that has the variable's value, worked out when it is first needed. Its source is written anew at each
   * place, as the variables in it may be settled at one and not at another.
   */
  #variable(key: string, source: () => string): string {
    const known = this.#variables.get(key);
    if (known !== undefined && this.#settled.has(key)) return known;
    const name = known ?? `v${this.#variables.size}`;
    this.#variables.set(key, name);
    const read = `(${name}r = true, ${name} = ${source()})`;
    this.#settled.add(key);
    return known === undefined ? read : `(${name}r ? ${name} : ${read})`;
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

/** Which of a field's tests on single values hold for a value, as bits. */
interface Table {
  readonly bits: Map<number, number>;
  readonly answers: Map<unknown, number>;
}

function tablesOf(tests: readonly Test[]): ReadonlyMap<string, Table> {
  const tables = new Map<string, Table>();
  for (const [id, test] of tests.entries()) {
    if (!isTabular(test)) continue;
    const { bits, answers } = put(tables, test.field, () => ({ bits: new Map(), answers: new Map() }));
    const bit = bits.size;
    if (bit === MAX_TABLE) continue;
    bits.set(id, bit);
    for (const value of test.operands) answers.set(value, (answers.get(value) ?? 0) | (1 << bit));
  }
  for (const [field, { bits }] of tables) if (bits.size < MIN_TABLE) tables.delete(field);
  return tables;
}

/** A missing value is in no table: right for what then fails, and for negations that then hold. */
function isTabular({ operator, whenMissing }: Test): boolean {
  return operator === 'eq' || operator === 'in' || (isNegative(operator) && whenMissing);
}

function isNegative(operator: Test['operator']): boolean {
  return operator === 'neq' || operator === 'not_in';
}
