import { type Leaf, parseLeaf, provenValues, WHOLE_DATA } from '@aegis/verify/format/leaf';
import type { StoredEntry } from './stored-entry.ts';

/** An entry as people read it. */
export interface EntryView {
  readonly leaf: Leaf;
  readonly checksum: string;
  /** JSON of the data, with what is disclosed put back in its place and what was erased left out. */
  readonly dataJson: string;
  /** JSON Pointers of the values that were recorded and are erased. */
  readonly erased: readonly string[];
}

/** Null when the stored text is no leaf: a check of the chain then names this entry. */
export function viewEntry(stored: StoredEntry): EntryView | null {
  const leaf = parseLeaf(stored.leaf);
  if (leaf === null) return null;
  const values = provenValues(leaf.sd, stored.disclosures);
  const whole = values.get(WHOLE_DATA);
  const dataJson = typeof whole === 'string' ? asJson(whole) : JSON.stringify(mergeData(leaf.data, values));
  const erased = Object.keys(leaf.sd ?? {}).filter((path) => !values.has(path));
  return { leaf, checksum: stored.leafHash, dataJson, erased };
}

function mergeData(data: Leaf['data'], values: ReadonlyMap<string, unknown>): Leaf['data'] {
  const disclosed = [...values].map(([path, value]) => [path.slice(WHOLE_DATA.length + 1), value] as const);
  return { ...data, ...Object.fromEntries(disclosed) };
}

/** Published data pass through as they are, so that no number loses a digit; what is not JSON becomes a string. */
function asJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}
