/**
 * Where checkpoints are kept out of the database's reach, so that a log which was cut, or rewritten with all its
 * checksums, is found out. A directory is one such place; a bucket that nothing can be deleted from would be another.
 */
export interface CheckpointPlace {
  /** Keeps a checkpoint, durably once it resolves; one of a smaller log never replaces one of a larger. */
  keep(organizationId: string, note: string, signedAt: Date): Promise<void>;
  /** All that are kept of an organisation, older ones first. */
  list(organizationId: string): Promise<readonly string[]>;
  /** The last one kept; null when there is none. */
  latest(organizationId: string): Promise<string | null>;
}
