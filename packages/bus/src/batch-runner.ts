import { deadLetters } from '@aegis/runtime/domain-metrics';
import { backOffMs, pause } from './back-off.ts';
import { deadLetterOf } from './dead-letters.ts';
import type { Log } from './log.ts';
import { type BatchHandler, type BusMessage, DEAD_LETTER_TOPIC, type Delivery, PermanentError } from './port.ts';

/** Messages of one partition, in order, taken by whoever holds the partition. */
export interface Slice {
  readonly deliveries: readonly Delivery[];
  /** False from the moment the partition is given up or lost, and then for good: the next owner handles what is left. */
  isHeld(): boolean;
  /** How many messages of the slice, from its start, need no more work. The runner advances it. */
  handled: number;
}

export interface BatchRunnerOptions {
  readonly group: string;
  readonly handle: BatchHandler;
  readonly isPermanent?: ((error: unknown) => boolean) | undefined;
  readonly publish: (messages: readonly BusMessage[]) => Promise<void>;
  readonly onAttempt: (outcome: { readonly error: unknown } | 'handled') => void;
  /** Aborted by `stop()`: the attempt in flight ends by itself, no other begins. */
  readonly stopping: AbortSignal;
  readonly log: Log;
}

export type BatchRunner = (slices: readonly Slice[]) => Promise<void>;

/** A part of a slice: messages `from` up to but not including `to`. */
interface Piece {
  readonly slice: Slice;
  readonly from: number;
  readonly to: number;
}

/**
 * Handles slices as one batch. What fails permanently is cut in half until one message stands alone, which goes to the
 * dead letters; what fails otherwise is tried again until it succeeds. Halves are handled one after the other, so the
 * order within a partition stays. Resolves when nothing is left that is still held, or at `stop()`.
 */
export function createBatchRunner(options: BatchRunnerOptions): BatchRunner {
  const { group, handle, publish, onAttempt, stopping, log } = options;
  // From the start, so that the first one counts as an increase.
  deadLetters.add(0, { group });
  const isPermanent = options.isPermanent ?? ((error: unknown) => error instanceof PermanentError);

  async function run(pieces: readonly Piece[]): Promise<void> {
    for (let attempt = 0; !stopping.aborted; attempt += 1) {
      const held = pieces.filter((piece) => piece.slice.isHeld());
      const batch = deliveriesOf(held);
      try {
        // Nothing is left when all of it has gone to another owner since the last attempt.
        if (batch.length > 0) await handle(batch);
        advance(held);
        onAttempt('handled');
        return;
      } catch (error) {
        if (isPermanent(error)) return batch.length === 1 ? bury(held, batch, error) : bisect(held, batch.length);
        await fail(error, attempt, 'handling failed, trying again');
      }
    }
  }

  async function bisect(pieces: readonly Piece[], count: number): Promise<void> {
    const [left, right] = halve(pieces, count >> 1);
    await run(left);
    await run(right);
  }

  async function bury(pieces: readonly Piece[], batch: readonly Delivery[], error: unknown): Promise<void> {
    const letters = batch.map((delivery) => deadLetterOf(delivery, { group, error, at: Date.now() }));
    for (let attempt = 0; !stopping.aborted; attempt += 1) {
      try {
        // A dead letter that its reader cannot handle is already where it belongs.
        await publish(letters.filter((letter) => letter.headers.dl_topic !== DEAD_LETTER_TOPIC));
        log.error({ err: error, group, deadLetters: letters.map(origin) }, 'message moved to the dead letters');
        deadLetters.add(letters.length, { group });
        advance(pieces);
        onAttempt('handled');
        return;
      } catch (publishError) {
        await fail(publishError, attempt, 'publishing a dead letter failed, trying again');
      }
    }
  }

  async function fail(error: unknown, attempt: number, message: string): Promise<void> {
    const waitMs = backOffMs(attempt);
    onAttempt({ error });
    log.warn({ err: error, group, attempt, waitMs: Math.round(waitMs) }, message);
    await pause(waitMs, stopping);
  }

  return (slices) => run(slices.map((slice) => ({ slice, from: slice.handled, to: slice.deliveries.length })));
}

function deliveriesOf(pieces: readonly Piece[]): readonly Delivery[] {
  const parts = pieces.map(({ slice, from, to }) =>
    from === 0 && to === slice.deliveries.length ? slice.deliveries : slice.deliveries.slice(from, to),
  );
  const [only] = parts;
  return parts.length === 1 && only ? only : parts.flat();
}

function advance(pieces: readonly Piece[]): void {
  for (const { slice, to } of pieces) slice.handled = to;
}

function halve(pieces: readonly Piece[], size: number): [Piece[], Piece[]] {
  const left: Piece[] = [];
  const right: Piece[] = [];
  let room = size;
  for (const piece of pieces) {
    const cut = Math.min(piece.to, piece.from + room);
    if (cut > piece.from) left.push({ ...piece, to: cut });
    if (cut < piece.to) right.push({ ...piece, from: cut });
    room -= cut - piece.from;
  }
  return [left, right];
}

function origin({ headers }: BusMessage): string {
  return `${headers.dl_topic}/${headers.dl_partition}@${headers.dl_offset}`;
}
