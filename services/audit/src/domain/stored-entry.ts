import type { Disclosures } from '@aegis/verify/format/leaf';

/** An entry as the database holds it: the leaf's exact text, and the columns that repeat parts of it for look-ups. */
export interface StoredEntry {
  readonly organizationId: string;
  readonly seq: number;
  readonly eventId: string;
  readonly type: string;
  readonly actorId: string;
  readonly subjectId: string;
  readonly intentId: string | null;
  /** RFC 3339 UTC in milliseconds. */
  readonly recordedAt: string;
  /** Hex. */
  readonly leafHash: string;
  readonly leaf: string;
  /** Encoded disclosures by path; what was erased is absent. */
  readonly disclosures: Disclosures;
}

/** What following the links takes of an entry. */
export type LeafRow = Pick<StoredEntry, 'seq' | 'leaf' | 'leafHash'>;

/** What an entry says, without the columns that repeat some of it. */
export type DisclosedLeaf = Pick<StoredEntry, 'seq' | 'leaf' | 'disclosures'>;

/** What the database itself computed of the leaves of a range, in order. */
export interface LinkPage {
  readonly range: { readonly from: number; readonly to: number };
  /** Whether every leaf gives its stored checksum. */
  readonly intact: boolean;
  /** The stored checksums one after another, `HASH_BYTES` each. */
  readonly hashes: Buffer;
  /** The checksum before it that each leaf names, one after another in hex. */
  readonly links: string;
}

/** Where an entry stands and what it is, without its content. */
export interface EntryReference {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly checksum: string;
}
