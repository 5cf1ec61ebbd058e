import { type Leaf, LEAF_VERSION } from './leaf.ts';

/** What following a chain takes of a leaf. */
export interface LeafFacts {
  readonly org: string;
  readonly seq: number;
  readonly prev: string;
  readonly recordedAt: string;
  readonly id: string;
  readonly type: string;
  readonly actorId: string;
  readonly subjectId: string;
  /** The member `intentId` of the data; null where there is none. */
  readonly intentId: unknown;
  /** Digests of what is disclosed, by path. */
  readonly sd: Readonly<Record<string, string>>;
}

export function factsOf(leaf: Leaf): LeafFacts {
  return {
    org: leaf.org,
    seq: leaf.seq,
    prev: leaf.prev,
    recordedAt: leaf.recorded_at,
    id: leaf.id,
    type: leaf.type,
    actorId: leaf.actor.id,
    subjectId: leaf.subject.id,
    intentId: leaf.data['intentId'] ?? null,
    sd: leaf.sd ?? NO_DIGESTS,
  };
}

const NO_DIGESTS: LeafFacts['sd'] = {};

/** Shapes that are kept; leaves of others are read the slow way. */
const MAX_SHAPES = 256;
/** Longest pattern, in UTF-16 code units. Ours need a few thousand; a regular expression of a million is refused by V8. */
const MAX_PATTERN = 100_000;

/**
 * Reads canonical leaves whose like was read before. Those of one type of event have the same members in the same order, so
 * one pattern tells whether a text is a canonical leaf, and takes out what following a chain needs: several times as fast
 * as parsing the text, serialising it anew and comparing the two.
 *
 * It reads only texts of which that comparison would say the same. Others it may pass over: a string that needs an escape,
 * a number of 16 digits, the 29th of February.
 */
export class LeafShapes {
  readonly #byType = new Map<string, Shape[]>();
  #count = 0;

  /** Null when the text is of no shape that was learned. */
  read(text: string): LeafFacts | null {
    for (const shape of this.#byType.get(typeOf(text)) ?? []) {
      const facts = shape.read(text);
      if (facts) return facts;
    }
    return null;
  }

  /** @param leaf what the text says, which was found to be canonical */
  learn(leaf: Leaf, text: string): void {
    if (this.#count === MAX_SHAPES) return;
    const source = patternOf(leaf);
    if (source.length > MAX_PATTERN) return;
    const shape = new Shape(leaf, source);
    // It does not, where the leaf has something that no shape allows for.
    if (shape.read(text) === null) return;
    this.#byType.set(leaf.type, [...(this.#byType.get(leaf.type) ?? []), shape]);
    this.#count += 1;
  }
}

const END = `","v":"${LEAF_VERSION}"}`;

/** The type and the version are a leaf's last members. */
function typeOf(text: string): string {
  const end = text.length - END.length;
  return text.slice(text.lastIndexOf('"', end - 1) + 1, end);
}

/** Within quotes, as it stands: nothing that is escaped, and no surrogate, which might be a lone one. */
const TEXT = '[^"\\\\\\x00-\\x1f\\ud800-\\udfff]*';
const INTEGER = '(?:0|-?[1-9]\\d{0,14})';
const SCALAR = `(?:"${TEXT}"|${INTEGER}|null|true|false)`;
const MONTH_DAY = '(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)';
const INSTANT = `\\d{4}-${MONTH_DAY}T(?:[01]\\d|2[0-3])(?::[0-5]\\d){2}\\.\\d{3}Z`;
/** Matches no text at all. */
const NONE = '(?!)';

/**
 * The pattern's groups stand in the order of the members they are in: the actor's id, the intent's, the entry's, `org`,
 * `prev`, `recorded_at`, the digests, `seq`, the subject's id, `type`.
 */
class Shape {
  readonly #pattern: RegExp;
  readonly #hasIntent: boolean;
  readonly #paths: readonly string[];

  constructor(leaf: Leaf, pattern: string) {
    this.#pattern = new RegExp(pattern);
    this.#hasIntent = typeof leaf.data['intentId'] === 'string';
    this.#paths = sortedNames(leaf.sd ?? {});
  }

  read(text: string): LeafFacts | null {
    const groups = this.#pattern.exec(text);
    if (groups === null) return null;
    const [, actorId = '', intentId = '', id = '', org = '', prev = '', recordedAt = ''] = groups;
    const sd: Record<string, string> = {};
    let next = 7;
    for (const path of this.#paths) sd[path] = groups[next++] ?? '';
    const [seq, subjectId = '', type = ''] = [Number(groups[next]), groups[next + 1], groups[next + 2]];
    return {
      org,
      seq,
      prev,
      recordedAt,
      id,
      type,
      actorId,
      subjectId,
      intentId: this.#hasIntent ? intentId : null,
      sd,
    };
  }
}

function patternOf(leaf: Leaf): string {
  return `^${objectSource(leaf, memberSource)}$`;
}

type SourceOf = (name: string, value: unknown) => string;

/** A pattern for a member of a leaf. What is a text in one is one in all of its shape; only in the data it may change. */
const memberSource: SourceOf = (name, value) => {
  switch (name) {
    case 'org':
    case 'prev':
    case 'id':
    case 'type':
      return `"(${TEXT})"`;
    case 'seq':
      return `(${INTEGER})`;
    case 'occurred_at':
      return `"${INSTANT}"`;
    case 'recorded_at':
      return `"(${INSTANT})"`;
    case 'actor':
    case 'subject':
      return objectSource(value, (inner, member) => (inner === 'id' ? `"(${TEXT})"` : strictSource(member)));
    case 'data':
      return dataSource(value);
    case 'sd':
      return objectSource(value, (path) => (path === '__proto__' ? NONE : `"(${TEXT})"`));
    case 'v':
      return literal(JSON.stringify(value));
    default:
      return strictSource(value);
  }
};

/** With a group for the intent, which is empty where there is none. */
function dataSource(data: unknown): string {
  let group = '()';
  const members = objectSource(data, (name, value) => {
    if (name !== 'intentId' || value === null) return name === 'intentId' ? 'null' : anySource(value);
    group = '';
    return typeof value === 'string' ? `"(${TEXT})"` : NONE;
  });
  return members + group;
}

/** Texts, numbers and the rest each in the place of their own kind. */
function strictSource(value: unknown): string {
  if (typeof value === 'string') return `"${TEXT}"`;
  if (typeof value === 'number') return INTEGER;
  return nestedSource(value, strictSource);
}

/** Any scalar in the place of one, any number of them in a list of such, and null in the place of anything. */
function anySource(value: unknown): string {
  if (isScalar(value)) return SCALAR;
  if (Array.isArray(value) && value.every(isScalar)) return `(?:null|\\[(?:${SCALAR}(?:,${SCALAR})*)?\\])`;
  return `(?:null|${nestedSource(value, anySource)})`;
}

function nestedSource(value: unknown, inner: (value: unknown) => string): string {
  if (Array.isArray(value)) return `\\[${value.map(inner).join(',')}\\]`;
  if (typeof value === 'object' && value !== null) return objectSource(value, (_, member) => inner(member));
  return literal(JSON.stringify(value));
}

function objectSource(object: unknown, inner: SourceOf): string {
  const members = object as Readonly<Record<string, unknown>>;
  const sources = sortedNames(members).map((name) => `${literal(JSON.stringify(name))}:${inner(name, members[name])}`);
  return `\\{${sources.join(',')}\\}`;
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function sortedNames(object: object): string[] {
  return Object.keys(object).sort();
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
