import { parseLeaf, provenValues } from '@aegis/verify/format/leaf';
import { readDisclosure } from '@aegis/verify/format/disclosure';
import type { StoredEntry } from './stored-entry.ts';

/** Tells whether an entry's data, what it discloses included, holds a text; upper and lower case are the same. */
export function textMatcher(text: string): (entry: StoredEntry) => boolean {
  const wanted = text.toLowerCase();
  // As it would stand within the JSON of a leaf: most entries are passed over without being parsed.
  const written = JSON.stringify(wanted).slice(1, -1);
  return (entry) => {
    const disclosed = Object.values(entry.disclosures).some((encoded) => holds(readDisclosure(encoded)?.value, wanted));
    if (!disclosed && !entry.leaf.toLowerCase().includes(written)) return false;
    const leaf = parseLeaf(entry.leaf);
    if (leaf === null) return false;
    if (holds(leaf.data, wanted)) return true;
    return [...provenValues(leaf.sd, entry.disclosures).values()].some((value) => holds(value, wanted));
  };
}

/** Whether any string or number within the value holds the text; names of members do not count. */
function holds(value: unknown, wanted: string): boolean {
  if (typeof value === 'string') return value.toLowerCase().includes(wanted);
  if (typeof value === 'number') return String(value).includes(wanted);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member) => holds(member, wanted));
}
