import {
  CHAIN_START,
  type ChainPosition,
  LEAF_FAULTS,
  LeafChain,
  type LeafFault,
  type LeafText,
  type ProvenLeaf,
} from '@aegis/verify/format/leaf-chain';
import type { LeafOutline } from '@aegis/verify/format/leaf-outline';
import type { StoredEntry } from './stored-entry.ts';

/** What may be wrong with the chain as the database holds it. */
export const FAULTS = {
  ...LEAF_FAULTS,
  columns: 'the columns for look-ups differ from the leaf',
  beyond: 'the entry stands beyond the end of the chain',
  tile: 'the stored Merkle tree differs from here on from that of the leaves',
  checkpoint: 'a signed checkpoint attests another log up to here, or is not validly signed',
  outside: 'a checkpoint kept outside attests another log up to here, or is not signed with a key of this log',
  cut: 'the log ends here, but a checkpoint attests more entries',
  tree: 'the stored end of the Merkle tree is not that of the leaves',
} as const;

export interface Fault {
  readonly seq: number;
  readonly kind: keyof typeof FAULTS;
}

export function describeFault({ seq, kind }: Fault): string {
  return `seq ${seq}: ${FAULTS[kind]}`;
}

export type CheckResult =
  | { readonly ok: true; readonly entry: ProvenLeaf }
  | { readonly ok: false; readonly fault: Fault };

/** Follows one organisation's chain entry by entry as `LeafChain` does, and compares what the database holds beside it. */
export class ChainCheck {
  readonly #chain: LeafChain;

  constructor(organizationId: string, start: ChainPosition = CHAIN_START) {
    this.#chain = new LeafChain(organizationId, start);
  }

  get position(): ChainPosition {
    return this.#chain.position;
  }

  /** Takes the next stored entry; after a fault the check is over. */
  next(stored: StoredEntry): CheckResult {
    const result = this.nextLeaf(stored);
    if (!result.ok || columnsAgree(stored, result.entry.outline)) return result;
    return { ok: false, fault: { seq: stored.seq, kind: 'columns' } };
  }

  /** Takes the next one without its columns, where nothing depends on them. */
  nextLeaf(stored: LeafText & Pick<StoredEntry, 'seq'>): CheckResult {
    const seq = this.#chain.position.size;
    return stored.seq === seq ? this.#chain.next(stored) : { ok: false, fault: { seq, kind: 'missing' } };
  }

  /** Compares where the entries ended with where they should. */
  end(expected: ChainPosition): LeafFault | null {
    return this.#chain.end(expected);
  }
}

function columnsAgree(stored: StoredEntry, leaf: LeafOutline): boolean {
  return (
    stored.organizationId === leaf.org &&
    stored.eventId === leaf.id &&
    stored.type === leaf.type &&
    stored.actorId === leaf.actor.id &&
    stored.subjectId === leaf.subject.id &&
    stored.intentId === (leaf.data.intentId ?? null) &&
    stored.recordedAt === leaf.recorded_at
  );
}
