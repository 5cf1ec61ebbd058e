import { leafHash } from './hashing.ts';
import { type Disclosures, GENESIS_HASH, type Leaf, provenValues } from './leaf.ts';
import { LeafReader } from './leaf-reader.ts';
import type { LeafOutline } from './leaf-outline.ts';

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
export class ProvenLeaf {
  readonly outline: LeafOutline;
  readonly leafHash: string;
  readonly disclosed: ReadonlyMap<string, unknown>;
  readonly #text: string;
  #leaf: Leaf | null = null;

  constructor(text: string, found: Pick<ProvenLeaf, 'outline' | 'leafHash' | 'disclosed'>) {
    this.#text = text;
    this.outline = found.outline;
    this.leafHash = found.leafHash;
    this.disclosed = found.disclosed;
  }

  /** Parsed when asked for: neither a check of the chain nor the base columns need more than the outline. */
  get leaf(): Leaf {
    return (this.#leaf ??= JSON.parse(this.#text) as Leaf);
  }
}

export type LeafResult =
  | { readonly ok: true; readonly entry: ProvenLeaf }
  | { readonly ok: false; readonly fault: LeafFault };

/** Follows one organisation's chain leaf by leaf, trusting nothing but the bytes of the leaves. */
export class LeafChain {
  readonly #organizationId: string;
  readonly #reader = new LeafReader();
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
    const outline = this.#reader.read(text.leaf);
    if (outline === null) return this.#fault('format');
    if (outline.seq !== this.#size || outline.org !== this.#organizationId) return this.#fault('position');
    if (outline.prev !== this.#head) return this.#fault('link');
    if (outline.recorded_at < this.#recordedAt) return this.#fault('time');
    const disclosed = provenValues(outline.sd, text.disclosures);
    if (disclosed.size !== Object.keys(text.disclosures).length) return this.#fault('disclosure');
    this.#size += 1;
    this.#head = hash;
    this.#recordedAt = outline.recorded_at;
    return { ok: true, entry: new ProvenLeaf(text.leaf, { outline, leafHash: hash, disclosed }) };
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
