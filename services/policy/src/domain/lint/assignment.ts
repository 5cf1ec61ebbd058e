import type { Fields } from '../rules/fields.ts';
import { type Candidate, STRUCTURE } from './candidates.ts';

/** The first candidate of every field, as conditions look at them. */
export function assignment(candidates: ReadonlyMap<string, readonly Candidate[]>): Fields {
  const fields: Record<string, unknown> = { metadata: metadataOf(candidates) };
  for (const [field, [first]] of candidates) {
    if (!field.startsWith(PREFIX)) fields[field] = first?.value;
  }
  // Candidates have the types of their fields.
  return fields as unknown as Fields;
}

const PREFIX = 'metadata.';

/**
 * Metadata that has the first candidate of every path. Where one path leads through another the inner value is written,
 * if the outer one may be a structure.
 */
export function metadataOf(candidates: ReadonlyMap<string, readonly Candidate[]>): Record<string, unknown> | null {
  const root: Record<string, unknown> = {};
  const paths = [...candidates].flatMap(([field, values]) =>
    field.startsWith(PREFIX) ? [{ keys: field.slice(PREFIX.length).split('.'), values }] : [],
  );
  for (const { keys, values } of paths.toSorted((a, b) => b.keys.length - a.keys.length)) {
    const value = values[0]?.value;
    if (value === undefined || keys.includes('__proto__')) continue;
    const outer = keys.slice(0, -1).reduce<Record<string, unknown>>((level, key) => {
      const inner = Object.hasOwn(level, key) ? level[key] : undefined;
      const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
      level[key] = next;
      return next;
    }, root);
    const last = keys.at(-1) ?? '';
    const holdsInner = Object.hasOwn(outer, last);
    if (holdsInner && values.some((candidate) => candidate.value === STRUCTURE)) continue;
    outer[last] = value === STRUCTURE ? {} : value;
  }
  return Object.keys(root).length > 0 ? root : null;
}
