import { encodeEvent } from '@aegis/contracts/events/envelope';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { CommitUnknownError } from '@aegis/postgres/errors';
import { appendOutbox } from '@aegis/postgres/outbox';
import { intents } from '@aegis/runtime/domain-metrics';
import type { Tx } from '@aegis/postgres/transaction';
import type { Submission } from '../../domain/intents/intent.ts';
import { submittedEvent, type Submitter } from '../../domain/intents/submitted-event.ts';
import { type EarlierIntent, findEarlier } from '../../store/intents/find-earlier.ts';
import { type IdempotencyMark, insertIntents } from '../../store/intents/insert-intents.ts';

/** One submission on its way into the shared transaction. */
export interface PendingSubmission {
  readonly submission: Submission;
  readonly submitter: Submitter;
  readonly mark: IdempotencyMark | null;
  readonly traceparent: string | null;
}

/** `replayed`: the key was used before with the same body; `submission` and `createdAt` are the first request's. */
export type SubmissionOutcome =
  | { readonly kind: 'accepted' | 'replayed'; readonly submission: Submission; readonly createdAt: Date }
  | { readonly kind: 'key_reused' };

export interface WriteSubmissionsDeps {
  readonly db: Pick<Database, 'tx'>;
  /** Replaces the database's clock, for replays and simulations. */
  readonly now: (() => Date) | null;
}

const COMMIT_ATTEMPTS = 3;

/**
 * Stores many submissions, of any organisations, and their events in one transaction; answers each in its place.
 * When the connection is lost at COMMIT it simply writes them again: the ids tell those that were made durable.
 */
export async function writeSubmissions(
  { db, now }: WriteSubmissionsDeps,
  items: readonly PendingSubmission[],
): Promise<SubmissionOutcome[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const outcomes = await db.tx(ALL_ORGANIZATIONS, (tx) => write(tx, items, now?.() ?? null));
      intents.add(outcomes.filter(({ kind }) => kind === 'accepted').length, { status: 'pending' });
      return outcomes;
    } catch (error) {
      if (!(error instanceof CommitUnknownError) || attempt === COMMIT_ATTEMPTS) throw error;
    }
  }
}

async function write(tx: Tx, items: readonly PendingSubmission[], now: Date | null): Promise<SubmissionOutcome[]> {
  const created = await insertIntents(tx, items, now);
  const rest = items.filter(({ submission }) => !created.has(submission.id));
  const earlier = rest.length === 0 ? new Map<string, EarlierIntent>() : await findEarlier(tx, rest);
  const events = items.flatMap(({ submission, submitter, traceparent }) => {
    const createdAt = created.get(submission.id);
    return createdAt ? [encodeEvent(submittedEvent(submission, submitter, createdAt, traceparent))] : [];
  });
  await appendOutbox(tx, events);
  return items.map((item) => outcomeOf(item, created.get(item.submission.id), earlier.get(item.submission.id)));
}

function outcomeOf(
  { submission, mark }: PendingSubmission,
  createdAt: Date | undefined,
  earlier: EarlierIntent | undefined,
): SubmissionOutcome {
  if (createdAt) return { kind: 'accepted', submission, createdAt };
  if (!earlier) throw new Error(`intent ${submission.id} was neither inserted nor found`);
  const { intent, bodySha256 } = earlier;
  if (intent.id === submission.id) return { kind: 'accepted', submission, createdAt: intent.createdAt };
  if (!mark || !bodySha256?.equals(mark.bodySha256)) return { kind: 'key_reused' };
  return { kind: 'replayed', submission: intent, createdAt: intent.createdAt };
}
