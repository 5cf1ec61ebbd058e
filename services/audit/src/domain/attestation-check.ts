import { type Checkpoint, openCheckpoint } from '@aegis/verify/format/checkpoint';
import { FormatError } from '@aegis/verify/format/format-error';
import type { Verifier } from '@aegis/verify/format/note';
import type { Fault } from './chain-check.ts';

/** A checkpoint as the database holds it: the columns beside the note repeat what it says. */
export interface StoredAttestation {
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
}

interface Attestation {
  /** What is signed; null when nothing is, by a key of this log. */
  readonly checkpoint: Checkpoint | null;
  readonly kind: 'checkpoint' | 'outside';
}

/** Compares a log, as it is read from its beginning, with the checkpoints that were signed of it, here and outside. */
export class AttestationCheck {
  readonly #verifiers: readonly Verifier[];
  /** What is attested of each size that is still to come. */
  readonly #bySize = new Map<number, Attestation[]>();

  constructor(verifiers: readonly Verifier[], outside: readonly string[]) {
    this.#verifiers = verifiers;
    for (const note of outside) {
      const checkpoint = this.#open(note);
      // A note that is not this log's speaks against the log as a whole.
      this.#add(checkpoint?.size ?? 1, { checkpoint, kind: 'outside' });
    }
  }

  /** Takes the stored checkpoints of the sizes that come next. */
  expect(stored: readonly StoredAttestation[]): void {
    for (const { size, root, note } of stored) {
      const checkpoint = this.#open(note);
      const agrees = checkpoint?.size === size && checkpoint.root.equals(root);
      this.#add(size, { checkpoint: agrees ? checkpoint : null, kind: 'checkpoint' });
    }
  }

  /** Compares what is attested of the log of `size` entries; the fault names its last one. */
  at(size: number, tree: { root(): Buffer }): Fault | null {
    const attestations = this.#bySize.get(size);
    if (!attestations) return null;
    this.#bySize.delete(size);
    const root = tree.root();
    const wrong = attestations.find(({ checkpoint }) => !checkpoint?.root.equals(root));
    return wrong ? { seq: size - 1, kind: wrong.kind } : null;
  }

  /** Whether more is attested than the log's `size` entries: `stored` is the size of the last stored checkpoint. */
  end(size: number, stored: number): Fault | null {
    const left = [...this.#bySize].filter(([attested]) => attested > 0);
    const unsigned = left.find(([, attestations]) => attestations.some(({ checkpoint }) => checkpoint === null));
    if (unsigned) return { seq: 0, kind: 'outside' };
    return stored > size || left.length > 0 ? { seq: size, kind: 'cut' } : null;
  }

  #add(size: number, attestation: Attestation): void {
    this.#bySize.set(size, [...(this.#bySize.get(size) ?? []), attestation]);
  }

  #open(note: string): Checkpoint | null {
    try {
      return openCheckpoint(note, this.#verifiers);
    } catch (error) {
      if (error instanceof FormatError) return null;
      throw error;
    }
  }
}
