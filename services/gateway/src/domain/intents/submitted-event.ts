import type { Actor } from '@aegis/contracts/actor';
import { createEvent, type Event } from '@aegis/contracts/events/envelope';
import { money } from '@aegis/contracts/money';
import type { Submission } from './intent.ts';

/** Who submitted an intent; none of these people may approve it. */
export interface Submitter {
  readonly actor: Actor;
  /** The person who made the API key, when one was used. */
  readonly keyCreatorId: string | null;
}

export function submittedEvent(
  submission: Submission,
  submitter: Submitter,
  createdAt: Date,
  traceparent: string | null,
): Event<'intent.submitted'> {
  return createEvent({
    source: 'gateway',
    type: 'intent.submitted',
    time: createdAt,
    subject: submission.id,
    organizationId: submission.organizationId,
    actor: submitter.actor,
    traceparent,
    data: {
      intentId: submission.id,
      agentId: submission.agentId,
      money: money(submission.amountMinor, submission.currency, submission.exponent),
      confidence: submission.confidence,
      reason: submission.reason,
      merchant: submission.merchant,
      merchantCategory: submission.merchantCategory,
      metadata: submission.metadata,
      submitter: submitter.actor,
      keyCreatorId: submitter.keyCreatorId,
      createdAt: createdAt.toISOString(),
    },
  });
}
