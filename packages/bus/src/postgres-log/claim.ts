import type { Partition, Reader } from './partition.ts';

/** How long a member may believe that what it owns is still its own, by this process' monotonic clock. */
export class Lease {
  #until = 0;

  /** The renewal was sent at `sentAt` (performance.now()); the database granted `ms` at some later moment. */
  renew(sentAt: number, ms: number): void {
    this.#until = sentAt + ms;
  }

  isOver(): boolean {
    return performance.now() >= this.#until;
  }
}

/**
 * A partition while this member owns it. Once given up or lost, a claim stays so: who gets the partition again makes a
 * new one from the committed offset, so what was skipped under the old one is not passed over.
 */
export class Claim implements Reader {
  readonly partition: Partition;
  /** The offset to take next. */
  position: number;
  /** The offset up to which everything is handled. */
  past: number;
  /** When messages were last taken, by performance.now(). */
  takenAt = 0;
  readonly #lease: Lease;
  readonly #onWake: () => void;
  #state: 'held' | 'leaving' | 'lost' = 'held';

  constructor(partition: Partition, committed: number, lease: Lease, onWake: () => void) {
    this.partition = partition;
    this.position = committed;
    this.past = committed;
    this.#lease = lease;
    this.#onWake = onWake;
    partition.readers.add(this);
  }

  wake(): void {
    this.#onWake();
  }

  isHeld(): boolean {
    if (this.#state === 'held' && this.#lease.isOver()) this.lose();
    return this.#state === 'held';
  }

  /** Takes no more. What is handled already may still be committed. */
  leave(): void {
    if (this.#state === 'held') this.#state = 'leaving';
    this.partition.readers.delete(this);
  }

  /** Somebody else may own the partition by now. */
  lose(): void {
    this.#state = 'lost';
    this.partition.readers.delete(this);
  }

  isLost(): boolean {
    return this.#state === 'lost';
  }
}
