import { canonicalJson, NotCanonicalError } from './canonical-json.ts';
import { GENESIS_HASH } from './leaf.ts';
import { leafHash } from '@aegis/verify/format/hashing';
import { type Leaf, parseLeaf, provenValues, type StoredEntry } from './stored-entry.ts';

/** What may be wrong with a chain, in the order in which an entry is checked. */
export const FAULTS = {
  missing: 'the entry is missing',
  checksum: 'the stored bytes do not give the stored checksum',
  format: 'the stored bytes are not a leaf in canonical form',
  position: 'the leaf belongs to another organisation or another place',
  link: 'the leaf does not name the checksum of the entry before it',
  time: 'the entry was recorded before the one it follows',
  columns: 'the columns for look-ups differ from the leaf',
  disclosure: 'a disclosed value is not the one that was recorded',
  head: 'the checksum of the last entry is not the one the chain is known to have here',
  beyond: 'the entry stands beyond the end of the chain',
} as const;

export interface Fault {
  readonly seq: number;
  readonly kind: keyof typeof FAULTS;
}

export function describeFault({ seq, kind }: Fault): string {
  return `seq ${seq}: ${FAULTS[kind]}`;
}

/** Where a check stands: `size` entries lie behind it, the last of which has the checksum `head`. */
export interface ChainPosition {
  readonly size: number;
  readonly head: string;
}

export const CHAIN_START: ChainPosition = { size: 0, head: GENESIS_HASH };

/** An entry found in order, with its leaf and the disclosed values by path. */
export interface CheckedEntry {
  readonly stored: StoredEntry;
  readonly leaf: Leaf;
  readonly disclosed: ReadonlyMap<string, unknown>;
}

export type CheckResult =
  | { readonly ok: true; readonly entry: CheckedEntry }
  | { readonly ok: false; readonly fault: Fault };

/** Follows one organisation's chain entry by entry, trusting nothing but the bytes of the leaves. */
export class ChainCheck {
  readonly #organizationId: string;
  #size: number;
  #head: string;
  #recordedAt = '';

  constructor(organizationId: string, start: ChainPosition = CHAIN_START) {
    this.#organizationId = organizationId;
    this.#size = start.size;
    this.#head = start.head;
  }

  get position(): ChainPosition {
    return { size: this.#size, head: this.#head };
  }

  /** Takes the next stored entry; after a fault the check is over. */
  next(stored: StoredEntry): CheckResult {
    if (stored.seq !== this.#size) return this.#fault('missing');
    if (leafHash(stored.leaf) !== stored.leafHash) return this.#fault('checksum');
    const leaf = parseLeaf(stored.leaf);
    if (leaf === null || !isCanonical(leaf, stored.leaf)) return this.#fault('format');
    if (leaf.seq !== this.#size || leaf.org !== this.#organizationId) return this.#fault('position');
    if (leaf.prev !== this.#head) return this.#fault('link');
    if (leaf.recorded_at < this.#recordedAt) return this.#fault('time');
    if (!columnsAgree(stored, leaf)) return this.#fault('columns');
    const disclosed = provenValues(leaf.sd, stored.disclosures);
    if (disclosed.size !== Object.keys(stored.disclosures).length) return this.#fault('disclosure');
    this.#size += 1;
    this.#head = stored.leafHash;
    this.#recordedAt = leaf.recorded_at;
    return { ok: true, entry: { stored, leaf, disclosed } };
  }

  /** Compares where the entries ended with where they should. */
  end(expected: ChainPosition): Fault | null {
    if (this.#size < expected.size) return { seq: this.#size, kind: 'missing' };
    return this.#head === expected.head ? null : { seq: Math.max(this.#size - 1, 0), kind: 'head' };
  }

  #fault(kind: Fault['kind']): CheckResult {
    return { ok: false, fault: { seq: this.#size, kind } };
  }
}

/** Catches other spellings of the same value, duplicate members among them. */
function isCanonical(leaf: Leaf, text: string): boolean {
  try {
    return canonicalJson(leaf) === text;
  } catch (error) {
    if (error instanceof NotCanonicalError) return false;
    throw error;
  }
}

function columnsAgree(stored: StoredEntry, leaf: Leaf): boolean {
  return (
    stored.organizationId === leaf.org &&
    stored.eventId === leaf.id &&
    stored.type === leaf.type &&
    stored.actorId === leaf.actor.id &&
    stored.subjectId === leaf.subject.id &&
    stored.intentId === (leaf.data['intentId'] ?? null) &&
    stored.recordedAt === leaf.recorded_at
  );
}
