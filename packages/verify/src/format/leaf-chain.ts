import { canonicalJson, NotCanonicalError } from './canonical-json.ts';
import { leafHash } from './hashing.ts';
import { type Disclosures, GENESIS_HASH, type Leaf, parseLeaf, provenValues } from './leaf.ts';

/** What may be wrong with a leaf in its chain, in the order in which it is checked. */
export const LEAF_FAULTS = {
  missing: 'the entry is missing',
  checksum: 'the stored bytes do not give the stored checksum',
  format: 'the stored bytes are not a leaf in canonical form',
  position: 'the leaf belongs to another organisation or another place',
  link: 'the leaf does not name the checksum of the entry before it',
  time: 'the entry was recorded before the one it follows',
  disclosure: 'a disclosed value is not the one that was recorded',
  head: 'the checksum of the last entry is not the one the chain is known to have here',
} as const;

export interface LeafFault {
  readonly seq: number;
  readonly kind: keyof typeof LEAF_FAULTS;
}

/** Where a check stands: `size` entries lie behind it, the last of which has the checksum `head`. */
export interface ChainPosition {
  readonly size: number;
  readonly head: string;
}

export const CHAIN_START: ChainPosition = { size: 0, head: GENESIS_HASH };

/** What is wrong where a check ended, if it should have ended at `expected`. */
export function endFault({ size, head }: ChainPosition, expected: ChainPosition): LeafFault | null {
  if (size < expected.size) return { seq: size, kind: 'missing' };
  return head === expected.head ? null : { seq: Math.max(size - 1, 0), kind: 'head' };
}

/** The exact text of a leaf, and what shows the values it holds only as digests. */
export interface LeafText {
  readonly leaf: string;
  /** Hex, where one is stored beside the leaf. */
  readonly leafHash?: string;
  readonly disclosures: Disclosures;
}

/** A leaf found in order, with the disclosed values by path. */
export interface ProvenLeaf {
  readonly leaf: Leaf;
  readonly leafHash: string;
  readonly disclosed: ReadonlyMap<string, unknown>;
}

export type LeafResult =
  | { readonly ok: true; readonly entry: ProvenLeaf }
  | { readonly ok: false; readonly fault: LeafFault };

/** Follows one organisation's chain leaf by leaf, trusting nothing but the bytes of the leaves. */
export class LeafChain {
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

  /** Takes the next leaf; after a fault the check is over. */
  next(text: LeafText): LeafResult {
    const hash = leafHash(text.leaf);
    if (text.leafHash !== undefined && hash !== text.leafHash) return this.#fault('checksum');
    const leaf = parseLeaf(text.leaf);
    if (leaf === null || !isCanonical(leaf, text.leaf)) return this.#fault('format');
    if (leaf.seq !== this.#size || leaf.org !== this.#organizationId) return this.#fault('position');
    if (leaf.prev !== this.#head) return this.#fault('link');
    if (leaf.recorded_at < this.#recordedAt) return this.#fault('time');
    const disclosed = provenValues(leaf.sd, text.disclosures);
    if (disclosed.size !== Object.keys(text.disclosures).length) return this.#fault('disclosure');
    this.#size += 1;
    this.#head = hash;
    this.#recordedAt = leaf.recorded_at;
    return { ok: true, entry: { leaf, leafHash: hash, disclosed } };
  }

  /** Takes an entry whose leaf is withheld: the link of the next one, and the tree, answer for its checksum. */
  skip(hash: string): void {
    this.#size += 1;
    this.#head = hash;
  }

  /** Compares where the leaves ended with where they should. */
  end(expected: ChainPosition): LeafFault | null {
    return endFault(this.position, expected);
  }

  #fault(kind: LeafFault['kind']): LeafResult {
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
