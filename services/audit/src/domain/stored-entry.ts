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

/** What following the chain takes of an entry. */
export type LeafRow = Pick<StoredEntry, 'seq' | 'leaf' | 'leafHash'>;

/** Where an entry stands and what it is, without its content. */
export interface EntryReference {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly checksum: string;
}
