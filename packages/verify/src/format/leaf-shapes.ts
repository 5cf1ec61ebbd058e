import { type Leaf, LEAF_VERSION } from './leaf.ts';
import { type LeafOutline, OUTLINED, type OutlinedData } from './leaf-outline.ts';

/** Shapes that are kept; leaves of others are read the slow way. */
const MAX_SHAPES = 256;
/** Longest pattern, in UTF-16 code units. Ours need a few thousand; a regular expression of a million is refused by V8. */
const MAX_PATTERN = 100_000;

/**
 * Reads canonical leaves whose like was read before. Those of one type of event have the same members in the same order, so
 * one pattern tells whether a text is a canonical leaf, and takes out its outline: several times as fast as parsing the
 * text, serialising it anew and comparing the two.
 *
 * It reads only texts of which that comparison would say the same. Others it may pass over: a string that needs an escape,
 * a number of 16 digits, the 29th of February.
 */
export class LeafShapes {
  readonly #byType = new Map<string, Shape[]>();
  #count = 0;

  /** Null when the text is of no shape that was learned. */
  read(text: string): LeafOutline | null {
    for (const shape of this.#byType.get(typeOf(text)) ?? []) {
      const outline = shape.read(text);
      if (outline) return outline;
    }
    return null;
  }

  /** @param leaf what the text says, which was found to be canonical */
  learn(leaf: Leaf, text: string): void {
    if (this.#count === MAX_SHAPES) return;
    const pattern = patternOf(leaf);
    if (pattern.source.length > MAX_PATTERN) return;
    const shape = new Shape(pattern);
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

/** Which groups of a pattern hold what: names in the order of the groups, for the data the groups by name. */
interface Slots {
  readonly actor: string[];
  readonly sd: string[];
  readonly subject: string[];
  readonly data: Map<string, number | Map<string, number>>;
  /** Groups that hold a member of the data, or one of an object in it. */
  dataGroups: number;
}

class Shape {
  readonly #pattern: RegExp;
  readonly #slots: Slots;

  constructor({ source, slots }: { readonly source: string; readonly slots: Slots }) {
    this.#pattern = new RegExp(source);
    this.#slots = slots;
  }

  read(text: string): LeafOutline | null {
    const groups = this.#pattern.exec(text);
    return groups === null ? null : new MatchedLeaf(groups, this.#slots);
  }
}

/** The groups stand in the order of the members they are in, which is that of their names. */
class MatchedLeaf implements LeafOutline {
  readonly v = LEAF_VERSION;
  readonly actor: LeafOutline['actor'];
  readonly id: string;
  readonly occurred_at: string;
  readonly org: string;
  readonly prev: string;
  readonly recorded_at: string;
  readonly sd: Readonly<Record<string, string>>;
  readonly seq: number;
  readonly subject: LeafOutline['subject'];
  readonly type: string;
  readonly data: OutlinedData;

  constructor(groups: readonly string[], slots: Slots) {
    let at = 1;
    const texts = (names: readonly string[]): Record<string, string> => {
      const members: Record<string, string> = {};
      for (const name of names) members[name] = groups[at++] as string;
      return members;
    };
    this.actor = texts(slots.actor) as unknown as LeafOutline['actor'];
    this.data = new MatchedData(groups, at, slots.data) as OutlinedData;
    at += slots.dataGroups;
    this.id = groups[at++] as string;
    this.occurred_at = groups[at++] as string;
    this.org = groups[at++] as string;
    this.prev = groups[at++] as string;
    this.recorded_at = groups[at++] as string;
    this.sd = texts(slots.sd);
    this.seq = Number(groups[at++]);
    this.subject = texts(slots.subject) as unknown as LeafOutline['subject'];
    this.type = groups[at] as string;
  }
}

/**
 * The members of the data that an outline has, read from the groups when they are asked for: a check of the chain wants one of
 * them, a row of records a dozen.
 */
class MatchedData {
  readonly #groups: readonly (string | undefined)[];
  readonly #at: number;
  readonly #slots: Slots['data'];

  /** @param at the first group of the data */
  constructor(groups: readonly (string | undefined)[], at: number, slots: Slots['data']) {
    this.#groups = groups;
    this.#at = at;
    this.#slots = slots;
  }

  static {
    for (const name in OUTLINED) {
      Object.defineProperty(this.prototype, name, {
        get(this: MatchedData) {
          return this.#member(name);
        },
      });
    }
  }

  #member(name: string): unknown {
    const slot = this.#slots.get(name);
    if (slot === undefined) return null;
    if (typeof slot === 'number') return this.#scalar(slot);
    const members: Record<string, unknown> = {};
    for (const [inner, group] of slot) members[inner] = this.#scalar(group);
    return members;
  }

  #scalar(slot: number): unknown {
    return scalarOf(this.#groups[this.#at + slot]);
  }
}

/** The value of what `SCALAR` matches; nothing where the group stands in an object that is null here. */
function scalarOf(json: string | undefined): unknown {
  if (json === undefined) return null;
  if (json.startsWith('"')) return json.slice(1, -1);
  if (json === 'null') return null;
  if (json === 'true' || json === 'false') return json === 'true';
  return Number(json);
}

type SourceOf = (name: string, value: unknown) => string;

function patternOf(leaf: Leaf): { readonly source: string; readonly slots: Slots } {
  const slots: Slots = { actor: [], sd: [], subject: [], data: new Map(), dataGroups: 0 };
  /** Members that are texts; where one is anything else, no other leaf is of this shape. */
  const texts = (section: 'actor' | 'sd' | 'subject', object: unknown): string =>
    objectSource(object, (name, value) => {
      if (typeof value !== 'string' || name === '__proto__') return NONE;
      slots[section].push(name);
      return `"(${TEXT})"`;
    });
  const dataGroup = (members: Slots['data'] | Map<string, number>, name: string): string => {
    members.set(name, slots.dataGroups);
    slots.dataGroups += 1;
    return `(${SCALAR})`;
  };

  /** A member of the data: in the place of a scalar any other, in that of a list or an object also null. */
  const dataMember: SourceOf = (name, value) => {
    const outlined = Object.hasOwn(OUTLINED, name) ? OUTLINED[name as keyof typeof OUTLINED] : undefined;
    if (outlined === null && isScalar(value)) return dataGroup(slots.data, name);
    if (!outlined || isScalar(value) || Array.isArray(value)) return anySource(value);
    const names: readonly string[] = outlined;
    const inner = new Map<string, number>();
    slots.data.set(name, inner);
    const members = objectSource(value, (own, member) =>
      names.includes(own) && isScalar(member) ? dataGroup(inner, own) : anySource(member),
    );
    return `(?:null|${members})`;
  };

  /** A member of the leaf. What is a text in one is one in all of its shape; only in the data it may change. */
  const leafMember: SourceOf = (name, value) => {
    switch (name) {
      case 'org':
      case 'prev':
      case 'id':
      case 'type':
        return `"(${TEXT})"`;
      case 'seq':
        return `(${INTEGER})`;
      case 'occurred_at':
      case 'recorded_at':
        return `"(${INSTANT})"`;
      case 'actor':
      case 'subject':
      case 'sd':
        return texts(name, value);
      case 'data':
        return objectSource(value, dataMember);
      case 'v':
        return literal(JSON.stringify(value));
      default:
        return strictSource(value);
    }
  };
  return { source: `^${objectSource(leaf, leafMember)}$`, slots };
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
