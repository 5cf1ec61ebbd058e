/** The value has no canonical form in the log; the message says what is wrong, without quoting it. */
export class NotCanonicalError extends Error {
  override readonly name = 'NotCanonicalError';
}

/** Deeper than any event of ours; beyond it the recursion would end in a stack overflow. */
const MAX_DEPTH = 64;

/**
 * Serialises a value as RFC 8785 (JCS) does: no white space, members sorted by the UTF-16 code units of their names,
 * strings escaped as ECMAScript escapes them.
 *
 * Narrower than the RFC on purpose: numbers must be integers up to 2^53 − 1 in size, because other fractions do not
 * survive every JSON implementation. Members that are `undefined` are left out, as JSON.stringify does.
 *
 * @throws NotCanonicalError for any other number, a lone surrogate, a value JSON does not have, or too deep a nesting
 */
export function canonicalJson(value: unknown): string {
  return serialize(value, 0);
}

function serialize(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return serializeString(value);
    case 'number':
      if (!Number.isSafeInteger(value)) throw new NotCanonicalError('a number is not an integer up to 2^53 - 1');
      return value === 0 ? '0' : String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth === MAX_DEPTH) throw new NotCanonicalError(`nested deeper than ${MAX_DEPTH} levels`);
      return Array.isArray(value) ? serializeArray(value, depth + 1) : serializeObject(value, depth + 1);
    default:
      throw new NotCanonicalError(`JSON has no ${typeof value}`);
  }
}

/** Printable ASCII without quote and backslash, which is nearly every string: it stands in JSON as it is. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function serializeString(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw new NotCanonicalError('a string holds a lone surrogate');
  return JSON.stringify(value);
}

function serializeArray(items: readonly unknown[], depth: number): string {
  let out = '[';
  for (let index = 0; index < items.length; index += 1) {
    if (index > 0) out += ',';
    out += serialize(items[index], depth);
  }
  return `${out}]`;
}

function serializeObject(object: object, depth: number): string {
  const members = object as Record<string, unknown>;
  const names = Object.keys(members);
  // Without a comparator, sort() compares UTF-16 code units: the order RFC 8785 asks for.
  if (!isSorted(names)) names.sort();
  let out = '{';
  for (const name of names) {
    const member = members[name];
    if (member === undefined) continue;
    if (out.length > 1) out += ',';
    out += serializeName(name) + serialize(member, depth);
  }
  return `${out}}`;
}

function isSorted(names: readonly string[]): boolean {
  let before = '';
  for (const name of names) {
    if (name < before) return false;
    before = name;
  }
  return true;
}

/** As it stands before a value. Names are few and come again and again; what they once gave is kept, up to a number. */
function serializeName(name: string): string {
  const known = NAMES.get(name);
  if (known !== undefined) return known;
  const text = `${serializeString(name)}:`;
  if (NAMES.size < MAX_NAMES && name.length <= MAX_NAME_LENGTH) NAMES.set(name, text);
  return text;
}

const NAMES = new Map<string, string>();
const MAX_NAMES = 1_000;
const MAX_NAME_LENGTH = 64;
