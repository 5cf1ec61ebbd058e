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
  return isInOrder(value, 0) ? JSON.stringify(value) : serialize(value, 0);
}

/** Whether JSON.stringify, several times as fast, would write the canonical form: so it is for a leaf read back. */
function isInOrder(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed();
    case 'number':
      return Number.isSafeInteger(value);
    case 'boolean':
      return true;
    case 'object':
      if (value === null) return true;
      if (depth === MAX_DEPTH) return false;
      if (Array.isArray(value)) return value.every((item) => isInOrder(item, depth + 1));
      return hasNamesInOrder(value as Record<string, unknown>, depth + 1);
    default:
      return false;
  }
}

function hasNamesInOrder(members: Readonly<Record<string, unknown>>, depth: number): boolean {
  let before = '';
  for (const name in members) {
    if (name < before || !name.isWellFormed() || !isInOrder(members[name], depth)) return false;
    before = name;
  }
  return true;
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

function serializeString(value: string): string {
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
  let out = '{';
  // Without a comparator, sort() compares UTF-16 code units: the order RFC 8785 asks for.
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    if (member === undefined) continue;
    if (out.length > 1) out += ',';
    out += `${serializeString(name)}:${serialize(member, depth)}`;
  }
  return `${out}}`;
}
