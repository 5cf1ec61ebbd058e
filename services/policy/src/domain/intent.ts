import type { EventData } from '@aegis/contracts/events/catalog';

/** What an agent asked for, as the gateway recorded it. */
export type SubmittedIntent = EventData<'intent.submitted'>;

/** What was answered, as everybody else reads it. */
export type DecidedIntent = EventData<'intent.decided'>;

/** The outcome of asking people. */
export type ResolvedApproval = EventData<'approval.resolved'>;
